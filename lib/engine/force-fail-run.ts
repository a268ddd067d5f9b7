import { executionName } from '../model/execution-input';
import { isFinished } from '../model/run-status';
import { TAG } from '../model/tags';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import type { EngineSettings } from './engine-settings';
import { RunNotFoundError, RunStateError } from './errors';

/** A worker that is not confirmed stopped by then is only asked to: its words are refused anyway. */
const STOP_WAIT_MS = 5_000;

/**
 * Marks a run FAILURE whatever its worker does, and stops the worker. The worker is fenced from then on, so a stop
 * that is not confirmed does no harm to the run's record. The engine makes no automatic retry of it.
 *
 * @param cause who and why
 * @returns whether the worker is known to have stopped
 * @throws {RunNotFoundError}
 * @throws {RunStateError} the run is queued (cancel it instead), has ended, or went on with another attempt
 */
export async function forceFailRun(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
  cause: string,
): Promise<{ readonly stopped: boolean }> {
  const { storage } = instance;
  const run = await storage.getRun(runId);
  if (run === undefined) throw new RunNotFoundError(runId);
  if (isFinished(run.status)) {
    throw new RunStateError(runId, `Run '${runId}' has ended already: ${run.status}.`);
  }
  if (run.status === 'QUEUED' || run.status === 'NOT_STARTED') {
    throw new RunStateError(runId, `Run '${runId}' is queued: nothing of it runs. Cancel it instead.`);
  }
  // Before the end, or whoever sees the end first would retry it.
  await storage.addRunTags(runId, { [TAG.maxRetries]: '0' });
  const decision = { kind: 'fail', reason: 'UNEXPECTED_TERMINATION', cause } as const;
  const result = await storage.finalizeAttempt(runId, run.attempt, decision);
  if (result !== 'applied') {
    const now = (await storage.getRun(runId))?.status ?? 'gone';
    throw new RunStateError(
      runId,
      `Run '${runId}' changed meanwhile and is ${now}. Look at it, and try again.`,
    );
  }
  const stopped = await stopWithin(instance, runId, run.attempt, cause);
  await afterCommit(instance, settings);
  return { stopped };
}

async function stopWithin(
  instance: Instance,
  runId: string,
  attempt: number,
  cause: string,
): Promise<boolean> {
  const waiting = new AbortController();
  const stop = async (): Promise<boolean> => {
    await instance.runCoordinator.stopExecution(executionName(runId, attempt), cause);
    await instance.runLauncher.stop(runId, attempt);
    return true;
  };
  const late = instance.clock.sleep(STOP_WAIT_MS, waiting.signal);
  return Promise.race([stop(), late.then(() => false)])
    .catch(() => false)
    .finally(() => waiting.abort());
}
