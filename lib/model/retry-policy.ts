/** How often, and how long after a failure, a step is tried again. */

/** Plain data; times are in seconds. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly maxRetries: number;
  /** Seconds before the first retry. Default 0. Backoff and jitter need it. */
  readonly delaySeconds?: number;
  /** How the delay grows: n-fold, or (2^n - 1)-fold, at the n-th retry. Default: it does not. */
  readonly backoff?: 'LINEAR' | 'EXPONENTIAL';
  /**
   * FULL: anything from 0 to the delay. PLUS_MINUS: the delay, give or take `delaySeconds`, never under 0.
   * Default: none.
   */
  readonly jitter?: 'FULL' | 'PLUS_MINUS';
}

/**
 * Seconds to wait before the `attempt`-th retry (from 1). `random` is a draw from [0, 1).
 * @example retryDelaySeconds({ maxRetries: 3, delaySeconds: 10, backoff: 'EXPONENTIAL' }, 2, 0) // 30
 */
export function retryDelaySeconds(policy: RetryPolicy, attempt: number, random: number): number {
  const base = policy.delaySeconds ?? 0;
  const factor =
    policy.backoff === 'LINEAR' ? attempt : policy.backoff === 'EXPONENTIAL' ? 2 ** attempt - 1 : 1;
  const delay = factor * base;
  switch (policy.jitter) {
    case 'FULL':
      return random * delay;
    case 'PLUS_MINUS':
      // Spread by the base delay, not by the grown one.
      return Math.max(delay + (2 * random - 1) * base, 0);
    default:
      return delay;
  }
}
