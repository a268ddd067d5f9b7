/**
 * When a cron schedule ticks.
 *
 * Where the clock is changed: a schedule whose hour field covers every hour follows real time, so wall times
 * that do not exist are skipped and wall times that come twice tick twice. Any other schedule ticks once per
 * wall time: at the end of the gap if it does not exist, at the second occurrence if it comes twice.
 */
import { type CronExpression, parseCronExpression } from './cron-expression';
import { type TimeZone, timeZone } from './time-zone';

export { CronError, type CronFieldName } from './cron-expression';

/** A cron string, or several: then it ticks whenever one of them does. */
export type Cron = string | readonly string[];

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Years searched for a tick before giving up. Weekdays and leap days repeat after 28 years, and after at most
 * 40 across a century that is no leap year, so whatever does not come in 50 never does.
 */
const HORIZON_YEARS = 50;

const parsed = new Map<string, CronExpression>();
const PARSED_KEPT = 10_000;

function expressionsOf(cron: Cron): readonly CronExpression[] {
  const strings = typeof cron === 'string' ? [cron] : cron;
  return strings.map((source) => {
    let expression = parsed.get(source);
    if (expression === undefined) {
      expression = parseCronExpression(source);
      if (parsed.size >= PARSED_KEPT) parsed.clear();
      parsed.set(source, expression);
    }
    return expression;
  });
}

/**
 * Checks a cron and its time zone.
 * @throws {CronError} naming the field at fault
 * @throws {TimeZoneError}
 */
export function validateCron(cron: Cron, timezone = 'UTC'): void {
  expressionsOf(cron);
  timeZone(timezone);
}

/** Whether the cron (every one of a list) can be understood. One that never ticks (`0 0 31 4 *`) is valid. */
export function isValidCron(cron: Cron): boolean {
  try {
    expressionsOf(cron);
    return true;
  } catch {
    return false;
  }
}

/** Whether the hour field of each expression covers every hour, so that it ticks by real time. */
export function ticksEveryHour(cron: Cron): boolean {
  return expressionsOf(cron).every((expression) => expression.hours.length === 24);
}

/**
 * The first tick after an instant (never at it), in epoch milliseconds, or null if there is none.
 * @example nextTick('30 2 * * *', 'Europe/Berlin', Date.UTC(2026, 0, 1)) // 2026-01-01T01:30:00Z
 * @throws {CronError | TimeZoneError}
 */
export function nextTick(cron: Cron, timezone: string, after: number): number | null {
  const zone = timeZone(timezone);
  let earliest: number | null = null;
  for (const expression of expressionsOf(cron)) {
    const tick =
      expression.hours.length === 24 ? nextReal(expression, zone, after) : nextWall(expression, zone, after);
    if (tick !== null && (earliest === null || tick < earliest)) earliest = tick;
  }
  return earliest;
}

/**
 * The last tick before an instant (never at it), or null if there is none.
 * @throws {CronError | TimeZoneError}
 */
export function previousTick(cron: Cron, timezone: string, before: number): number | null {
  const zone = timeZone(timezone);
  let latest: number | null = null;
  for (const expression of expressionsOf(cron)) {
    const tick =
      expression.hours.length === 24
        ? previousReal(expression, zone, before)
        : previousWall(expression, zone, before);
    if (tick !== null && (latest === null || tick > latest)) latest = tick;
  }
  return latest;
}

/** Ticks at or after `from`, ascending, for ever (or until the cron never ticks again). */
export function* ticksFrom(cron: Cron, timezone: string, from: number): Generator<number, void, undefined> {
  for (let tick = nextTick(cron, timezone, from - 1); tick !== null; tick = nextTick(cron, timezone, tick))
    yield tick;
}

/** Ticks at or before `from`, descending. */
export function* ticksBackFrom(
  cron: Cron,
  timezone: string,
  from: number,
): Generator<number, void, undefined> {
  let tick = previousTick(cron, timezone, from + 1);
  for (; tick !== null; tick = previousTick(cron, timezone, tick)) yield tick;
}

/**
 * Ticks in `[from, to)`, ascending; at most `limit` of them, the earliest.
 * @example ticksBetween('@hourly', 'UTC', start, start + 86_400_000).length // 24
 */
export function ticksBetween(
  cron: Cron,
  timezone: string,
  from: number,
  to: number,
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const ticks: number[] = [];
  if (limit <= 0) return ticks;
  for (const tick of ticksFrom(cron, timezone, from)) {
    if (tick >= to) break;
    ticks.push(tick);
    if (ticks.length >= limit) break;
  }
  return ticks;
}

function nextReal(expression: CronExpression, zone: TimeZone, after: number): number | null {
  const limit = after + HORIZON_YEARS * 366 * DAY;
  let segment = zone.segmentAt(after + 1);
  let from = after + 1;
  for (;;) {
    const wall = nextMatch(expression, from + segment.offset);
    if (wall === null) return null;
    const instant = wall - segment.offset;
    if (instant < segment.end) return instant;
    from = segment.end;
    if (from > limit) return null;
    segment = zone.segmentAt(from);
  }
}

