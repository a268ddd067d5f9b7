export interface PoolUse {
  readonly concurrencyKey: string;
  readonly limit: number | null;
  readonly slotCount: number;
  readonly activeSlotCount: number;
}

export interface QueueState {
  /** Runs that hold a slot. */
  readonly active: number;
  /** −1 is no limit; undefined is no queue. */
  readonly maxConcurrentRuns: number | undefined;
  readonly pools: readonly PoolUse[];
}

/** Why a queued run has not started, as far as the limits tell. */
export function queueReason(run: { readonly allPools: readonly string[] | null }, state: QueueState): string {
  const { maxConcurrentRuns: most } = state;
  if (most === 0) return 'nothing launches: the limit of runs is 0';
  if (most !== undefined && most > 0 && state.active >= most) return `all ${most} run slots are in use`;
  for (const name of run.allPools ?? []) {
    const pool = state.pools.find((each) => each.concurrencyKey === name);
    const limit = pool?.limit ?? pool?.slotCount;
    if (pool && limit !== undefined && pool.activeSlotCount >= limit)
      return `pool ${name} ${pool.activeSlotCount} of ${limit}`;
  }
  return 'starts next, or waits for a limit by tag';
}
