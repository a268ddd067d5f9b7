import type { AssetCheckStatus } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { DynamicPartitionKeys } from '../../model/partitions';
import type { Tags } from '../../model/tags';

/** A materialization; of an asset that is observed here, an observation too. */
export interface AssetUpdateFact {
  readonly storageId: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly partition: string | null;
  readonly runId: string | null;
  /**
   * Its data version; of a run's materialization that has none, the run: each makes new data. Null = reported, or
   * observed, without one.
   */
  readonly version: string | null;
  /** The same of the one before it, of the same partition; null also when there was none. */
  readonly previousVersion: string | null;
}

/** The latest event of a kind. */
export interface LatestUpdate {
  readonly storageId: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly partition: string | null;
  readonly runId: string | null;
}

/** What is known of an asset as far as conditions ask. Of partitioned assets the sets hold keys. */
export interface AssetFacts {
  /** The latest materialization of all. */
  readonly lastMaterialization: LatestUpdate | null;
  /** The latest observation of an asset that is observed here; absent = none. */
  readonly lastObservation?: LatestUpdate | null;
  /** Without partitions: planned by a live run that has not made it. */
  readonly runInProgress: boolean;
  readonly backfillInProgress: boolean;
  /** Without partitions: its latest run failed before it made it. */
  readonly executionFailed: boolean;
  /** Or observed, of an asset that is observed here. */
  readonly materialized: ReadonlySet<string>;
  readonly partitionsInRuns: ReadonlySet<string>;
  readonly partitionsInBackfills: ReadonlySet<string>;
  readonly partitionsFailed: ReadonlySet<string>;
  /** Of a job: when the latest of its runs of each partition that succeeded ended, epoch ms. */
  readonly lastSuccesses?: ReadonlyMap<string, number>;
  /** Oldest first; since the earliest instant that any condition has yet to see. */
  readonly updates: readonly AssetUpdateFact[];
}

/** The latest execution of a check. */
export interface CheckFacts {
  readonly status: AssetCheckStatus;
  readonly runId: string;
  readonly storageId: number;
  readonly timestamp: number;
}

/** What conditions ask of a run. */
export interface RunFacts {
  readonly tags: Tags;
  /** What it planned to materialize. */
  readonly assets: ReadonlySet<AssetKey>;
}

/** The world as it is at one instant: all that a tick is decided from. */
export interface AutomationFacts {
  /** Epoch ms. */
  readonly now: number;
  /** Updates up to this position of the log are seen by this tick. */
  readonly throughId: number;
  /** Absent = nothing ever happened to it. */
  readonly assets: ReadonlyMap<AssetKey, AssetFacts>;
  /** By `checkId`. Absent = never executed. */
  readonly checks: ReadonlyMap<string, CheckFacts>;
  readonly runs: ReadonlyMap<string, RunFacts>;
  /** Keys of dynamic partitions, by location. */
  readonly dynamicKeys: ReadonlyMap<string, DynamicPartitionKeys>;
}

/** When an asset was last made, or observed where it is observed here. */
export const lastUpdate = ({
  lastMaterialization: made,
  lastObservation: seen = null,
}: AssetFacts): LatestUpdate | null =>
  made !== null && seen !== null && seen.storageId < made.storageId ? made : (seen ?? made);

const NO_KEYS: ReadonlySet<string> = new Set();

/** Of an asset to which nothing ever happened. */
export const NO_FACTS: AssetFacts = {
  lastMaterialization: null,
  runInProgress: false,
  backfillInProgress: false,
  executionFailed: false,
  materialized: NO_KEYS,
  partitionsInRuns: NO_KEYS,
  partitionsInBackfills: NO_KEYS,
  partitionsFailed: NO_KEYS,
  updates: [],
};