function previousReal(expression: CronExpression, zone: TimeZone, before: number): number | null {
  const limit = before - HORIZON_YEARS * 366 * DAY;
  let segment = zone.segmentAt(before - 1);
  let from = before - 1;
  for (;;) {
    const wall = previousMatch(expression, from + segment.offset);
    if (wall === null) return null;
    const instant = wall - segment.offset;
    if (instant >= segment.start) return instant;
    from = segment.start - 1;
    if (from < limit) return null;
    segment = zone.segmentAt(from);
  }
}

function nextWall(expression: CronExpression, zone: TimeZone, after: number): number | null {
  let wall: number | null = earliestWallAfter(zone, after);
  for (;;) {
    wall = nextMatch(expression, wall);
    if (wall === null) return null;
    const instant = tickOfWall(zone, wall);
    if (instant > after) return instant;
    wall += MINUTE;
  }
}

function previousWall(expression: CronExpression, zone: TimeZone, before: number): number | null {
  // Wall times tick in their order and never before the clock first shows them.
  let wall: number | null = before - 1 + zone.offsetAt(before - 1);
  for (;;) {
    wall = previousMatch(expression, wall);
    if (wall === null) return null;
    const instant = tickOfWall(zone, wall);
    if (instant < before) return instant;
    wall -= MINUTE;
  }
}

/** Where to begin to look for wall times that tick after an instant. */
function earliestWallAfter(zone: TimeZone, after: number): number {
  const segment = zone.segmentAt(after);
  const wall = after + segment.offset;
  // If the clock is about to be put back, the wall times that will come again tick only then.
  if (segment.end - after > 2 * DAY) return wall;
  return Math.min(wall, segment.end + zone.offsetAt(segment.end));
}

function tickOfWall(zone: TimeZone, wall: number): number {
  const meaning = zone.meaningOf(wall);
  switch (meaning.kind) {
    case 'unique':
      return meaning.instant;
    case 'ambiguous':
      return meaning.second;
    case 'gap':
      return meaning.gapEnd;
  }
}

/** The first wall time that matches at or after `wall`. */
function nextMatch(expression: CronExpression, wall: number): number | null {
  const { minutesOfDay } = expression;
  let day = Math.floor(wall / DAY);
  const minute = Math.ceil((wall - day * DAY) / MINUTE);
  if (matchesDay(expression, day)) {
    const found = minutesOfDay[firstAtLeast(minutesOfDay, minute)];
    if (found !== undefined) return day * DAY + found * MINUTE;
  }
  const last = day + HORIZON_YEARS * 366;
  for (day += 1; day <= last; day += 1) {
    if (matchesDay(expression, day)) return day * DAY + (minutesOfDay[0] as number) * MINUTE;
    day = skipMonth(expression, day, 1);
  }
  return null;
}

/** The last wall time that matches at or before `wall`. */
function previousMatch(expression: CronExpression, wall: number): number | null {
  const { minutesOfDay } = expression;
  let day = Math.floor(wall / DAY);
  const minute = Math.floor((wall - day * DAY) / MINUTE);
  if (matchesDay(expression, day)) {
    const found = minutesOfDay[firstAtLeast(minutesOfDay, minute + 1) - 1];
    if (found !== undefined) return day * DAY + found * MINUTE;
  }
  const first = day - HORIZON_YEARS * 366;
  for (day -= 1; day >= first; day -= 1) {
    if (matchesDay(expression, day)) return day * DAY + (minutesOfDay.at(-1) as number) * MINUTE;
    day = skipMonth(expression, day, -1);
  }
  return null;
}

/** If the day's month does not match, its last day in the direction of travel; otherwise the day itself. */
function skipMonth(expression: CronExpression, day: number, direction: 1 | -1): number {
  const date = new Date(day * DAY);
  if (expression.months.has(date.getUTCMonth() + 1)) return day;
  const monthEnd = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (direction === 1 ? 1 : 0), 1) / DAY;
  return direction === 1 ? monthEnd - 1 : monthEnd;
}

function matchesDay(expression: CronExpression, day: number): boolean {
  const date = new Date(day * DAY);
  if (!expression.months.has(date.getUTCMonth() + 1)) return false;
  const { daysOfMonth, daysOfWeek, nthDaysOfWeek, lastDayOfMonth } = expression;
  const dayOfMonth = date.getUTCDate();
  const dayOfWeek = date.getUTCDay();
  if (nthDaysOfWeek.length > 0) {
    const isLast = dayOfMonth + 7 > daysInMonth(date);
    return nthDaysOfWeek.some(
      ([weekday, nth]) =>
        weekday === dayOfWeek && (nth === 'last' ? isLast : Math.ceil(dayOfMonth / 7) === nth),
    );
  }
  if (daysOfMonth === null) return daysOfWeek === null || daysOfWeek.has(dayOfWeek);
  if (daysOfMonth.has(dayOfMonth) || (lastDayOfMonth && dayOfMonth === daysInMonth(date))) return true;
  return daysOfWeek?.has(dayOfWeek) ?? false;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The index of the first of ascending `values` that is at least `wanted`. */
function firstAtLeast(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
