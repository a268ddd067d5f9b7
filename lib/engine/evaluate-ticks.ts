import type { CodeLocation } from '../model/code-location';
import type { ScheduleManifest, SensorManifest } from '../model/manifest';
import type { InstigatorId, InstigatorState, Tick } from '../model/tick';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { deliverOutbox } from './deliver-outbox';
import type { EngineSettings } from './engine-settings';
import type { LoadedLocation } from './find-definitions';
import { readPause } from './read-pause';
import { reconcileScheduler } from './reconcile-scheduler';
import { shareCalls } from './share-calls';
import { askAutomation } from './ticks/ask-automation';
import { askSchedule, askSensor } from './ticks/ask-location';
import { dueTicks, type KnownTiming, timingChanged } from './ticks/due-ticks';
import { endAbandonedTicks } from './ticks/end-abandoned-ticks';
import { evaluateEvents } from './ticks/evaluate-events';
import { isPartitionedSchedule } from './ticks/is-partitioned-schedule';
import { keepExpectedTicks } from './ticks/keep-expected-ticks';
import {
  type InstigatorStates,
  indexStates,
  instigatorKey,
  isCaughtUp,
  sensorDueAt,
} from './ticks/next-wake-up';
import { pauseAfterFailures } from './ticks/pause-after-failures';
import { pendingEvents } from './ticks/pending-events';
import { runTick, type TickRequest } from './ticks/run-tick';
import { followedThrough } from './ticks/sensor-feed';

/** Namespace of the crons by which schedules were last evaluated: an edited one must not replay the past. */
const TIMINGS = 'schedule_timings';
/** A schedule's tick waits for so long for its code location to come back; then it has failed. */
const PATIENCE_MS = 3_600_000;

/** One schedule or sensor of a location that can be evaluated. */
interface Instigator<T> {
  readonly id: InstigatorId;
  readonly definition: T;
  readonly location: LoadedLocation;
  /** When its location last changed, epoch ms. */
  readonly definedAt: number;
  readonly state: InstigatorState | undefined;
}

export interface TicksEvaluated {
  /** Ticks that were evaluated, whatever came of them. */
  readonly ticks: number;
  /** What went wrong outside of user code; the ticks concerned are evaluated again. */
  readonly errors: readonly unknown[];
}

/**
 * Evaluates every schedule and sensor that is due, unless they are paused: all that was due since the last
 * evaluation, so a wake-up that comes twice does no harm and one that was lost is made up for. All run side by side,
 * each with its own time-out.
 */
export async function evaluateTicks(instance: Instance, settings: EngineSettings): Promise<TicksEvaluated> {
  const [pause, locations, storedStates, timings] = await Promise.all([
    readPause(instance),
    instance.codeLocations.list(),
    instance.storage.instigatorStates(),
    instance.storage.listValues(TIMINGS),
  ]);
  const states = indexStates(storedStates);
  const readings = { pause, locations };
  if (pause?.scope === 'all') {
    if ((await keepExpectedTicks(instance, settings, readings)) > 0) await deliverOutbox(instance, settings);
    return { ticks: 0, errors: [] };
  }
  const known = new Map(timings.map(({ key, value }) => [key, value as KnownTiming]));
  const instigatorsOf = <T extends { readonly name: string }>(
    kind: InstigatorId['kind'],
    definitionsOf: (manifest: LoadedLocation['manifest']) => readonly T[],
  ): Instigator<T>[] =>
    locations.flatMap(({ name: location, manifest, bundleHash, updatedAt }: CodeLocation) => {
      if (manifest === null || bundleHash === null) return [];
      return definitionsOf(manifest).map((definition) => {
        const id = { location, kind, name: definition.name };
        const state = states.get(instigatorKey(id));
        return { id, definition, location: { manifest, bundleHash }, definedAt: updatedAt, state };
      });
    });

  // Many ticks end at about the same time: what they owe is delivered, and the next alarm set, for all of them at once.
  const deliver = shareCalls(() => afterCommit(instance, settings));
  const begunAt = instance.clock.now();
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  const [events, safeStorageId] = await Promise.all([
    pendingEvents(instance, manifests, states),
    followedThrough(instance, manifests, states),
  ]);
  const schedules = instigatorsOf('schedule', (manifest) => manifest.schedules);
  const sensors = instigatorsOf('sensor', (manifest) => manifest.sensors);
  const all = [...schedules, ...sensors];
  const outcomes = await Promise.allSettled([
    ...schedules.map((schedule) =>
      evaluateSchedule(instance, settings, schedule, known.get(instigatorKey(schedule.id)), deliver),
    ),
    ...sensors.map((sensor) =>
      sensor.definition.kind === 'PUSH'
        ? evaluatePushSensor(instance, settings, sensor, events)
        : isCaughtUp(sensor.definition, sensor.state, safeStorageId)
          ? 0
          : evaluateSensor(instance, settings, sensor, states, deliver),
    ),
  ]);
  const failed = new Set(
    all.flatMap(({ id }, index) => (outcomes[index]?.status === 'rejected' ? [instigatorKey(id)] : [])),
  );
  const notLoaded = new Set(locations.flatMap(({ name, manifest }) => (manifest === null ? [name] : [])));
  const errors: unknown[] = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  // Whatever was due has been opened anew by now: what is still open from before nobody comes back for.
  await endAbandonedTicks(instance, {
    begunAt,
    leases: { schedule: scheduleLimits(settings), sensor: sensorLimits(settings) },
    stillDue: (id) => failed.has(instigatorKey(id)) || notLoaded.has(id.location),
  }).catch((error: unknown) => errors.push(error));
  try {
    if ((await keepExpectedTicks(instance, settings, readings)) > 0) await deliverOutbox(instance, settings);
  } catch (error) {
    errors.push(error);
  }
  return {
    ticks: outcomes.reduce((sum, outcome) => sum + (outcome.status === 'fulfilled' ? outcome.value : 0), 0),
    errors,
  };
}

