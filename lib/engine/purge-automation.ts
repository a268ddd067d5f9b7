import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

const DAY_MS = 24 * 3600 * 1000;
/** Evaluations removed by one sweep, so that it stays short. */
const BATCH = 5_000;

/**
 * Removes evaluations of automation conditions that are older than `retention.automation` says. What conditions
 * remember stays.
 *
 * @returns how many
 */
export async function purgeAutomation(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { retention }: Pick<EngineSettings, 'retention'>,
): Promise<number> {
  const days = retention.automationPurgeAfterDays;
  return days === null ? 0 : storage.purgeAutomationEvaluations(clock.now() - days * DAY_MS, BATCH);
}
