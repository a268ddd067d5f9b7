import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { retryRun } from './retry-run';

/** Runs looked at by one sweep; the next one goes on. */
const BATCH = 100;

/**
 * Retries failed runs that nobody finalized: their execution was aborted, or gave up, between the worker's last word
 * and its own end. Safe beside whoever finalizes: a run has one automatic retry however often it is asked for.
 *
 * @returns errors of the runs that could not be decided on; the next sweep tries again
 */
export async function retryUndecidedRuns(
  instance: Instance,
  settings: EngineSettings,
): Promise<readonly unknown[]> {
  const failed = await instance.storage.undecidedFailures(settings.runRetries.maxRetries, BATCH);
  const outcomes = await Promise.allSettled(failed.map((runId) => retryRun(instance, settings, runId)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}
