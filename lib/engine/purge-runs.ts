import { FINISHED_STATUSES } from '../model/run-status';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

const DAY_MS = 24 * 3600 * 1000;
/** Runs removed by one sweep, so that it stays short. */
const BATCH = 100;

/**
 * Removes finished runs, with their events, that were made longer ago than `retention.runs.purge_after_days`.
 *
 * @returns how many
 */
export async function purgeRuns(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  settings: EngineSettings,
): Promise<number> {
  const days = settings.retention.runsPurgeAfterDays;
  if (days === null) return 0;
  const old = await storage.listRuns({
    filter: { statuses: FINISHED_STATUSES, createdBefore: clock.now() - days * DAY_MS },
    limit: BATCH,
  });
  return old.length === 0 ? 0 : storage.deleteRuns(old.map((run) => run.runId));
}
