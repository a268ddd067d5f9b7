import type { Clock } from '../../ports/clock';
import { PortError } from '../../ports/errors';
import { isResuming } from './data-api-error';

/** Milliseconds. Aurora needs "up to 15 seconds" to resume, longer after a day's sleep. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 4_000;

export interface WaitOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** Milliseconds from the first refusal on. */
  readonly timeout: number;
}

/**
 * Repeats a call while the database resumes from its pause, with growing pauses of random length: the SDK does not
 * repeat these.
 *
 * @throws {PortError} transient, when the database has not woken in time; the call has not been executed
 */
export async function waitForDatabase<T>(call: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { clock, random, timeout } = options;
  let deadline: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isResuming(error)) throw error;
      deadline ??= clock.now() + timeout;
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt) * (0.5 + random() / 2);
      if (clock.now() + delay > deadline) {
        throw new PortError(
          'transient',
          `The database was asleep and is still waking up after ${Math.round(timeout / 1000)} s. Try again in a few seconds.`,
          { cause: error },
        );
      }
      await clock.sleep(delay);
    }
  }
}
