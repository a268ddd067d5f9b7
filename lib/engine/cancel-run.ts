import type { Instance } from '../ports/instance';
import type { CancelResult } from '../ports/run-storage';
import { afterCommit } from './after-commit';
import type { EngineSettings } from './engine-settings';
import { RunNotFoundError } from './errors';

/**
 * Cancels a run: a queued one at once; a running one is asked to stop and ends CANCELED when its worker has. With
 * `force` it is CANCELED at once, whatever its worker does: the worker's later words are refused.
 *
 * @throws {RunNotFoundError}
 */
export async function cancelRun(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
  options: { readonly force: boolean; readonly cause: string },
): Promise<Exclude<CancelResult, 'not-found'>> {
  const result = await instance.storage.cancelRun(runId, options);
  if (result === 'not-found') throw new RunNotFoundError(runId);
  if (result !== 'finished') await afterCommit(instance, settings);
  return result;
}
