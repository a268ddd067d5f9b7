/**
 * Which partitions of an upstream asset the partitions of a downstream asset need, and the reverse.
 *
 * Null partitions stand for an asset without partitions, and null keys for all there is of it.
 */
import { mapByDimensions, resolveDimensions } from './multi-partition-mapping';
import { keysOf } from './partition-key-set';
import {
  InvalidPartitionMappingError,
  type PartitionMappingSpec,
  type PartitionsMoment,
  type UpstreamPartitions,
} from './partition-mapping-spec';
import { lastPartitionKey, type PartitionsSpec, partitionKeySet } from './partitions';
import { downstreamStaticKeys, upstreamStaticKeys, validateStaticMapping } from './static-partition-mapping';
import { downstreamWindows, upstreamWindows } from './time-window-partition-mapping';

export * from './partition-mapping-spec';

/** The two assets' partitions. */
export interface MappedPartitions {
  readonly upstream: PartitionsSpec | null;
  readonly downstream: PartitionsSpec | null;
}

/**
 * The mapping that holds when none is given: between two time windows, by overlap; between two dimensions and one
 * that matches a dimension, by that dimension; between others, by equal keys; all to all if one has no partitions.
 */
export function inferMapping({ upstream, downstream }: MappedPartitions): PartitionMappingSpec {
  if (upstream === null || downstream === null) return { type: 'all' };
  if ((upstream.type === 'multi') !== (downstream.type === 'multi')) {
    const mapping: PartitionMappingSpec = { type: 'multi_to_single' };
    if (problemOfMapping(mapping, { upstream, downstream }) === null) return mapping;
  }
  if (upstream.type === 'time_window' && downstream.type === 'time_window') return { type: 'time_window' };
  return { type: 'identity' };
}

/**
 * Checks that a mapping fits the partitions of both assets; null means the inferred one.
 * @throws {InvalidPartitionMappingError} saying why not
 */
export function validateMapping(mapping: PartitionMappingSpec | null, partitions: MappedPartitions): void {
  const { upstream, downstream } = partitions;
  const chosen = mapping ?? inferMapping(partitions);
  switch (chosen.type) {
    case 'time_window':
      if (upstream?.type !== 'time_window' || downstream?.type !== 'time_window') {
        throw new InvalidPartitionMappingError(
          chosen,
          `both assets must have time windows; upstream has ${kindOf(upstream)}, downstream ${kindOf(downstream)}`,
        );
      }
      if (upstream.timezone !== downstream.timezone) {
        throw new InvalidPartitionMappingError(
          chosen,
          `the time zones differ: upstream '${upstream.timezone}', downstream '${downstream.timezone}'`,
        );
      }
      return;
    case 'identity':
      if (upstream?.type !== downstream?.type) {
        throw new InvalidPartitionMappingError(
          chosen,
          `upstream has ${kindOf(upstream)} and downstream ${kindOf(downstream)}; give a mapping between them`,
        );
      }
      return;
    case 'static':
      validateStaticMapping(chosen, upstream, downstream);
      return;
    case 'multi_to_single':
    case 'multi':
      for (const dimension of resolveDimensions(chosen, upstream, downstream)) {
        if (chosen.type === 'multi') validateMapping(dimension.mapping, dimension);
      }
      return;
    case 'all':
    case 'last':
    case 'specific':
      return;
  }
}

function problemOfMapping(mapping: PartitionMappingSpec, partitions: MappedPartitions): string | null {
  try {
    validateMapping(mapping, partitions);
    return null;
  } catch (error) {
    if (error instanceof InvalidPartitionMappingError) return error.message;
    throw error;
  }
}

/**
 * What `downstreamKeys` need of the upstream asset: the keys that exist, in the upstream's order, and the keys that
 * should but do not.
 * @throws {InvalidPartitionMappingError | PartitionsError}
 * @example upstreamKeys(null, { upstream: daily, downstream: weekly }, ['2026-01-04'], { now }).keys // seven days
 */
