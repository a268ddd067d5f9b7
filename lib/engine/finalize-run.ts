import type { FinalizeInput } from '../model/execution-input';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import type { AttemptEnd } from './decide-finalization';
import type { EngineSettings } from './engine-settings';
import { finalizeAttempt } from './finalize-attempt';

/**
 * The last state of an attempt's execution: the worker has ended, however it did. Settles the run by what storage
 * says of it, starts what its slot was needed for, and makes a new run of a failed one where retries are left.
 */
export async function finalizeRun(
  instance: Instance,
  settings: EngineSettings,
  { runId, attempt, cause }: FinalizeInput,
): Promise<void> {
  const end: AttemptEnd =
    cause === null ? { kind: 'exited' } : { kind: 'task-failed', error: cause.Error, cause: cause.Cause };
  await finalizeAttempt(instance, settings, runId, attempt, end);
  await afterCommit(instance, settings);
}
