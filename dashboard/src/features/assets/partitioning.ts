import type { PartitionCell } from '../../components/partition-grid';

/** What a dialog needs to know of an asset's partitions. */
export interface Partitioning {
  /** In their order. */
  readonly cells: readonly PartitionCell[];
  /** Names of the dimensions, in the order of the keys' parts; one of a single dimension. */
  readonly names: readonly string[];
  /** Partitions that one run of a backfill takes at most; null takes all at once. */
  readonly maxPerRun: number | null;
}

/** How a backfill cuts its partitions into runs, in words. */
export function policyText(maxPerRun: number | null): string {
  if (maxPerRun === null) return 'all partitions in one run';
  return maxPerRun === 1 ? 'a run for each partition' : `up to ${maxPerRun} partitions a run`;
}
