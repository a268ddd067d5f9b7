import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../ports/clock';

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node throws an AbortError of its own; callers want the reason.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};
