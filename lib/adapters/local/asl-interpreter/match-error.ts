import type { Retrier } from './asl-definition';

/**
 * Whether an error name is among those of a Retry or Catch. `States.ALL` matches all but the two errors that
 * nothing may handle, `States.TaskFailed` all but `States.Timeout`.
 */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error === 'States.DataLimitExceeded' || error === 'States.Runtime') return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
  });
}

/** The documented defaults. */
const DEFAULTS = { intervalSeconds: 1, backoffRate: 2, maxAttempts: 3 };

/**
 * Decides a retry: the first retrier that matches answers, and gives up after its own number of retries.
 *
 * @param used retries made so far, by retrier
 * @param random uniform in [0, 1)
 * @returns the retrier's index and the seconds to wait; undefined when there is no retry
 */
export function nextRetry(
  retriers: readonly Retrier[],
  used: readonly number[],
  error: string,
  random: number,
): { readonly retrier: number; readonly delaySeconds: number } | undefined {
  const index = retriers.findIndex((retrier) => matchesError(retrier.ErrorEquals, error));
  const retrier = retriers[index];
  const made = used[index] ?? 0;
  if (retrier === undefined || made >= (retrier.MaxAttempts ?? DEFAULTS.maxAttempts)) return undefined;
  const interval = retrier.IntervalSeconds ?? DEFAULTS.intervalSeconds;
  const backedOff = interval * (retrier.BackoffRate ?? DEFAULTS.backoffRate) ** made;
  const delay = Math.min(backedOff, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return { retrier: index, delaySeconds: retrier.JitterStrategy === 'FULL' ? delay * random : delay };
}
