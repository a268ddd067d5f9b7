/** A quota of requests per fixed window of time. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Where a caller stands, in the terms of GitHub's headers. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Unix time in seconds at which the window starts anew. */
  readonly reset: number;
  readonly exceeded: boolean;
}

/** Counts requests per caller in fixed windows, as GitHub's primary rate limit does. */
export class RateLimiter {
  private readonly windows = new Map<string, { reset: number; used: number }>();

  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** The caller's state, after counting one request unless `cost` is 0. */
  take(caller: string, { limit, windowSeconds }: RateLimit, cost: 0 | 1): RateState {
    const seconds = Math.floor(this.now() / 1000);
    let window = this.windows.get(caller);
    if (window === undefined || window.reset <= seconds) {
      window = { reset: seconds + windowSeconds, used: 0 };
      this.windows.set(caller, window);
    }
    const exceeded = window.used + cost > limit;
    if (!exceeded) window.used += cost;
    return { limit, remaining: limit - window.used, reset: window.reset, exceeded };
  }
}
