/** Limits of pools, and who holds their slots. */
export interface PoolStorage {
  /** Pools with limits, slots held and steps waiting. */
  poolStates(): Promise<readonly PoolState[]>;
  /** Null removes the limit. */
  setPoolLimit(pool: string, limit: number | null): Promise<void>;
  /** Takes the slots of a run, or of one of its steps, away from it, whether or not it still works. */
  freePoolSlots(runId: string, stepKey: string | null): Promise<void>;
}

export interface PoolState {
  readonly pool: string;
  readonly limit: number | null;
  readonly holders: readonly PoolStep[];
  /** Steps of runs in progress that asked for a slot and have none, those that come first in front. */
  readonly waiters: readonly PoolWaiter[];
}

export interface PoolStep {
  readonly runId: string;
  readonly stepKey: string;
  /** Epoch ms. */
  readonly since: number;
}

export interface PoolWaiter extends PoolStep {
  /** Those of higher ones come first; default 0. */
  readonly priority: number;
}
