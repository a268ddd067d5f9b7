import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

const DAY_MS = 24 * 3600 * 1000;
/** Rows removed by one sweep, so that it stays short: a backfill has one for each of its partitions. */
const BATCH = 10_000;

/**
 * Removes backfills that ended longer ago than `retention.backfills.purge_after_days`. Their runs stay: they have a
 * retention of their own.
 *
 * @returns how many rows
 */
export async function purgeBackfills(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { retention }: Pick<EngineSettings, 'retention'>,
): Promise<number> {
  const days = retention.backfillsPurgeAfterDays;
  return days === null ? 0 : storage.purgeBackfills(clock.now() - days * DAY_MS, BATCH);
}