type TickLimits = Pick<TickRequest, 'timeoutSeconds' | 'maxRetries'>;

const scheduleLimits = ({ schedules }: EngineSettings): TickLimits => ({
  timeoutSeconds: schedules.timeout,
  maxRetries: schedules.maxTickRetries,
});

const sensorLimits = ({ sensors }: EngineSettings): TickLimits => ({
  timeoutSeconds: sensors.timeout,
  maxRetries: 0,
});

/** @returns how many ticks were evaluated */
async function evaluateSchedule(
  instance: Instance,
  settings: EngineSettings,
  { id, definition, location, definedAt, state }: Instigator<ScheduleManifest>,
  known: KnownTiming | undefined,
  deliver: () => Promise<void>,
): Promise<number> {
  const { storage, clock } = instance;
  const due = dueTicks({
    schedule: definition,
    state,
    known,
    definedAt,
    partitioned: isPartitionedSchedule(definition, location.manifest),
    now: clock.now(),
    maxCatchupRuns: settings.schedules.maxCatchupRuns,
  });
  if (due.passOver !== null) await storage.passOver(id, due.passOver);
  if (known === undefined || timingChanged(definition, known)) {
    const timing: KnownTiming = { cron: definition.cron, timezone: definition.timezone };
    await storage.putValue(TIMINGS, instigatorKey(id), timing);
  }
  let evaluated = 0;
  // In order, one at a time: a later tick may build on what an earlier one made.
  for (const scheduledAt of due.ticks) {
    const tick = await runTick(instance, settings, {
      id,
      location,
      jobNames: [definition.jobName],
      scheduledAt,
      ...scheduleLimits(settings),
      patientUntil: scheduledAt + PATIENCE_MS,
      evaluate: () => askSchedule(instance, settings, location, definition, scheduledAt),
    });
    if (tick === null) break;
    evaluated += 1;
    await afterTick(instance, settings, tick, settings.schedules.maxConsecutiveFailures, deliver);
  }
  return evaluated;
}

async function evaluateSensor(
  instance: Instance,
  settings: EngineSettings,
  { id, definition, location, state }: Instigator<SensorManifest>,
  states: InstigatorStates,
  deliver: () => Promise<void>,
): Promise<number> {
  const now = instance.clock.now();
  const dueAt = sensorDueAt(definition, state, now);
  // Alarms come in steps: what is due within this one is evaluated now, and nothing twice in one.
  const stepOf = (instant: number): number => Math.floor(instant / instance.scheduler.precisionMs);
  const last = state?.lastTickStartedAt ?? null;
  if (dueAt === null || stepOf(dueAt) > stepOf(now) || (last !== null && stepOf(last) >= stepOf(now))) {
    return 0;
  }
  const tick = await runTick(instance, settings, {
    id,
    location,
    jobNames: definition.jobNames,
    scheduledAt: dueAt,
    last,
    ...sensorLimits(settings),
    patientUntil: 0,
    evaluate: (tick) => {
      if (definition.kind !== 'AUTOMATION') return askSensor(instance, settings, location, definition, state);
      const cursorOf = (name: string) => states.get(instigatorKey({ ...id, name }))?.cursor ?? null;
      return askAutomation(instance, { location, sensor: definition, cursorOf }, tick);
    },
  });
  if (tick === null) return 0;
  const maxFailures = definition.maxConsecutiveFailures ?? settings.sensors.maxConsecutiveFailures;
  await afterTick(instance, settings, tick, maxFailures, deliver);
  return 1;
}

/** Does what a tick has led to: its runs start, and one failure too many turns its schedule or sensor off. */
async function afterTick(
  instance: Instance,
  settings: EngineSettings,
  tick: Tick,
  maxFailures: number,
  deliver: () => Promise<void>,
): Promise<void> {
  const isFailure = tick.status === 'FAILURE';
  if (isFailure && (await pauseAfterFailures(instance, tick, maxFailures))) {
    await reconcileScheduler(instance, settings);
  }
  if (isFailure || tick.runIds.length > 0) await deliver();
}

async function evaluatePushSensor(
  instance: Instance,
  settings: EngineSettings,
  { id, definition, location }: Instigator<SensorManifest>,
  events: ReadonlyMap<string, number>,
): Promise<number> {
  const dueAt = events.get(instigatorKey(id));
  if (dueAt === undefined || dueAt > instance.clock.now()) return 0;
  return evaluateEvents(instance, settings, { id, definition, location, ...sensorLimits(settings) });
}
