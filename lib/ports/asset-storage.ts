import type { AssetCheckEvaluation, AssetCheckKey, AssetCheckStatus } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { StoredEvent } from '../model/event';
import type { RunStatus } from '../model/run-status';
import type { AssetVersion } from '../model/staleness';

/** What is known of assets, their partitions and checks: read out of the event log as it grows. */
export interface AssetStorage {
  /** Latest state of each asset, in one statement. */
  assetRecords(keys?: readonly AssetKey[]): Promise<readonly AssetRecord[]>;
  /** The same without the events: what lists of thousands show. */
  assetStates(keys?: readonly AssetKey[]): Promise<readonly AssetState[]>;
  /** What tells which assets are stale; nothing of those without events. */
  assetVersions(keys?: readonly AssetKey[]): Promise<readonly AssetVersions[]>;
  /** What happened to an asset on days whose runs were pruned, newest first. */
  assetHistory(key: AssetKey, limit: number): Promise<readonly AssetHistoryDay[]>;
  /** The newest of each of several assets, newest first within an asset; in one statement. */
  newestAssetEvents(query: {
    readonly keys: readonly AssetKey[];
    readonly types: readonly AssetEventType[];
    /** Of each asset. */
    readonly limit: number;
  }): Promise<readonly StoredEvent[]>;
  /** Newest first. */
  assetEvents(query: {
    readonly key: AssetKey;
    readonly types: readonly AssetEventType[];
    readonly partition?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly StoredEvent[]>;
  /** Of each of these partitions (null = all) the latest materialization, if it has one; in one statement. */
  latestMaterializations(
    key: AssetKey,
    partitions: readonly string[] | null,
  ): Promise<readonly StoredEvent[]>;
  /** Every known partition's latest state, for the heat map; of all the assets in one statement. */
  partitionStates(keys: readonly AssetKey[]): Promise<readonly PartitionState[]>;
  /** Latest execution of each check. */
  checkRecords(keys: readonly AssetKey[]): Promise<readonly CheckRecord[]>;
  /** Newest first, of one partition if it is named; `before` is a storage id. */
  checkHistory(
    key: AssetCheckKey,
    limit: number,
    before?: number,
    partition?: string,
  ): Promise<readonly CheckRecord[]>;
  dynamicPartitionKeys(location: string, name: string): Promise<readonly string[]>;
  /** Keys of several definitions, as far as they have any. */
  dynamicPartitions(
    definitions: readonly { readonly location: string; readonly name: string }[],
  ): Promise<
    readonly { readonly location: string; readonly name: string; readonly keys: readonly string[] }[]
  >;
  changeDynamicPartitions(
    location: string,
    kind: 'add' | 'delete',
    name: string,
    keys: readonly string[],
  ): Promise<void>;
  /** Forgets an asset's (or some partitions') events for status purposes. */
  wipeAsset(key: AssetKey, partitions: readonly string[] | null): Promise<void>;
}

export type AssetEventType = 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION' | 'ASSET_FAILED_TO_MATERIALIZE';

export interface AssetRecord {
  readonly key: AssetKey;
  readonly lastMaterialization: StoredEvent | null;
  readonly lastObservation: StoredEvent | null;
  /** Latest run that planned to materialize it. */
  readonly lastRunId: string | null;
  readonly lastRunStatus: RunStatus | null;
  /** Epoch ms. */
  readonly lastRunStartedAt: number | null;
  readonly lastRunEndedAt: number | null;
  /** Runs in progress that plan to materialize it. */
  readonly inProgressRunIds: readonly string[];
  readonly lastFailureAt: number | null;
}

/** What happened last to an asset. */
export interface AssetState {
  readonly key: AssetKey;
  /** Of the latest materialization, epoch ms. */
  readonly materializedAt: number | null;
  /** Null of one that was reported from outside, too. */
  readonly materializationRunId: string | null;
  /** Latest run that planned to materialize it. */
  readonly lastRunId: string | null;
  readonly lastRunStatus: RunStatus | null;
  /** Epoch ms. */
  readonly lastRunStartedAt: number | null;
  readonly lastRunEndedAt: number | null;
  /** Runs that were claimed, have not ended and are still to materialize it, oldest first. */
  readonly liveRuns: readonly { readonly runId: string; readonly status: RunStatus }[];
}

/** Versions of what was last said about an asset. */
export interface AssetVersions {
  readonly key: AssetKey;
  /** Of the latest materialization. */
  readonly made: AssetVersion | null;
  /** Of the latest observation. */
  readonly observed: AssetVersion | null;
}

/** Events that are gone, by the day (UTC) on which they happened. */
export interface AssetHistoryDay {
  /** Its first instant, epoch ms. */
  readonly day: number;
  readonly materializations: number;
  readonly observations: number;
  readonly failures: number;
}

export interface PartitionState {
  readonly key: AssetKey;
  readonly partition: string;
  readonly status: 'MATERIALIZED' | 'FAILED' | 'IN_PROGRESS';
  readonly runId: string | null;
  readonly timestamp: number;
}

export interface CheckRecord {
  readonly check: AssetCheckKey;
  readonly status: AssetCheckStatus;
  readonly evaluation: AssetCheckEvaluation | null;
  readonly runId: string;
  /** Of the step that evaluated it. */
  readonly stepKey?: string | null;
  readonly storageId: number;
  readonly timestamp: number;
}
