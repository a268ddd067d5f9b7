import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../ports/clock';

/** Timers count milliseconds in 31 bits: a longer one would go off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      for (let left = ms; left > 0; left -= MAX_TIMER_MS) {
        await sleep(Math.min(left, MAX_TIMER_MS), undefined, signal === undefined ? {} : { signal });
      }
    } catch (error) {
      // Node throws an AbortError of its own; callers want the reason.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};
