import { FINISHED_STATUSES } from '../model/run-status';
import type { Instance } from '../ports/instance';
import { deleteRunFiles } from './delete-runs';
import type { EngineSettings } from './engine-settings';

const DAY_MS = 24 * 3600 * 1000;
/** Runs looked at by one sweep, so that it stays short. */
const BATCH = 100;
/** Events removed by one statement, so that it holds its locks for tens of milliseconds. */
const EVENTS = 2_000;
/** Statements of one sweep. */
const MAX_STATEMENTS = 50;

/**
 * Removes finished runs, with their events and compute logs, that were made longer ago than `retention.runs.purge_after_days`.
 * What it leaves of them is the latest state of their assets and checks, and how often something happened on each day.
 * Files go first: a process that dies in between leaves runs that the next sweep finds again.
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
  if (old.length === 0) return 0;
  const runIds = old.map((run) => run.runId);
  await deleteRunFiles(instance, runIds);
  let purged = 0;
  for (let statement = 0; statement < MAX_STATEMENTS; statement += 1) {
    const { events, runs } = await instance.storage.pruneRuns(runIds, EVENTS);
    purged += runs;
    if (events < EVENTS) break;
  }
  return purged;
}
