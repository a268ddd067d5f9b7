import type { AssetKey } from './asset-key';
import type { Metadata } from './metadata';

/** What is known of a materialization, or of an observation, that has happened. */
export interface PastMaterialization {
  /** Epoch ms. */
  readonly timestamp: number;
  /** Null = reported without a run. */
  readonly runId: string | null;
  readonly partition: string | null;
  readonly metadata: Metadata;
  readonly dataVersion: string | null;
}

/** Which materializations, or observations, a step asks for. */
export interface PastMaterializationsQuery {
  readonly asset: AssetKey;
  /** Null = of the whole asset, whatever their partition. */
  readonly partition: string | null;
  /** Newest first; at most so many. */
  readonly limit: number;
  /** Absent = materializations. */
  readonly type?: 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION';
}

/** A step is given at most so many past materializations: a message to its process stays small. */
export const MAX_PAST_MATERIALIZATIONS = 100;
