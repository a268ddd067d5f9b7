import type { Instance } from '../ports/instance';
import type { FinalizeResult } from '../ports/run-storage';
import { type AttemptEnd, decideFinalization } from './decide-finalization';
import type { EngineSettings } from './engine-settings';
import { retryRun } from './retry-run';

/**
 * Applies the engine's decision on an attempt that has ended, once no task of it is left. Safe to repeat: what is
 * decided already stays.
 *
 * @returns null when there was nothing to decide
 * @throws {PortError} a task of the attempt is not confirmed stopped: nothing was decided
 */
export async function finalizeAttempt(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
  attempt: number,
  end: AttemptEnd,
): Promise<FinalizeResult | null> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined) return 'not-found';
  const decision = decideFinalization(run, attempt, end, settings);
  // The task that failed need not be the only one of its attempt: a launch whose answer was lost was made again, and
  // what it started may hold the run.
  if (decision !== null && end.kind === 'task-failed') await instance.runLauncher.stop(runId, attempt);
  const result = decision === null ? null : await instance.storage.finalizeAttempt(runId, attempt, decision);
  await retryRun(instance, settings, runId);
  return result;
}