export function upstreamKeys(
  mapping: PartitionMappingSpec | null,
  partitions: MappedPartitions,
  downstreamKeys: readonly string[] | null,
  moment: PartitionsMoment,
): UpstreamPartitions {
  const { upstream, downstream } = partitions;
  if (upstream === null) return { keys: [], missing: [] };
  validateMapping(mapping, partitions);
  const chosen = mapping ?? inferMapping(partitions);
  const set = partitionKeySet(upstream, moment.now, moment.dynamicKeys);
  const keys =
    downstreamKeys ??
    (downstream === null ? [] : keysOf(partitionKeySet(downstream, moment.now, moment.dynamicKeys)));
  switch (chosen.type) {
    case 'all':
      return { keys: keysOf(set), missing: [] };
    case 'last': {
      const last = lastPartitionKey(upstream, moment.now, moment.dynamicKeys);
      return { keys: last === null ? [] : [last], missing: [] };
    }
    case 'specific':
      return split(chosen.keys);
    case 'identity':
      return split(keys);
    case 'static':
      return { keys: inOrder(upstreamStaticKeys(chosen, keys)), missing: [] };
    case 'time_window':
      return upstreamWindows(chosen, upstream, downstream, keys, moment.now);
    case 'multi_to_single':
    case 'multi': {
      const missing = new Set<string>();
      const dimensions = resolveDimensions(chosen, upstream, downstream);
      const found = mapByDimensions(
        upstream,
        downstream,
        keys,
        moment,
        dimensions,
        'upstream',
        (dimension, key) => {
          const result = upstreamKeys(dimension.mapping, dimension, [key], moment);
          for (const each of result.missing) missing.add(each);
          return result.keys;
        },
      );
      return { keys: inOrder(found), missing: [...missing].sort() };
    }
  }

  function inOrder(found: Iterable<string>): string[] {
    return sortByIndex(found, set.indexOf);
  }
  function split(wanted: readonly string[]): UpstreamPartitions {
    const missing = [...new Set(wanted)].filter((key) => set.indexOf(key) < 0).sort();
    return { keys: inOrder(wanted), missing };
  }
}

/**
 * The existing downstream keys that need any of `upstreamKeys`, in the downstream's order.
 * @throws {InvalidPartitionMappingError | PartitionsError}
 */
export function downstreamKeys(
  mapping: PartitionMappingSpec | null,
  partitions: MappedPartitions,
  upstreamKeys: readonly string[] | null,
  moment: PartitionsMoment,
): string[] {
  const { upstream, downstream } = partitions;
  if (downstream === null) return [];
  validateMapping(mapping, partitions);
  const chosen = mapping ?? inferMapping(partitions);
  const set = partitionKeySet(downstream, moment.now, moment.dynamicKeys);
  if (upstream === null) return keysOf(set);
  const keys = upstreamKeys ?? keysOf(partitionKeySet(upstream, moment.now, moment.dynamicKeys));
  switch (chosen.type) {
    case 'all':
      return keys.length === 0 ? [] : keysOf(set);
    case 'last': {
      const last = lastPartitionKey(upstream, moment.now, moment.dynamicKeys);
      return last !== null && keys.includes(last) ? keysOf(set) : [];
    }
    case 'specific':
      return chosen.keys.some((key) => keys.includes(key)) ? keysOf(set) : [];
    case 'identity':
      return sortByIndex(keys, set.indexOf);
    case 'static':
      return sortByIndex(downstreamStaticKeys(chosen, keys), set.indexOf);
    case 'time_window':
      return downstreamWindows(chosen, upstream, downstream, keys, moment.now);
    case 'multi_to_single':
    case 'multi': {
      const dimensions = resolveDimensions(chosen, upstream, downstream);
      const found = mapByDimensions(
        downstream,
        upstream,
        keys,
        moment,
        dimensions,
        'downstream',
        (dimension, key) => downstreamKeys(dimension.mapping, dimension, [key], moment),
      );
      return sortByIndex(found, set.indexOf);
    }
  }
}

function sortByIndex(keys: Iterable<string>, indexOf: (key: string) => number): string[] {
  const found = new Map<number, string>();
  for (const key of keys) {
    const index = indexOf(key);
    if (index >= 0) found.set(index, key);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, key]) => key);
}

function kindOf(partitions: PartitionsSpec | null): string {
  return partitions === null ? 'no partitions' : `${partitions.type} partitions`;
}
