import type { StepErrorMarks } from '../definitions/loaded-definitions';
import { type RetryPolicy, retryDelaySeconds } from '../model/retry-policy';

/**
 * Seconds until a failed step's next try, or null when it has failed for good. Marks on the error come before
 * the policy; both are read by shape, since bundle and host hold different copies of the library.
 *
 * @param retriesUsed retries already made of the step
 * @param random a draw from [0, 1) for the jitter
 */
export function secondsToRetry(
  thrown: unknown,
  policy: RetryPolicy | null,
  retriesUsed: number,
  random: number,
): number | null {
  const { allowRetries, retryRequested } = errorMarks(thrown);
  if (allowRetries === false) return null;
  if (retryRequested !== undefined) {
    return retriesUsed < retryRequested.maxRetries ? retryRequested.secondsToWait : null;
  }
  if (policy === null || retriesUsed >= policy.maxRetries) return null;
  return retryDelaySeconds(policy, retriesUsed + 1, random);
}

/** The marks on whatever was thrown. */
export function errorMarks(thrown: unknown): StepErrorMarks {
  return typeof thrown === 'object' && thrown !== null ? (thrown as StepErrorMarks) : {};
}

/** A wait for people: `9.5 s`. */
export function inSeconds(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}
