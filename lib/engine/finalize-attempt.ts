import type { Instance } from '../ports/instance';
import type { FinalizeResult } from '../ports/storage';
import { type AttemptEnd, decideFinalization } from './decide-finalization';
import type { EngineSettings } from './engine-settings';
import { retryRun } from './retry-run';

/**
 * Applies the engine's decision on an attempt that has ended. Safe to repeat: what is decided already stays.
 *
 * @returns null when there was nothing to decide
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
  const result = decision === null ? null : await instance.storage.finalizeAttempt(runId, attempt, decision);
  await retryRun(instance, settings, runId);
  return result;
}
