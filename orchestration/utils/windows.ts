import type { TimeWindow } from 'headrace';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The last millisecond before an instant, for services whose end is inclusive. */
export function justBefore(instant: string): string {
  return new Date(Date.parse(instant) - 1).toISOString();
}

/** Key of the daily partition (UTC) that a time belongs to, e.g. `2018-02-01`. */
export const dayKey = (time: string): string => time.slice(0, 10);

/** Key of the hourly partition (UTC) that a time belongs to, e.g. `2001-01-01-08:00`. */
export const hourKey = (time: string): string => `${time.slice(0, 10)}-${time.slice(11, 13)}:00`;

/** Keys of the days of a window. */
export const daysOf = (window: TimeWindow): string[] => keysOf(window, DAY_MS, dayKey);

/** Keys of the hours of a window. */
export const hoursOf = (window: TimeWindow): string[] => keysOf(window, HOUR_MS, hourKey);

function keysOf({ start, end }: TimeWindow, step: number, keyOf: (time: string) => string): string[] {
  const keys: string[] = [];
  for (let at = Date.parse(start); at < Date.parse(end); at += step) {
    keys.push(keyOf(new Date(at).toISOString()));
  }
  return keys;
}
