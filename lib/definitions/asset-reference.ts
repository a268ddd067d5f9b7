import type { AssetKey } from '../model/asset-key';
import type { PartitionMappingSpec } from '../model/partition-mappings';
import type { PartitionsSpec } from '../model/partitions';
import type { VALUE } from './type-keys';

/** An asset that others can depend on: defined here, part of a multi-asset, or external. */
export interface AssetReference<Value = unknown, P = PartitionsSpec | undefined> {
  readonly isAsset: true;
  readonly key: AssetKey;
  readonly [VALUE]?: Value;
  /** `undefined` when it has none. */
  readonly partitions: P;
}

/** One edge of the graph with a mapping of its own between the partitions of the two assets. */
export interface DependencyDefinition<
  A extends AssetReference = AssetReference,
  Many extends boolean = boolean,
> {
  readonly kind: 'dependency';
  readonly asset: A;
  readonly mapping: PartitionMappingSpec | null;
  /** Whether the input's value is an object by partition key. */
  readonly many: Many;
}

/** What can be named as a dependency: an asset, several, its key, or an edge with a mapping. */
export type DependencyLike =
  | string
  | AssetReference
  | DependencyDefinition
  | { readonly kind: 'multi_asset'; readonly assets: Readonly<Record<string, AssetReference>> };

/** Assets whose values are loaded, by the name of the input. */
export type InputRecord = Readonly<Record<string, AssetReference | DependencyDefinition>>;

/** The value of an asset. */
export type AssetValue<A> = A extends AssetReference<infer Value> ? Value : never;

/** The partitions of an asset: `undefined` when it has none. */
export type AssetPartitions<A> = A extends { readonly partitions: infer P } ? P : undefined;

/**
 * The types of inputs. An unpartitioned asset that reads a partitioned one gets an object by partition key, and
 * so does a dependency with a mapping to several partitions; in every other case it is the asset's value.
 */
export type InputValues<I extends InputRecord, P> = {
  readonly [K in keyof I]: I[K] extends DependencyDefinition<infer A, infer Many>
    ? Many extends true
      ? Readonly<Record<string, AssetValue<A>>>
      : InputValue<A, P>
    : InputValue<I[K], P>;
};

type InputValue<A, P> = [P] extends [PartitionsSpec]
  ? AssetValue<A>
  : [AssetPartitions<A>] extends [PartitionsSpec]
    ? Readonly<Record<string, AssetValue<A>>>
    : AssetValue<A>;
