import type { CodeLocation } from '../model/code-location';
import { describePause } from '../model/instance-pause';
import type { SensorManifest } from '../model/manifest';
import { ACTIVE_STATUSES } from '../model/run-status';
import type { InstigatorId, InstigatorState } from '../model/tick';
import type { Instance } from '../ports/instance';
import type { LateAttempt } from '../ports/run-storage';
import { overdueBackfills } from './backfills/overdue-backfills';
import type { EngineSettings } from './engine-settings';
import { overdueFreshness } from './evaluate-freshness';
import { readWakeUp } from './last-wake-up';
import { readPause } from './read-pause';
import { effectiveStatus } from './ticks/effective-status';
import {
  type InstigatorStates,
  indexStates,
  instigatorKey,
  isCaughtUp,
  isFollowing,
  scheduleDueAt,
  sensorDueAt,
} from './ticks/next-wake-up';
import { pendingEvents } from './ticks/pending-events';
import { firstUnseenAt, followedThrough } from './ticks/sensor-feed';

/** Dagster's names. */
export type DaemonType =
  | 'SCHEDULER'
  | 'SENSOR'
  | 'BACKFILL'
  | 'QUEUED_RUN_COORDINATOR'
  | 'MONITORING'
  | 'ASSET'
  | 'FRESHNESS';

export interface DaemonHealth {
  readonly daemonType: DaemonType;
  readonly healthy: boolean;
  /** What should have happened and did not; empty when healthy. */
  readonly problems: readonly string[];
  /** When it last did its work, or saw that there was none; epoch ms, null = never. */
  readonly lastHeartbeatAt: number | null;
}

/** What is due for longer than this and still not done means that nobody does it. */
const OVERDUE_MS = 120_000;
/** Queued runs that are asked what they wait for. */
const OLD_RUNS_READ = 100;

/**
 * Health of what would be daemons elsewhere, worked out when it is read from what should have been done. An idle one
 * has an old heartbeat and is healthy: only who finds the database awake leaves one, so that it can sleep.
 */
export async function daemonHealth(
  instance: Instance,
  settings: EngineSettings,
): Promise<readonly DaemonHealth[]> {
  const { startTimeout, heartbeatTimeout, cancelTimeout } = settings.runMonitoring;
  const margin = OVERDUE_MS / 1000;
  const [pause, locations, states, claimable, upkeep, wokenAt, late] = await Promise.all([
    readPause(instance),
    instance.codeLocations.list(),
    instance.storage.instigatorStates(),
    oldClaimableRuns(instance, settings),
    instance.storage.upkeepDueAt(),
    readWakeUp(instance),
    instance.storage.findLateAttempts({
      startTimeout: startTimeout + margin,
      heartbeatTimeout: heartbeatTimeout + margin,
      cancelTimeout: cancelTimeout + margin,
    }),
  ]);
  const now = instance.clock.now();
  const indexed = indexStates(states);
  const unseen = await unseenChanges(instance, locations, indexed);
  const overdue = overdueInstigators(locations, indexed, now, unseen);
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  const events = await pendingEvents(instance, manifests, indexed);
  const paused = pause === null ? null : [`${describePause(pause)}; resume with headrace resume --all`];
  const ticksPaused = pause?.scope === 'all' ? paused : null;
  const untold =
    upkeep.alertAt === null || now - upkeep.alertAt <= OVERDUE_MS
      ? []
      : [`an alert of ${new Date(upkeep.alertAt).toISOString()} is not delivered`];
  const lateRuns = late.filter(({ why }) => why !== 'max-runtime').map(describeLate);
  const ticked = (covers: (kind: 'schedule' | SensorManifest['kind']) => boolean): number | null =>
    lastTickOf(locations, indexed, covers).reduce(later, wokenAt);
  const toHealth = (
    daemonType: DaemonType,
    problems: readonly string[],
    lastHeartbeatAt = wokenAt,
  ): DaemonHealth => ({ daemonType, healthy: problems.length === 0, problems, lastHeartbeatAt });
  return [
    toHealth(
      'SCHEDULER',
      ticksPaused ?? overdue.schedules,
      ticked((kind) => kind === 'schedule'),
    ),
    toHealth(
      'SENSOR',
      ticksPaused ?? [...overdue.sensors, ...overdueEvents(events, now)],
      ticked((kind) => kind !== 'schedule' && kind !== 'AUTOMATION'),
    ),
    toHealth('BACKFILL', await overdueBackfills(instance, now, OVERDUE_MS)),
    toHealth('QUEUED_RUN_COORDINATOR', paused ?? claimable),
    toHealth('MONITORING', [...lateRuns, ...untold]),
    toHealth(
      'ASSET',
      ticksPaused ?? overdue.automation,
      ticked((kind) => kind === 'AUTOMATION'),
    ),
    toHealth(
      'FRESHNESS',
      ticksPaused ?? (await overdueFreshness(instance.storage, locations, now, OVERDUE_MS)),
    ),
  ];
}

/** Events whose sensors are on and that should have been evaluated over two minutes ago. */
function overdueEvents(events: ReadonlyMap<string, number>, now: number): readonly string[] {
  return [...events].flatMap(([sensor, dueAt]) =>
    now - dueAt <= OVERDUE_MS
      ? []
      : [`an event of ${sensor} was due at ${new Date(dueAt).toISOString()} and is not evaluated`],
  );
}

