import type { Clock } from '../ports/clock';
import { isTransient } from '../ports/errors';

/** Milliseconds between tries of a call whose fault may pass: doubling from 100 ms to 5 s. */
const WAIT = { first: 100, longest: 5_000 };

/**
 * Repeats a call while its fault is transient. Every call given to it must be safe to repeat.
 *
 * @param deadline epoch ms after which the fault is thrown; undefined: never gives up
 */
export async function retryTransient<T>(
  call: () => Promise<T>,
  clock: Clock,
  options: { readonly deadline?: number; readonly signal?: AbortSignal } = {},
): Promise<T> {
  for (let wait = WAIT.first; ; wait = Math.min(wait * 2, WAIT.longest)) {
    try {
      return await call();
    } catch (error) {
      const isLate = options.deadline !== undefined && clock.now() + wait > options.deadline;
      if (!isTransient(error) || isLate || options.signal?.aborted === true) throw error;
      await clock.sleep(wait, options.signal);
    }
  }
}
