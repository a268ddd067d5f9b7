import type { CodeLocation } from '../../model/code-location';
import { ticksBackFrom, ticksFrom } from '../../model/cron';
import type { InstancePause } from '../../model/instance-pause';
import type { Manifest, ScheduleManifest } from '../../model/manifest';
import type { ExpectedSchedule, ExpectedTicksChange, OverdueTick } from '../../ports/expected-tick-storage';
import { timingChanged } from './due-ticks';
import { effectiveStatus } from './effective-status';
import { type InstigatorStates, instigatorKey } from './next-wake-up';
import { type ExpectingSchedule, whyMissed } from './why-missed';

/** Ticks are written so far ahead, in milliseconds, and so many; always the next one. */
const HORIZON_MS = 7 * 24 * 3_600_000;
const MAX_AHEAD = 20;
/** With fewer than these to come, more are written. */
const MIN_AHEAD = 3;
/** After an outage longer than the horizon so many of the latest ticks are written afterwards. */
const MAX_BEHIND = 100;

export interface LedgerFacts {
  readonly now: number;
  readonly locations: readonly CodeLocation[];
  readonly states: InstigatorStates;
  readonly pause: InstancePause | null;
  readonly ledger: readonly ExpectedSchedule[];
  readonly overdue: readonly OverdueTick[];
  /** Missed ticks of a partitioned schedule that are made up for. */
  readonly maxCatchupRuns: number;
}

type Change = {
  -readonly [K in keyof ExpectedTicksChange]: ExpectedTicksChange[K][number][];
};

/**
 * What is to be written into the ledger of expected ticks: those to come of every schedule that is on, those of an
 * edited, removed or switched-off schedule taken back, and those that nobody will evaluate any more as missed, with why.
 * A tick that an evaluation would still make up for is late, not missed.
 */
export function decideExpectedTicks(facts: LedgerFacts): ExpectedTicksChange {
  const change: Change = { withdrawn: [], expected: [], missed: [] };
  const overdue = Map.groupBy(facts.overdue, ({ location, name }) => keyOf(location, name));
  for (const schedule of expectingSchedules(facts)) {
    const known = overdue.get(keyOf(schedule.location, schedule.name)) ?? [];
    const written = writeAhead(schedule, facts, change);
    const late: OverdueTick[] = written
      .filter((scheduledAt) => !known.some((tick) => tick.scheduledAt === scheduledAt))
      .map((scheduledAt) => ({
        location: schedule.location,
        name: schedule.name,
        scheduledAt,
        evaluatedThrough: schedule.state?.evaluatedThrough ?? null,
        openTickAt: known[0]?.openTickAt ?? null,
      }));
    const all = [...known, ...late].sort((a, b) => a.scheduledAt - b.scheduledAt);
    for (const tick of all) {
      const reason = whyMissed(schedule, facts, tick);
      if (reason === null) continue;
      change.missed.push({ ...pick(schedule), scheduledAt: tick.scheduledAt, reason });
    }
  }
  return change;
}

const keyOf = (location: string, name: string): string => instigatorKey({ location, kind: 'schedule', name });
const pick = ({ location, name }: ExpectingSchedule) => ({ location, name });

function expectingSchedules({ locations, states, ledger, overdue }: LedgerFacts): ExpectingSchedule[] {
  const entries = new Map(ledger.map((entry) => [keyOf(entry.location, entry.name), entry]));
  const byName = new Map(locations.map((location) => [location.name, location]));
  const names = new Map<string, readonly [location: string, name: string]>();
  const add = (location: string, name: string) => names.set(keyOf(location, name), [location, name]);
  const definitions = new Map<string, ScheduleManifest>();
  for (const manifest of locations.flatMap(({ manifest: loaded }): readonly Manifest[] =>
    loaded === null ? [] : [loaded],
  )) {
    for (const schedule of manifest.schedules) {
      add(manifest.location, schedule.name);
      definitions.set(keyOf(manifest.location, schedule.name), schedule);
    }
  }
  for (const { location, name } of [...ledger, ...overdue]) add(location, name);
  return [...names].map(([key, [location, name]]) => ({
    location,
    name,
    codeLocation: byName.get(location),
    definition: definitions.get(key),
    state: states.get(key),
    entry: entries.get(key),
  }));
}

/** @returns instants written afterwards: they are due already */
function writeAhead(schedule: ExpectingSchedule, { now }: LedgerFacts, change: Change): number[] {
  const { codeLocation, definition, state, entry } = schedule;
  if (codeLocation?.manifest === null) return [];
  const changedAt = Math.min(codeLocation?.updatedAt ?? now, now);
  if (definition === undefined || effectiveStatus(definition, state) === 'STOPPED') {
    const after = definition === undefined ? changedAt : (state?.stoppedAt ?? changedAt);
    if (entry !== undefined) change.withdrawn.push({ ...pick(schedule), after });
    return [];
  }
  const isEdited = entry !== undefined && timingChanged(definition, entry);
  if (entry !== undefined && !isEdited && (entry.refillAt === null || now < entry.refillAt)) return [];
  // An edited cron is in force from when its code was there: what the old one asked for before stays expected.
  if (isEdited) change.withdrawn.push({ ...pick(schedule), after: changedAt - 1 });
  const from =
    entry === undefined || isEdited
      ? Math.max(changedAt, state?.startedAt ?? 0, (state?.evaluatedThrough ?? -1) + 1)
      : entry.through + 1;
  const { cron, timezone } = definition;
  const behind = isEdited ? oldTicksBetween(entry, changedAt) : [];
  for (const tick of ticksBackFrom(cron, timezone, now)) {
    if (tick < from || behind.length >= MAX_BEHIND) break;
    behind.push(tick);
  }
  const ahead: number[] = [];
  for (const tick of ticksFrom(cron, timezone, Math.max(from, now + 1))) {
    if (ahead.length >= MAX_AHEAD || (ahead.length > 0 && tick > now + HORIZON_MS)) break;
    ahead.push(tick);
  }
  change.expected.push({
    ...pick(schedule),
    cron,
    timezone,
    through: ahead.at(-1) ?? now,
    refillAt: ahead.at(-Math.min(MIN_AHEAD, ahead.length)) ?? null,
    ticks: [...behind, ...ahead],
  });
  return behind;
}

/** What the cron before an edit asked for after its last written tick. */
function oldTicksBetween(entry: ExpectedSchedule, until: number): number[] {
  const ticks: number[] = [];
  for (const tick of ticksBackFrom(entry.cron, entry.timezone, until - 1)) {
    if (tick <= entry.through || ticks.length >= MAX_BEHIND) break;
    ticks.push(tick);
  }
  return ticks;
}
