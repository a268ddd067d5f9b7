/** Mappings in which at least one side has two dimensions: they are mapped dimension by dimension. */
import { dimensionsOf, keysByDimension } from './multi-partitions';
import { DIMENSION_SEPARATOR, keysOf } from './partition-key-set';
import {
  InvalidPartitionMappingError,
  type MultiPartitionMappingSpec,
  type MultiToSinglePartitionMappingSpec,
  type PartitionMappingSpec,
  type PartitionsMoment,
} from './partition-mapping-spec';
import { type PartitionsSpec, partitionKeySet, partitionsIdentity } from './partitions';

/** A dimension of each side and how the two depend on each other. A side without dimensions has no name for it. */
export interface DimensionMapping {
  readonly upstreamDimension: string | null;
  readonly downstreamDimension: string | null;
  readonly upstream: PartitionsSpec;
  readonly downstream: PartitionsSpec;
  readonly mapping: PartitionMappingSpec;
}

/** @throws {InvalidPartitionMappingError} */
export function resolveDimensions(
  mapping: MultiPartitionMappingSpec | MultiToSinglePartitionMappingSpec,
  upstream: PartitionsSpec | null,
  downstream: PartitionsSpec | null,
): readonly DimensionMapping[] {
  return mapping.type === 'multi'
    ? resolveMulti(mapping, upstream, downstream)
    : [resolveMultiToSingle(mapping, upstream, downstream)];
}

function resolveMulti(
  spec: MultiPartitionMappingSpec,
  upstream: PartitionsSpec | null,
  downstream: PartitionsSpec | null,
): readonly DimensionMapping[] {
  if (upstream?.type !== 'multi' || downstream?.type !== 'multi') {
    throw new InvalidPartitionMappingError(spec, 'both assets must have two dimensions');
  }
  const taken = new Set<string>();
  return Object.entries(spec.byUpstreamDimension).map(
    ([upstreamDimension, { downstreamDimension, mapping }]) => {
      const upstreamPartitions = upstream.dimensions[upstreamDimension];
      const downstreamPartitions = downstream.dimensions[downstreamDimension];
      if (upstreamPartitions === undefined) {
        throw new InvalidPartitionMappingError(spec, `upstream has no dimension '${upstreamDimension}'`);
      }
      if (downstreamPartitions === undefined) {
        throw new InvalidPartitionMappingError(spec, `downstream has no dimension '${downstreamDimension}'`);
      }
      if (taken.has(downstreamDimension)) {
        throw new InvalidPartitionMappingError(
          spec,
          `downstream dimension '${downstreamDimension}' is mapped twice`,
        );
      }
      taken.add(downstreamDimension);
      return {
        upstreamDimension,
        downstreamDimension,
        upstream: upstreamPartitions,
        downstream: downstreamPartitions,
        mapping,
      };
    },
  );
}

function resolveMultiToSingle(
  spec: MultiToSinglePartitionMappingSpec,
  upstream: PartitionsSpec | null,
  downstream: PartitionsSpec | null,
): DimensionMapping {
  const upstreamIsMulti = upstream?.type === 'multi';
  const multi = upstreamIsMulti ? upstream : downstream;
  const single = upstreamIsMulti ? downstream : upstream;
  if (multi?.type !== 'multi' || single === null || single.type === 'multi') {
    throw new InvalidPartitionMappingError(spec, 'one asset must have two dimensions and the other one');
  }
  const dimensions = dimensionsOf(multi);
  const named =
    spec.dimension === undefined ? dimensions : dimensions.filter(([name]) => name === spec.dimension);
  if (named.length === 0)
    throw new InvalidPartitionMappingError(spec, `there is no dimension '${spec.dimension}'`);
  const equal = named.filter(
    ([, each]) => each.type === single.type && partitionsIdentity(each) === partitionsIdentity(single),
  );
  if (equal.length > 1) {
    throw new InvalidPartitionMappingError(spec, 'both dimensions match; name one in `dimension`');
  }
  const timed = single.type === 'time_window' ? named.filter(([, each]) => each.type === 'time_window') : [];
  const match = equal[0] ?? (timed.length === 1 ? timed[0] : undefined);
  if (match === undefined) {
    throw new InvalidPartitionMappingError(
      spec,
      "no dimension equals the other asset's partitions, nor is there one dimension of time for its time windows",
    );
  }
  const [name, partitions] = match;
  return {
    upstreamDimension: upstreamIsMulti ? name : null,
    downstreamDimension: upstreamIsMulti ? null : name,
    upstream: upstreamIsMulti ? partitions : single,
    downstream: upstreamIsMulti ? single : partitions,
    mapping: { type: equal.length === 1 ? 'identity' : 'time_window' },
  };
}

/**
 * Keys of `to` that depend on (or are needed by) `keys` of `from`: per dimension what `mapKey` gives, and every
 * key of a dimension that is not mapped. `direction` says which side `to` is.
 */
export function mapByDimensions(
  to: PartitionsSpec,
  from: PartitionsSpec | null,
  keys: readonly string[],
  moment: PartitionsMoment,
  dimensions: readonly DimensionMapping[],
  direction: 'upstream' | 'downstream',
  mapKey: (dimension: DimensionMapping, key: string) => readonly string[],
): ReadonlySet<string> {
  const sides = dimensions.map((dimension) => ({
    dimension,
    fromName: direction === 'upstream' ? dimension.downstreamDimension : dimension.upstreamDimension,
    toName: direction === 'upstream' ? dimension.upstreamDimension : dimension.downstreamDimension,
    mapped: new Map<string, readonly string[]>(),
  }));
  const targets: readonly (readonly [string | null, PartitionsSpec])[] =
    to.type === 'multi' ? dimensionsOf(to) : [[null, to]];
  const whole = new Map(
    targets
      .filter(([name]) => !sides.some(({ toName }) => toName === name))
      .map(([name, partitions]) => [
        name,
        keysOf(partitionKeySet(partitions, moment.now, moment.dynamicKeys)),
      ]),
  );
  const found = new Set<string>();
  for (const key of keys) {
    const parts = from?.type === 'multi' ? keysByDimension(from, key) : undefined;
    const choices = targets.map(([name]) => {
      const side = sides.find(({ toName }) => toName === name);
      if (side === undefined) return whole.get(name) ?? [];
      const part = side.fromName === null ? key : ((parts?.[side.fromName] ?? '') as string);
      let mapped = side.mapped.get(part);
      if (mapped === undefined) {
        mapped = mapKey(side.dimension, part);
        side.mapped.set(part, mapped);
      }
      return mapped;
    });
    const [first = [], second] = choices;
    for (const a of first) {
      if (second === undefined) found.add(a);
      else for (const b of second) found.add(`${a}${DIMENSION_SEPARATOR}${b}`);
    }
  }
  return found;
}
