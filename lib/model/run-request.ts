import type { AssetCheckKey } from './asset-check';
import type { AssetKey } from './asset-key';
import type { EventData } from './event';
import type { JsonObject } from './json';
import type { AfterRequest } from './run-dependency';
import type { Tags } from './tags';

/** A run that a schedule or sensor asks for. */
export interface RunRequest {
  /** At most one run per key (sensors: for ever; schedules: per tick). Null = always a new run. */
  readonly runKey: string | null;
  /** Job of the same location; null = the instigator's only target. */
  readonly jobName: string | null;
  readonly config: JsonObject;
  readonly tags: Tags;
  readonly partitionKey: string | null;
  readonly assetSelection: readonly AssetKey[] | null;
  readonly assetCheckSelection: readonly AssetCheckKey[] | null;
  /** Of these assets only those that are missing or stale when the tick is evaluated. Absent = all. */
  readonly staleAssetsOnly?: boolean;
  /** What the run starts after. Absent = nothing. */
  readonly after?: AfterRequest | null;
}

/** Adds or removes keys of a named dynamic partitions definition; applied before run requests. */
export interface DynamicPartitionsRequest {
  readonly kind: 'add' | 'delete';
  readonly name: string;
  readonly keys: readonly string[];
}

/** What a sensor saw of an asset; it belongs to no run. */
export type SeenAssetEvent = {
  [T in 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION' | 'ASSET_CHECK_EVALUATION']: {
    readonly type: T;
    readonly assetKey: AssetKey;
    readonly partition: string | null;
    readonly data: EventData[T];
  };
}['ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION' | 'ASSET_CHECK_EVALUATION'];

/** What an evaluation returned: requests, or a reason for none. */
export interface InstigatorResult {
  readonly runRequests: readonly RunRequest[];
  readonly skipReason: string | null;
  /** New cursor; null = unchanged. */
  readonly cursor: string | null;
  readonly dynamicPartitionsRequests: readonly DynamicPartitionsRequest[];
  /** Stored with the end of the tick. Absent = none. */
  readonly assetEvents?: readonly SeenAssetEvent[];
}
