import { type Duration, toSeconds } from '../definitions/duration';
import type { Clock } from '../ports/clock';

/** A clock that stands still until it is told, or until somebody sleeps. */
export interface FakeClock extends Clock {
  /** Moves time on. @example clock.advance('10m') */
  advance(by: Duration): void;
  /** Seconds of each sleep so far, e.g. the waits between retries. */
  readonly slept: readonly number[];
}

/**
 * Makes a clock for tests. Sleeping returns at once and moves the clock on, so that retries with long delays
 * take no time.
 *
 * @param start ISO text, date or epoch milliseconds
 * @example const clock = fakeClock('2026-01-02T00:00:00Z');
 */
export function fakeClock(start: string | number | Date): FakeClock {
  let now = new Date(start).getTime();
  if (Number.isNaN(now))
    throw new RangeError(`"${String(start)}" is not an instant, e.g. 2026-01-02T00:00:00Z`);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms / 1000);
      now += ms;
    },
    advance(by) {
      const seconds = toSeconds(by);
      if (seconds === undefined) throw new RangeError(`"${by}" is not a duration, e.g. 10m`);
      now += seconds * 1000;
    },
  };
}
