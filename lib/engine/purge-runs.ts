import { FINISHED_STATUSES } from '../model/run-status';
import type { Instance } from '../ports/instance';
import { deleteRuns } from './delete-runs';
import type { EngineSettings } from './engine-settings';

const DAY_MS = 24 * 3600 * 1000;
/** Runs removed by one sweep, so that it stays short. */
const BATCH = 100;

/**
 * Removes finished runs, with their events and compute logs, that were made longer ago than `retention.runs.purge_after_days`.
 *
 * @returns how many
 */
export async function purgeRuns(
  instance: Pick<Instance, 'storage' | 'objectStore' | 'clock'>,
  settings: EngineSettings,
): Promise<number> {
  const days = settings.retention.runsPurgeAfterDays;
  if (days === null) return 0;
  const old = await instance.storage.listRuns({
    filter: { statuses: FINISHED_STATUSES, createdBefore: instance.clock.now() - days * DAY_MS },
    limit: BATCH,
  });
  return old.length === 0
    ? 0
    : deleteRuns(
        instance,
        old.map((run) => run.runId),
      );
}
