import type { AssetUpdate, RunStatusChange } from '../../model/code-location';
import type { SensorManifest } from '../../model/manifest';
import { RUN_STATUSES, type RunStatus } from '../../model/run-status';
import type { Instance } from '../../ports/instance';

/** Changes handed to one evaluation; the rest comes with the next. Dagster's sensors take 5 runs, or 25 assets. */
const MAX_CHANGES = 25;

/** What a sensor that follows runs or assets is to see. */
export interface SensorFeed {
  readonly runStatusChanges: readonly RunStatusChange[];
  readonly assetUpdates: readonly AssetUpdate[];
  /** Where the next evaluation goes on; null = the sensor keeps its own cursor. */
  readonly cursor: string | null;
  /** Why user code need not be asked; null = ask it. */
  readonly skipReason: string | null;
}

const OWN_CURSOR: SensorFeed = { runStatusChanges: [], assetUpdates: [], cursor: null, skipReason: null };

/**
 * Reads what happened since the cursor, never past what may still be committed. A sensor without a cursor follows
 * from now on.
 */
export async function readSensorFeed(
  { storage }: Pick<Instance, 'storage'>,
  location: string,
  sensor: SensorManifest,
  cursor: string | null,
): Promise<SensorFeed> {
  if (sensor.kind === 'STANDARD' || sensor.kind === 'PUSH' || sensor.kind === 'AUTOMATION') return OWN_CURSOR;
  const safe = await storage.safeStorageId();
  const after = cursor === null ? Number.NaN : Number(cursor);
  if (!Number.isSafeInteger(after)) {
    return { ...OWN_CURSOR, cursor: String(safe), skipReason: 'Follows what happens from now on.' };
  }
  const runStatusChanges =
    sensor.runStatus === null
      ? []
      : await storage.runStatusChanges({
          after,
          statuses: sensor.runStatus.statuses.filter(isRunStatus),
          jobs: sensor.runStatus.jobs.map((job) => ({
            location: job.location ?? location,
            jobName: job.jobName,
          })),
          limit: MAX_CHANGES,
        });
  const assetUpdates =
    sensor.assets.length === 0
      ? []
      : await storage.assetUpdates({ after, keys: sensor.assets, limit: MAX_CHANGES });
  const changes = [...runStatusChanges, ...assetUpdates].map((change) => change.storageId);
  const isLast = runStatusChanges.length < MAX_CHANGES && assetUpdates.length < MAX_CHANGES;
  const seen = isLast ? Math.max(safe, after, ...changes) : lastSeenOfBoth(runStatusChanges, assetUpdates);
  return {
    runStatusChanges: runStatusChanges.filter((change) => change.storageId <= seen),
    assetUpdates: assetUpdates.filter((update) => update.storageId <= seen),
    cursor: String(seen),
    skipReason: changes.length === 0 ? 'Nothing new.' : null,
  };
}

/** As far as both lists are known: a full one may go on beyond its last entry. */
function lastSeenOfBoth(runs: readonly RunStatusChange[], assets: readonly AssetUpdate[]): number {
  const ends = [runs, assets].flatMap((list) =>
    list.length < MAX_CHANGES ? [] : (list.at(-1)?.storageId ?? []),
  );
  return Math.min(...ends);
}

function isRunStatus(status: string): status is RunStatus {
  return (RUN_STATUSES as readonly string[]).includes(status);
}