/** When the first of what each sensor follows and has not seen happened, epoch ms, by `instigatorKey`. */
async function unseenChanges(
  instance: Instance,
  locations: readonly CodeLocation[],
  states: InstigatorStates,
): Promise<ReadonlyMap<string, number>> {
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  const safeStorageId = await followedThrough(instance, manifests, states);
  const found = manifests.flatMap(({ location, sensors }) =>
    sensors.map(async (sensor) => {
      const key = instigatorKey({ location, kind: 'sensor', name: sensor.name });
      const state = states.get(key);
      if (effectiveStatus(sensor, state) === 'STOPPED' || isCaughtUp(sensor, state, safeStorageId)) return [];
      const at = await firstUnseenAt(instance, location, sensor, state?.cursor ?? null);
      return at === null ? [] : [[key, at] as const];
    }),
  );
  return new Map((await Promise.all(found)).flat());
}

/** Schedules and sensors that should have been evaluated over two minutes ago. */
function overdueInstigators(
  locations: readonly CodeLocation[],
  states: InstigatorStates,
  now: number,
  unseen: ReadonlyMap<string, number>,
): {
  readonly schedules: readonly string[];
  readonly sensors: readonly string[];
  /** Sensors that evaluate automation conditions. */
  readonly automation: readonly string[];
} {
  const describe = (name: string, dueAt: number | null): string[] =>
    dueAt === null || now - dueAt <= OVERDUE_MS
      ? []
      : [`'${name}' was due at ${new Date(dueAt).toISOString()} and is not evaluated`];
  return {
    schedules: locations.flatMap(({ name: location, manifest, updatedAt }) =>
      (manifest?.schedules ?? []).flatMap((schedule) => {
        const state = states.get(instigatorKey({ location, kind: 'schedule', name: schedule.name }));
        const isNew = state?.evaluatedThrough == null && state?.startedAt == null;
        // One that was never evaluated is due by its cron from when its code was there.
        const dueAt = scheduleDueAt(schedule, state, isNew ? Math.min(updatedAt, now) - 1 : now);
        return describe(`${location}/${schedule.name}`, dueAt);
      }),
    ),
    sensors: overdueSensors((kind) => kind !== 'AUTOMATION'),
    automation: overdueSensors((kind) => kind === 'AUTOMATION'),
  };

  function overdueSensors(covers: (kind: SensorManifest['kind']) => boolean): string[] {
    return locations.flatMap(({ name: location, manifest, updatedAt }) =>
      (manifest?.sensors ?? []).flatMap((sensor) => {
        if (!covers(sensor.kind)) return [];
        const key = instigatorKey({ location, kind: 'sensor', name: sensor.name });
        const state = states.get(key);
        const isNew = state?.lastTickStartedAt == null && state?.startedAt == null;
        const dueAt =
          isFollowing(sensor) && state?.cursor != null
            ? followingDueAt(sensor, state, unseen.get(key))
            : sensorDueAt(sensor, state, now);
        return describe(`${location}/${sensor.name}`, isNew && dueAt !== null ? updatedAt : dueAt);
      }),
    );
  }
}

/** A sensor that follows runs or assets is due by what it has not seen; null = nothing. */
function followingDueAt(
  { minimumIntervalSeconds }: SensorManifest,
  { lastTickStartedAt }: InstigatorState,
  unseenAt: number | undefined,
): number | null {
  return unseenAt === undefined
    ? null
    : Math.max((lastTickStartedAt ?? 0) + minimumIntervalSeconds * 1000, unseenAt);
}

/** When each schedule or sensor of a kind was last evaluated. */
function lastTickOf(
  locations: readonly CodeLocation[],
  states: InstigatorStates,
  covers: (kind: 'schedule' | SensorManifest['kind']) => boolean,
): (number | null)[] {
  const at = (id: InstigatorId) => states.get(instigatorKey(id))?.lastTickStartedAt ?? null;
  return locations.flatMap(({ name: location, manifest }) => [
    ...(manifest?.schedules ?? [])
      .filter(() => covers('schedule'))
      .map(({ name }) => at({ location, kind: 'schedule', name })),
    ...(manifest?.sensors ?? [])
      .filter(({ kind }) => covers(kind))
      .map(({ name }) => at({ location, kind: 'sensor', name })),
  ]);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

async function oldClaimableRuns(
  { storage, clock }: Instance,
  { runQueue, runRetries }: EngineSettings,
): Promise<string[]> {
  if (runQueue.maxConcurrentRuns === 0) return [];
  const filter = { statuses: ['QUEUED'], updatedBefore: clock.now() - OVERDUE_MS } as const;
  const old = await storage.listRuns({ filter, limit: OLD_RUNS_READ });
  if (old.length === 0) return [];
  const active = await storage.countRuns({ statuses: ACTIVE_STATUSES }, 1);
  // With anything in progress a tag limit may be what the run waits for.
  if (active > 0) return [];
  const waits = await storage.runWaits(
    old.map(({ runId }) => runId),
    runRetries.maxRetries,
    runQueue.poolGranularity ?? 'op',
  );
  const isFree = waits.some(
    ({ dependencies, pools, backfill }) => dependencies.length + pools.length === 0 && backfill === null,
  );
  return isFree ? ['a run is queued for over 2 minutes while none is in progress'] : [];
}

function describeLate({ runId, why }: LateAttempt): string {
  return `run ${runId} (${why}) is not settled`;
}
