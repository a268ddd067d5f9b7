import { nextTick } from '../../model/cron';
import type { Manifest, ScheduleManifest, SensorManifest } from '../../model/manifest';
import type { InstigatorId, InstigatorState } from '../../model/tick';
import { effectiveStatus } from './effective-status';

/** Something overdue is being evaluated, or could not be: it is looked at again after this, doubling. */
const MIN_RECHECK_MS = 1_000;
const MAX_RECHECK_MS = 60_000;

/** One string for an instigator. */
export const instigatorKey = ({ location, kind, name }: InstigatorId): string =>
  `${location}/${kind}/${name}`;

/** States by `instigatorKey`. */
export type InstigatorStates = ReadonlyMap<string, InstigatorState>;

export function indexStates(states: readonly InstigatorState[]): InstigatorStates {
  return new Map(states.map((state) => [instigatorKey(state.instigator), state]));
}

/** When a schedule is due next (may be in the past); null when it is off or never ticks again. */
export function scheduleDueAt(
  schedule: ScheduleManifest,
  state: InstigatorState | undefined,
  now: number,
): number | null {
  if (effectiveStatus(schedule, state) === 'STOPPED') return null;
  const turnedOn = state?.startedAt == null ? null : state.startedAt - 1;
  const seen = state?.evaluatedThrough ?? null;
  const after = seen === null && turnedOn === null ? now : Math.max(seen ?? 0, turnedOn ?? 0);
  return nextTick(schedule.cron, schedule.timezone, after);
}

/** Kinds of sensors that follow what happens to runs or assets, each from where its cursor stands. */
const FOLLOWING: readonly SensorManifest['kind'][] = ['RUN_STATUS', 'ASSET', 'MULTI_ASSET'];

export const isFollowing = (sensor: Pick<SensorManifest, 'kind'>): boolean => FOLLOWING.includes(sensor.kind);

/**
 * Whether a sensor has seen all that happened: it follows runs or assets, and nothing at all was written to the event
 * log since it last looked. It is not asked again until something is, so that an idle database can sleep.
 *
 * @param safeStorageId as far as the log can be read; null = not known
 */
export function isCaughtUp(
  sensor: Pick<SensorManifest, 'kind'>,
  state: InstigatorState | undefined,
  safeStorageId: number | null,
): boolean {
  if (safeStorageId === null || state?.cursor == null || !isFollowing(sensor)) return false;
  const cursor = Number(state.cursor);
  return Number.isSafeInteger(cursor) && cursor >= safeStorageId;
}

/**
 * When a sensor is due next (may be in the past); null when it is off, or events are pushed to it. One that had nothing
 * to follow for long is not late: it is due since the last full interval.
 */
export function sensorDueAt(
  sensor: SensorManifest,
  state: InstigatorState | undefined,
  now: number,
): number | null {
  if (sensor.kind === 'PUSH' || effectiveStatus(sensor, state) === 'STOPPED') return null;
  const interval = sensor.minimumIntervalSeconds * 1000;
  const last = state?.lastTickStartedAt ?? null;
  // The same instant for everybody who asks, so that only one evaluates it.
  const sinceFullInterval = Math.floor(now / interval) * interval;
  if (last === null) return state?.startedAt ?? sinceFullInterval;
  return isFollowing(sensor) ? Math.max(last + interval, sinceFullInterval) : last + interval;
}

export interface NextWakeUp {
  /** Epoch ms; null when all are off. */
  readonly at: number | null;
  /** Whether any of them should have been evaluated by now. */
  readonly isOverdue: boolean;
}

/** When to look at what is due at an instant; if that is over, it is being done, or could not be. */
export function lookAgainAt(dueAt: number, now: number): number {
  return dueAt > now ? dueAt : now + Math.min(Math.max(now - dueAt, MIN_RECHECK_MS), MAX_RECHECK_MS);
}

/** What has happened that sensors may follow. */
export interface Followed {
  /** As far as the event log can be read; null = no sensor follows it. */
  readonly safeStorageId: number | null;
  /** Whether a run may write to it at any time, without setting an alarm. */
  readonly isLive: boolean;
}

/** The earliest instant at which any schedule or sensor has to be looked at. */
export function nextWakeUp(
  manifests: readonly Manifest[],
  states: InstigatorStates,
  now: number,
  followed: Followed,
): NextWakeUp {
  const sensorAt = (sensor: SensorManifest, state: InstigatorState | undefined): number | null => {
    const dueAt = sensorDueAt(sensor, state, now);
    if (dueAt === null || !isCaughtUp(sensor, state, followed.safeStorageId)) return dueAt;
    const interval = sensor.minimumIntervalSeconds * 1000;
    return followed.isLive ? (Math.floor(now / interval) + 1) * interval : null;
  };
  const due = manifests.flatMap(({ location, schedules, sensors }) => [
    ...schedules.map((schedule) =>
      scheduleDueAt(
        schedule,
        states.get(instigatorKey({ location, kind: 'schedule', name: schedule.name })),
        now,
      ),
    ),
    ...sensors.map((sensor) =>
      sensorAt(sensor, states.get(instigatorKey({ location, kind: 'sensor', name: sensor.name }))),
    ),
  ]);
  let earliest: number | null = null;
  let isOverdue = false;
  for (const at of due) {
    if (at === null) continue;
    isOverdue ||= at <= now;
    const looked = lookAgainAt(at, now);
    if (earliest === null || looked < earliest) earliest = looked;
  }
  return { at: earliest, isOverdue };
}
