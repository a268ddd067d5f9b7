import { executionName } from '../model/execution-input';
import { isFinished } from '../model/run-status';
import { PortError } from '../ports/errors';
import type { Instance } from '../ports/instance';
import type { OutboxMessage } from '../ports/run-storage';
import { deliverAlert } from './alerts/deliver-alert';
import { iterateBackfills } from './backfills/iterate-backfills';
import { dequeue } from './dequeue';
import type { EngineSettings } from './engine-settings';
import { TaskTagsError } from './errors';
import { executionInput } from './execution-input';
import { finalizeAttempt } from './finalize-attempt';

const BATCH = 100;
/** Another deliverer may take a message again after so long. */
const LEASE_SECONDS = 60;
/** A worker that is not confirmed stopped by then is left to the next delivery, so that a cancel is answered soon. */
const STOP_WAIT_MS = 500;

/**
 * Does what was owed by committed changes: claims runs, starts executions, stops attempts, tells people. Every effect is
 * idempotent by name, so a message delivered twice is harmless; one that fails is delivered again by a later call.
 */
export async function deliverOutbox(instance: Instance, settings: EngineSettings): Promise<void> {
  for (;;) {
    const messages = await instance.storage.takeOutbox(BATCH, LEASE_SECONDS);
    if (messages.length === 0) return;
    const failures = await doForAll(instance, settings, new Set(messages.map(({ kind }) => kind)));
    const outcomes = await Promise.allSettled(
      messages.map((message) => !failures.has(message.kind) && deliver(instance, settings, message)),
    );
    const done = messages.filter((_, index) => {
      const outcome = outcomes[index];
      return outcome?.status === 'fulfilled' && outcome.value;
    });
    if (done.length > 0) await instance.storage.completeOutbox(done.map((message) => message.id));
    const [missed] = failures;
    if (missed !== undefined) throw missed[1];
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined && !(failure.reason instanceof PortError)) throw failure.reason;
  }
}

/**
 * Does once what several messages may ask for. What fails is left to the next delivery of its kind, and holds back no
 * message of another.
 */
async function doForAll(
  instance: Instance,
  settings: EngineSettings,
  kinds: ReadonlySet<OutboxMessage['kind']>,
): Promise<ReadonlyMap<OutboxMessage['kind'], unknown>> {
  const failures = new Map<OutboxMessage['kind'], unknown>();
  const attempt = async (kind: OutboxMessage['kind'], work: () => Promise<unknown>): Promise<void> => {
    if (!kinds.has(kind)) return;
    await work().catch((error: unknown) => failures.set(kind, error));
  };
  await attempt('iterate-backfill', async () => {
    const [failure] = await iterateBackfills(instance, settings);
    if (failure !== undefined) throw failure;
  });
  await attempt('dequeue', () => dequeue(instance, settings));
  return failures;
}

/** Whether the message is done with. */
async function deliver(
  instance: Instance,
  settings: EngineSettings,
  message: OutboxMessage,
): Promise<boolean> {
  const { id, kind, runId, attempt, alert } = message;
  if (kind === 'alert') return alert === null || deliverAlert(instance, settings, `alert-${id}`, alert);
  if (kind === 'dequeue' || kind === 'iterate-backfill' || runId === null || attempt === null) return true;
  return kind === 'start-execution'
    ? startExecution(instance, settings, runId, attempt)
    : stopAttempt(instance, settings, runId, attempt);
}

async function startExecution(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
  attempt: number,
): Promise<boolean> {
  const run = await instance.storage.getRun(runId);
  if (run?.status === 'CANCELED') {
    // An earlier delivery may have started it and not heard so: then nobody else would end it.
    await instance.runCoordinator.stopExecution(executionName(runId, attempt), 'the run was canceled');
    return true;
  }
  // Decided once the cancel has come to its end.
  if (run?.status === 'CANCELING') return false;
  if (run === undefined || run.attempt !== attempt || run.status !== 'STARTING') return true;
  try {
    await instance.runCoordinator.startExecution(
      executionName(runId, attempt),
      executionInput(run, settings),
    );
  } catch (error) {
    const isRefused =
      error instanceof TaskTagsError || (error instanceof PortError && error.fault === 'permanent');
    if (!isRefused) throw error;
    const end = { kind: 'launch-refused', cause: error.message } as const;
    await finalizeAttempt(instance, settings, runId, attempt, end);
  }
  return true;
}

/**
 * A canceling run's worker is asked to stop, and the run's execution then sees it end. A run that was canceled by
 * force has no use for its execution any more.
 */
async function stopAttempt(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
  attempt: number,
): Promise<boolean> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined || run.attempt !== attempt || isFinished(run.status)) {
    await instance.runCoordinator.stopExecution(executionName(runId, attempt), 'the run was canceled');
  }
  const stopped = instance.runLauncher.stop(runId, attempt).then(async () => {
    await finalizeAttempt(instance, settings, runId, attempt, { kind: 'canceled' });
    return true;
  });
  const waiting = new AbortController();
  const late = instance.clock.sleep(STOP_WAIT_MS, waiting.signal).then(
    () => false,
    () => false,
  );
  return Promise.race([stopped, late]).finally(() => waiting.abort());
}
