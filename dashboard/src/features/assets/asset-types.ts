import type { AssetDetailResult } from '../../graphql/generated';

export type Node = Extract<AssetDetailResult['assetNodeOrError'], { readonly __typename: 'AssetNode' }>;

type Asset = Extract<AssetDetailResult['assetOrError'], { readonly __typename: 'Asset' }>;
export type Observation = Asset['assetObservations'][number];

export type MetadataEntry = Node['metadataEntries'][number];

export type Check = Extract<
  Node['assetChecksOrError'],
  { readonly __typename: 'AssetChecks' }
>['checks'][number];

/** What can be done with an asset here; undefined what it does not allow, or the caller's role. */
export interface AssetActions {
  /** Asks which partitions; these first. */
  readonly materialize: ((partitions: readonly string[]) => void) | undefined;
  /** Asks which partitions a backfill makes. */
  readonly backfill: (() => void) | undefined;
  /** The same, of what is missing or failed. */
  readonly fillHoles: (() => void) | undefined;
  /** Everything where no partition is named. */
  readonly wipe: ((partitions: readonly string[]) => void) | undefined;
  readonly report: (() => void) | undefined;
}
