import type { AssetKey } from '../model/asset-key';
import type { PartitionMappingSpec } from '../model/partition-mappings';
import type { PartitionsSpec, StaticPartitionsSpec, TimeWindowPartitionsSpec } from '../model/partitions';
import type { AssetReference, DependencyDefinition } from './asset-reference';
import type { MultiPartitions, PartitionKeyOf } from './partitions';

/** A mapping together with the kinds of upstream partitions that it fits. */
export interface PartitionMapping<
  P extends PartitionsSpec = PartitionsSpec,
  Many extends boolean = boolean,
  K extends string = string,
> {
  readonly spec: PartitionMappingSpec;
  /** Whether an input gets an object by partition key. */
  readonly many: Many;
  /** Only for the type checker. */
  readonly fits?: (upstream: P) => void;
  /** Upstream keys that it names; only for the type checker. */
  readonly names?: K;
}

function create<P extends PartitionsSpec, const Many extends boolean, K extends string = never>(
  spec: PartitionMappingSpec,
  many: Many,
): PartitionMapping<P, Many, K> {
  return { spec, many };
}

/** Mappings between the partitions of two assets, where the inferred one is not wanted. */
export const mapping = {
  /** The same key. */
  identity: () => create<PartitionsSpec, false>({ type: 'identity' }, false),
  /** All upstream partitions. */
  all: () => create<PartitionsSpec, true>({ type: 'all' }, true),
  /** The last upstream partition. */
  last: () => create<PartitionsSpec, false>({ type: 'last' }, false),
  /** These upstream partitions. */
  specific: <const K extends string>(keys: readonly K[]) =>
    create<PartitionsSpec, true, K>({ type: 'specific', keys }, true),
  /**
   * Overlapping windows, shifted: `startOffset: -1` adds the window before, both offsets at -1 take that one
   * only. In windows of the downstream asset.
   */
  timeWindow: (
    options: {
      readonly startOffset?: number;
      readonly endOffset?: number;
      readonly allowNonexistentUpstreamPartitions?: boolean;
    } = {},
  ) => create<TimeWindowPartitionsSpec, true>({ type: 'time_window', ...options }, true),
  /** The previous window of an asset with the same windows, e.g. itself. */
  previous: () =>
    create<TimeWindowPartitionsSpec, false>(
      { type: 'time_window', startOffset: -1, endOffset: -1, allowNonexistentUpstreamPartitions: true },
      false,
    ),
  /** By a table from upstream to downstream keys. */
  static: <const K extends string>(
    downstreamKeysByUpstreamKey: Readonly<Record<K, string | readonly string[]>>,
  ) => create<StaticPartitionsSpec, true, K>({ type: 'static', downstreamKeysByUpstreamKey }, true),
  /** One dimension with the partitions of the other asset; the other dimension is needed whole. */
  multiToSingle: (dimension?: string) =>
    create<PartitionsSpec, true>(
      { type: 'multi_to_single', ...(dimension === undefined ? {} : { dimension }) },
      true,
    ),
  /** Dimension by dimension. */
  multi: (
    byUpstreamDimension: Readonly<
      Record<string, { readonly downstreamDimension: string; readonly mapping: PartitionMapping<never> }>
    >,
  ) =>
    create<MultiPartitions, true>(
      {
        type: 'multi',
        byUpstreamDimension: Object.fromEntries(
          Object.entries(byUpstreamDimension).map(([name, each]) => [
            name,
            { downstreamDimension: each.downstreamDimension, mapping: each.mapping.spec },
          ]),
        ),
      },
      true,
    ),
};

/**
 * A dependency with a mapping of its own. As an input, a mapping to several partitions gives an object by
 * partition key. An asset that reads its own earlier partitions names itself by its key.
 *
 * @example
 * inputs: { lastWeek: dependency(earthquakes, mapping.timeWindow({ startOffset: -6 })) }
 * deps: [dependency('stats/running_total', mapping.previous())] // of stats/running_total itself
 */
export function dependency<A extends AssetReference, Many extends boolean>(
  asset: A,
  by: PartitionMapping<Extract<A['partitions'], PartitionsSpec>, Many, PartitionKeyOf<A['partitions']>>,
): DependencyDefinition<A, Many>;
export function dependency<Many extends boolean>(
  key: AssetKey,
  by: PartitionMapping<never, Many>,
): DependencyDefinition<AssetReference<unknown, undefined>, Many>;
export function dependency(
  given: AssetReference | AssetKey,
  by: PartitionMapping<never>,
): DependencyDefinition {
  const asset =
    typeof given === 'string' ? { isAsset: true as const, key: given, partitions: undefined } : given;
  return { kind: 'dependency', asset, mapping: by.spec, many: by.many };
}
