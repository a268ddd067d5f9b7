import { describePause } from '../model/instance-pause';
import type { Manifest, SensorManifest } from '../model/manifest';
import type { Instance } from '../ports/instance';
import type { LateAttempt } from '../ports/storage';
import { overdueBackfills } from './backfills/overdue-backfills';
import type { EngineSettings } from './engine-settings';
import { overdueFreshness } from './evaluate-freshness';
import { readPause } from './read-pause';
import {
  type InstigatorStates,
  indexStates,
  instigatorKey,
  scheduleDueAt,
  sensorDueAt,
} from './ticks/next-wake-up';

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
}

/** What is due for longer than this and still not done means that nobody does it. */
const OVERDUE_MS = 120_000;
/** Queued runs that are asked what they wait for. */
const OLD_RUNS_READ = 100;

/**
 * Health of what would be daemons elsewhere, worked out when it is read from what should have been done: nothing
 * writes heartbeats, so an idle database can sleep.
 */
export async function daemonHealth(
  instance: Instance,
  settings: EngineSettings,
): Promise<readonly DaemonHealth[]> {
  const { startTimeout, heartbeatTimeout, cancelTimeout } = settings.runMonitoring;
  const margin = OVERDUE_MS / 1000;
  const [pause, locations, states, claimable, late] = await Promise.all([
    readPause(instance),
    instance.codeLocations.list(),
    instance.storage.instigatorStates(),
    oldClaimableRuns(instance, settings),
    instance.storage.findLateAttempts({
      startTimeout: startTimeout + margin,
      heartbeatTimeout: heartbeatTimeout + margin,
      cancelTimeout: cancelTimeout + margin,
    }),
  ]);
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  const now = instance.clock.now();
  const overdue = overdueInstigators(manifests, indexStates(states), now);
  const paused = pause === null ? null : [`${describePause(pause)}; resume with headrace resume --all`];
  const ticksPaused = pause?.scope === 'all' ? paused : null;
  return [
    toHealth('SCHEDULER', ticksPaused ?? overdue.schedules),
    toHealth('SENSOR', ticksPaused ?? overdue.sensors),
    toHealth('BACKFILL', await overdueBackfills(instance, now, OVERDUE_MS)),
    toHealth('QUEUED_RUN_COORDINATOR', paused ?? claimable),
    toHealth('MONITORING', late.filter(({ why }) => why !== 'max-runtime').map(describeLate)),
    toHealth('ASSET', ticksPaused ?? overdue.automation),
    toHealth(
      'FRESHNESS',
      ticksPaused ?? (await overdueFreshness(instance.storage, locations, now, OVERDUE_MS)),
    ),
  ];
}

/** Schedules and sensors that should have been evaluated over two minutes ago. */
export function overdueInstigators(
  manifests: readonly Manifest[],
  states: InstigatorStates,
  now: number,
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
    schedules: manifests.flatMap(({ location, schedules }) =>
      schedules.flatMap((schedule) => {
        const state = states.get(instigatorKey({ location, kind: 'schedule', name: schedule.name }));
        return describe(`${location}/${schedule.name}`, scheduleDueAt(schedule, state, now));
      }),
    ),
    sensors: overdueSensors((kind) => kind !== 'AUTOMATION'),
    automation: overdueSensors((kind) => kind === 'AUTOMATION'),
  };

  function overdueSensors(covers: (kind: SensorManifest['kind']) => boolean): string[] {
    return manifests.flatMap(({ location, sensors }) =>
      sensors.flatMap((sensor) => {
        if (!covers(sensor.kind)) return [];
        const state = states.get(instigatorKey({ location, kind: 'sensor', name: sensor.name }));
        // One that was never evaluated has no instant of its own that could be overdue.
        if (state?.lastTickStartedAt == null) return [];
        return describe(`${location}/${sensor.name}`, sensorDueAt(sensor, state, now));
      }),
    );
  }
}

async function oldClaimableRuns(
  { storage, clock }: Instance,
  { runQueue, runRetries }: EngineSettings,
): Promise<string[]> {
  if (runQueue.maxConcurrentRuns === 0) return [];
  const filter = { statuses: ['QUEUED'], updatedBefore: clock.now() - OVERDUE_MS } as const;
  const old = await storage.listRuns({ filter, limit: OLD_RUNS_READ });
  if (old.length === 0) return [];
  const active = await storage.countRuns({ statuses: ['STARTING', 'STARTED', 'CANCELING'] }, 1);
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

function toHealth(daemonType: DaemonType, problems: readonly string[]): DaemonHealth {
  return { daemonType, healthy: problems.length === 0, problems };
}
