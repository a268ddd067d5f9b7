/** How failed requests are tried again: exponential back-off with full jitter. */
export interface RetryPolicy {
  /** Attempts at one page, the first included. Default 10. */
  readonly maxAttempts: number;
  /** From the first attempt at a page to the start of the last one, waits included. Default 5 minutes. */
  readonly maxElapsedMs: number;
  /** Upper end of the first wait; it doubles with each attempt. Default 500. */
  readonly baseDelayMs: number;
  /** No wait of our own choice is longer. Default 60 seconds. */
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 10,
  maxElapsedMs: 5 * 60_000,
  baseDelayMs: 500,
  maxDelayMs: 60_000,
};

/** A failed attempt, as far as the decision needs it. */
export interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Since the first attempt at this page began. */
  readonly elapsedMs: number;
  /** What the service asked us to wait, if it did. */
  readonly serverDelayMs?: number | undefined;
}

/**
 * How long to wait before the next attempt; undefined = give up. A wait that the service asked for is kept
 * exactly; otherwise the wait is uniform in [0, min(maxDelay, base · 2^(attempt-1))]: "full jitter", which
 * spreads retries best (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function retryDelay(
  failed: FailedAttempt,
  policy: RetryPolicy,
  random: () => number,
): number | undefined {
  const { attempt, elapsedMs, serverDelayMs } = failed;
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const delay = serverDelayMs ?? random() * ceiling;
  return attempt >= policy.maxAttempts || elapsedMs + delay > policy.maxElapsedMs ? undefined : delay;
}

/** Whether a status says "too many requests": 429, or 403 in the manner of GitHub. */
export function isRateLimited(status: number, headers: Headers): boolean {
  return status === 429 || (status === 403 && (headers.has('retry-after') || remaining(headers) === '0'));
}

/** Whether a status is worth another attempt. */
export function isTransientStatus(status: number): boolean {
  return (
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
  );
}

/**
 * The wait that the service asks for: `Retry-After` in seconds or as an HTTP date, else the reset of a used-up
 * rate limit (`X-RateLimit-Reset` as Unix seconds, `RateLimit-Reset` as seconds from now). Never negative.
 */
export function serverDelay(headers: Headers, now: number): number | undefined {
  const retryAfter = headers.get('retry-after')?.trim();
  if (retryAfter !== undefined && retryAfter !== '') {
    const delay = /^\d+(\.\d+)?$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
    if (!Number.isNaN(delay)) return Math.max(0, delay);
  }
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? Number.NaN);
  if (remaining(headers) !== '0' || Number.isNaN(reset)) return undefined;
  // Both meanings are in use under both names; Unix time has been above 10^9 since 2001.
  return Math.max(0, reset > 1e9 ? reset * 1000 - now : reset * 1000);
}

function remaining(headers: Headers): string | null {
  return headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining');
}
