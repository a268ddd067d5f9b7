/** A limit over runs that carry a tag. `value`: only that pair; absent: all runs with the key; per unique value: each value apart. */
export interface TagConcurrencyLimit {
  readonly key: string;
  readonly value?: string | { readonly applyLimitPerUniqueValue: true } | undefined;
  readonly limit: number;
}

/** Limits enforced when runs are claimed. */
export interface RunQueueSettings {
  /** −1 = no limit, 0 = nothing launches. Counts STARTING, STARTED and CANCELING. */
  readonly maxConcurrentRuns: number;
  readonly tagConcurrencyLimits: readonly TagConcurrencyLimit[];
  /**
   * What holds a pool's slots: each step while it runs (`op`, the default), or each run, of all its pools, from its
   * start to its end (`run`).
   */
  readonly poolGranularity?: PoolGranularity;
  /** Of granularity `op`: runs that are started beyond a pool's slots, to wait there with all of their first steps. Default 0. */
  readonly opGranularityRunBuffer?: number;
}

export type PoolGranularity = 'op' | 'run';
