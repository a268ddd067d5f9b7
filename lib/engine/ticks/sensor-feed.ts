import type { AssetUpdate, RunStatusChange } from '../../model/code-location';
import type { Manifest, SensorManifest } from '../../model/manifest';
import { RUN_STATUSES, type RunStatus } from '../../model/run-status';
import type { Instance } from '../../ports/instance';
import { effectiveStatus } from './effective-status';
import { type InstigatorStates, instigatorKey, isFollowing } from './next-wake-up';

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

/** As far as the event log can be read, which is asked only where a sensor that is on follows it; else null. */
export async function followedThrough(
  { storage }: Pick<Instance, 'storage'>,
  manifests: readonly Manifest[],
  states: InstigatorStates,
): Promise<number | null> {
  const follows = manifests.some(({ location, sensors }) =>
    sensors.some((sensor) => {
      const state = states.get(instigatorKey({ location, kind: 'sensor', name: sensor.name }));
      return isFollowing(sensor) && effectiveStatus(sensor, state) === 'RUNNING';
    }),
  );
  return follows ? storage.safeStorageId() : null;
}

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
  if (!isFollowing(sensor)) return OWN_CURSOR;
  const safe = await storage.safeStorageId();
  const after = cursor === null ? Number.NaN : Number(cursor);
  if (!Number.isSafeInteger(after)) {
    return { ...OWN_CURSOR, cursor: String(safe), skipReason: 'Follows what happens from now on.' };
  }
  const { runStatusChanges, assetUpdates } = await readChanges(storage, location, sensor, after, MAX_CHANGES);
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

/** When the first of what a sensor has not seen yet happened; null when it has seen all, or follows nothing. Epoch ms. */
export async function firstUnseenAt(
  { storage }: Pick<Instance, 'storage'>,
  location: string,
  sensor: SensorManifest,
  cursor: string | null,
): Promise<number | null> {
  const after = cursor === null ? Number.NaN : Number(cursor);
  if (!isFollowing(sensor) || !Number.isSafeInteger(after)) return null;
  const { runStatusChanges, assetUpdates } = await readChanges(storage, location, sensor, after, 1);
  const instants = [...runStatusChanges, ...assetUpdates].map(({ timestamp }) => timestamp);
  return instants.length === 0 ? null : Math.min(...instants);
}

async function readChanges(
  storage: Instance['storage'],
  location: string,
  { runStatus, assets }: SensorManifest,
  after: number,
  limit: number,
): Promise<Pick<SensorFeed, 'runStatusChanges' | 'assetUpdates'>> {
  const runStatusChanges =
    runStatus === null
      ? []
      : await storage.runStatusChanges({
          after,
          statuses: runStatus.statuses.filter(isRunStatus),
          jobs: runStatus.jobs.map((job) => ({ location: job.location ?? location, jobName: job.jobName })),
          limit,
        });
  const assetUpdates = assets.length === 0 ? [] : await storage.assetUpdates({ after, keys: assets, limit });
  return { runStatusChanges, assetUpdates };
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
