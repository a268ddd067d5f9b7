import { type CronExpression, parseCronExpression } from '../../model/cron-expression';
import type { SchedulerTimings, ScheduleTiming, SensorTiming } from '../../model/scheduler-timings';
import { timeZone } from '../../model/time-zone';

const MINUTE = 60_000;
const DAY = 86_400_000;
const MINUTES_OF_HOUR = 60;
const MINUTES_OF_DAY = 1_440;

/**
 * Days ahead whose UTC offsets are covered. A year holds every offset that a zone has by its present laws; the rest is
 * for changes that are announced, and for a reconciliation (daily, see `RECONCILE_MS`) that fails for a while.
 */
export const HORIZON_DAYS = 400;

/**
 * The minutes of the UTC day (0 to 1,439) in which the engine has to be woken, every day, so that each tick of each
 * schedule within the horizon has a wake-up in its minute, and each sensor one at its interval.
 *
 * @throws {CronError | TimeZoneError}
 */
export function wakeUpMinutes(timings: SchedulerTimings, now: number): ReadonlySet<number> {
  const minutes = new Set<number>();
  for (const schedule of timings.schedules) addSchedule(minutes, schedule, now);
  for (const sensor of timings.sensors) addSensor(minutes, sensor);
  return minutes;
}

function addSchedule(minutes: Set<number>, { cron, timezone }: ScheduleTiming, now: number): void {
  const { offsets, gaps } = offsetsWithin(timezone, now, now + HORIZON_DAYS * DAY);
  for (const expression of cron.map(parseCronExpression)) {
    for (const offset of offsets) {
      for (const wall of expression.minutesOfDay) minutes.add(minuteOfDay(wall * MINUTE - offset));
    }
    for (const gap of gaps) if (ticksAtEndOf(gap, expression)) minutes.add(minuteOfDay(gap.end));
  }
}

/** Wall times that a clock put forward passes over; `end` is the instant at which that happens. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

interface Offsets {
  readonly offsets: ReadonlySet<number>;
  readonly gaps: readonly Gap[];
}

function offsetsWithin(timezone: string, from: number, to: number): Offsets {
  const zone = timeZone(timezone);
  let segment = zone.segmentAt(from);
  const offsets = new Set([segment.offset]);
  const gaps: Gap[] = [];
  while (segment.end < to) {
    const { end, offset } = segment;
    segment = zone.segmentAt(end);
    offsets.add(segment.offset);
    if (segment.offset > offset) gaps.push({ from: end + offset, to: end + segment.offset, end });
  }
  return { offsets, gaps };
}

/** Wall times that do not exist tick at the end of the gap, unless the schedule covers every hour: then not at all. */
function ticksAtEndOf({ from, to }: Gap, { hours, minutesOfDay }: CronExpression): boolean {
  if (hours.length === 24) return false;
  return minutesOfDay.some((wall) => {
    const sinceFrom = (((wall * MINUTE - from) % DAY) + DAY) % DAY;
    return sinceFrom < to - from;
  });
}

function minuteOfDay(instant: number): number {
  return (((Math.floor(instant / MINUTE) % MINUTES_OF_DAY) + MINUTES_OF_DAY) % MINUTES_OF_DAY) as number;
}

/**
 * A grid over the day as wide as the interval, in whole minutes: a rule is no finer than one. Where the grid does not
 * divide the day evenly, its last step is shorter and that wake-up finds nothing due; intervals too long for that are
 * looked after every hour.
 */
function addSensor(minutes: Set<number>, { minimumIntervalSeconds }: SensorTiming): void {
  const interval = Math.max(1, Math.ceil(minimumIntervalSeconds / 60));
  const fits = MINUTES_OF_DAY % interval === 0 || interval < MINUTES_OF_HOUR;
  const step = fits ? interval : MINUTES_OF_HOUR;
  for (let minute = 0; minute < MINUTES_OF_DAY; minute += step) minutes.add(minute);
}
