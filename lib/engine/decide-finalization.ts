import type { Run } from '../model/run';
import { maxRuntimeSeconds } from '../model/tags';
import type { FinalizeDecision } from '../ports/run-storage';
import { explainTaskFailure } from '../run-coordinator/explain-task-failure';
import type { EngineSettings } from './engine-settings';

/** How an attempt's worker came to its end, as far as anybody can tell. */
export type AttemptEnd =
  /** The task ended in good order; what became of the run is in storage. */
  | { readonly kind: 'exited' }
  /** The task failed, or could not be started; `error` is the run coordinator's name for it. */
  | { readonly kind: 'task-failed'; readonly error: string; readonly cause: string }
  /** No task was started, and none ever will be. */
  | { readonly kind: 'launch-refused'; readonly cause: string }
  /** Stopped because the run is being canceled. */
  | { readonly kind: 'canceled' }
  | { readonly kind: 'start-timeout' | 'heartbeat-lost' | 'cancel-timeout' | 'max-runtime' };

/** Launches that are tried again although resuming is off: no user code has run. About 1 % of ECS tasks never start. */
const LAUNCH_RETRIES = 2;

/**
 * What becomes of a run whose attempt has no worker any more. Null = nothing: the run ended, went on without it, or
 * must be left to the monitor.
 *
 * - A worker that was lost is replaced up to `maxResumeRunAttempts` times; finished steps are kept.
 * - An attempt that never started is tried again at least twice.
 * - A task that ended well while its run is still in progress says nothing: it may have been a second task that
 *   found the run taken. The run's heartbeat decides.
 */
export function decideFinalization(
  run: Pick<Run, 'status' | 'attempt' | 'tags' | 'cause' | 'suspensions'>,
  attempt: number,
  end: AttemptEnd,
  settings: Pick<EngineSettings, 'runMonitoring'>,
): FinalizeDecision | null {
  if (run.attempt !== attempt) return null;
  switch (run.status) {
    case 'CANCELING':
      return {
        kind: 'cancel',
        cause: [
          run.cause ?? 'Canceled.',
          ...(end.kind === 'cancel-timeout' ? [cancelTimedOut(settings)] : []),
        ].join(' '),
      };
    case 'STARTING':
      return decideUnstarted(run, end, settings);
    case 'STARTED':
      return decideStarted(run, end, settings);
    default:
      return null;
  }
}

/** Attempts that went wrong, this one included: those that were suspended did not. */
const failures = ({ attempt, suspensions = 0 }: Pick<Run, 'attempt' | 'suspensions'>): number =>
  attempt - suspensions;

function decideUnstarted(
  run: Pick<Run, 'attempt' | 'suspensions'>,
  end: AttemptEnd,
  { runMonitoring }: Pick<EngineSettings, 'runMonitoring'>,
): FinalizeDecision | null {
  if (end.kind === 'canceled') return null;
  const { attempt } = run;
  const why =
    end.kind === 'start-timeout'
      ? `no worker started within ${runMonitoring.startTimeout} s`
      : `the worker could not be started: ${describe(end)}`;
  if (
    end.kind !== 'launch-refused' &&
    failures(run) <= Math.max(LAUNCH_RETRIES, runMonitoring.maxResumeRunAttempts)
  ) {
    return { kind: 'resume', cause: `Attempt ${attempt}: ${why}. Trying again.` };
  }
  return {
    kind: 'fail',
    reason: end.kind === 'start-timeout' ? 'START_TIMEOUT' : 'JOB_INITIALIZATION_FAILURE',
    cause: `Run failed: ${why} (attempt ${attempt}).`,
  };
}

function decideStarted(
  run: Pick<Run, 'attempt' | 'tags' | 'suspensions'>,
  end: AttemptEnd,
  { runMonitoring }: Pick<EngineSettings, 'runMonitoring'>,
): FinalizeDecision | null {
  if (end.kind === 'exited' || end.kind === 'canceled' || end.kind === 'start-timeout') return null;
  const timedOut =
    end.kind === 'max-runtime' || (end.kind === 'task-failed' && end.error === 'States.Timeout');
  if (timedOut) {
    const limit = maxRuntimeSeconds(run.tags);
    return {
      kind: 'fail',
      reason: 'MAX_RUNTIME_EXCEEDED',
      cause: `Exceeded maximum runtime${limit === null ? '' : ` of ${limit} s`}.`,
    };
  }
  const why = `the worker was lost: ${describe(end, runMonitoring.heartbeatTimeout)}`;
  if (failures(run) <= runMonitoring.maxResumeRunAttempts) {
    return {
      kind: 'resume',
      cause: `Attempt ${run.attempt}: ${why}. Resuming with the steps that are not finished.`,
    };
  }
  return {
    kind: 'fail',
    reason: runMonitoring.maxResumeRunAttempts > 0 ? 'RUN_WORKER_RESTART' : 'UNEXPECTED_TERMINATION',
    cause: `Run failed: ${why} (attempt ${run.attempt}).`,
  };
}

function describe(end: AttemptEnd, heartbeatTimeout = 0): string {
  switch (end.kind) {
    case 'task-failed':
      return explainTaskFailure(end.error, end.cause);
    case 'launch-refused':
      return end.cause;
    case 'heartbeat-lost':
      return `no heartbeat for ${heartbeatTimeout} s`;
    case 'exited':
      return 'it exited before it took the run';
    default:
      return end.kind;
  }
}

function cancelTimedOut({ runMonitoring }: Pick<EngineSettings, 'runMonitoring'>): string {
  return `The worker did not stop within ${runMonitoring.cancelTimeout} s and was ended.`;
}
