import type { RetryPolicy } from '../model/retry-policy';
import { type Duration, toSeconds } from './duration';

/**
 * How often and when a failed step is tried again.
 *
 * @example { maxRetries: 3, delay: '10s', backoff: 'exponential', jitter: 'full' } // after 10, 30, 70 seconds, each times a random share
 */
export interface RetryOptions {
  /** Tries after the first one; an integer of at least 1. */
  readonly maxRetries: number;
  /** Wait before a retry; default none. */
  readonly delay?: Duration;
  /** `linear`: n·delay. `exponential`: (2ⁿ − 1)·delay. Default: delay, always. Needs `delay`. */
  readonly backoff?: 'linear' | 'exponential';
  /** `full`: a random share of the wait. `plus_minus`: the wait ± delay. Needs `delay`. */
  readonly jitter?: 'full' | 'plus_minus';
}

/** The policy as data, or null for none; what is wrong with it goes to `report`. */
export function toRetryPolicy(
  options: RetryOptions | undefined,
  report: (message: string) => void,
): RetryPolicy | null {
  if (options === undefined) return null;
  const { maxRetries, delay, backoff, jitter } = options;
  if (!Number.isInteger(maxRetries) || maxRetries < 1) {
    report(`retry.maxRetries is ${maxRetries}: it must be an integer of at least 1`);
  }
  if (delay === undefined && (backoff !== undefined || jitter !== undefined)) {
    report('retry.backoff and retry.jitter need a retry.delay, e.g. "10s"');
  }
  const delaySeconds = delay === undefined ? undefined : toSeconds(delay);
  if (delay !== undefined && delaySeconds === undefined) report(durationProblem('retry.delay', delay));
  return {
    maxRetries,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(backoff === undefined ? {} : { backoff: backoff === 'linear' ? 'LINEAR' : 'EXPONENTIAL' }),
    ...(jitter === undefined ? {} : { jitter: jitter === 'full' ? 'FULL' : 'PLUS_MINUS' }),
  };
}

/** Says that a duration cannot be understood. */
export function durationProblem(field: string, value: Duration): string {
  return `${field} is ${JSON.stringify(value)}: give seconds, or a string such as "10s", "5m", "1h30m"`;
}
