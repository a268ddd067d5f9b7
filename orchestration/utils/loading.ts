import type { RetryOptions } from 'headrace';

/** How everything that loads into the warehouse runs. */
export const LOADING = {
  /** Limits loads at once, over all runs: `concurrency.pools` in headrace.yaml. */
  pool: 'snowflake',
  retry: { maxRetries: 3, delay: '10s', backoff: 'exponential', jitter: 'full' } satisfies RetryOptions,
} as const;

/** What all assets of this location have in common. */
export const RAW = { group: 'raw', kinds: ['snowflake'], owners: ['team:data-platform'] } as const;
