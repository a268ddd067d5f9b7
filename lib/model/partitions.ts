/**
 * What partitions a definition has: the functions here take any {@link PartitionsSpec}.
 *
 * `now` (epoch milliseconds) decides which time windows exist; `dynamicKeys` holds the keys of dynamic partitions
 * by the name of their definition.
 */
import { dimensionsOf, keysByDimension, multiPartitions } from './multi-partitions';
import {
  DIMENSION_SEPARATOR,
  keysOf,
  listKeySet,
  type PartitionKeySet,
  productKeySet,
} from './partition-key-set';
import {
  InvalidPartitionsSpecError,
  type PartitionsSpec,
  type PartitionWindow,
  UnknownPartitionKeyError,
} from './partitions-spec';
import { validateKeys } from './static-partitions';
import { timeWindowIdentity, timeWindowSeries } from './time-window-partitions';

export {
  cronPartitions,
  type DailyOptions,
  dailyPartitions,
  hourlyPartitions,
  monthlyPartitions,
  type TimeWindowOptions,
  weeklyPartitions,
} from './cadence-partitions';
export { keysByDimension, multiPartitionKey, multiPartitions } from './multi-partitions';
export * from './partitions-spec';
export { problemOfKey, staticPartitions } from './static-partitions';

/** Keys of dynamic partitions, in the order they were added, by the name of their definition. */
export type DynamicPartitionKeys = Readonly<Record<string, readonly string[]>>;

/**
 * Partitions whose keys are added and removed at run time.
 * @example dynamicPartitions('customers')
 * @throws {InvalidPartitionsSpecError}
 */
export function dynamicPartitions(name: string): PartitionsSpec & { readonly type: 'dynamic' } {
  if (name === '') throw new InvalidPartitionsSpecError('dynamic partitions need a name');
  return { type: 'dynamic', name };
}

/**
 * Checks a definition that may have come from anywhere.
 * @throws {InvalidPartitionsSpecError} saying what is wrong
 */
export function validatePartitions(spec: PartitionsSpec): void {
  switch (spec.type) {
    case 'time_window':
      timeWindowSeries(spec);
      return;
    case 'static':
      validateKeys(spec.keys);
      return;
    case 'dynamic':
      dynamicPartitions(spec.name);
      return;
    case 'multi':
      multiPartitions(spec.dimensions);
      for (const [, dimension] of dimensionsOf(spec)) validatePartitions(dimension);
  }
}

/** Names of the dynamic partitions that a definition is made of, by itself or as one of two dimensions. */
export function dynamicNames(spec: PartitionsSpec | null): string[] {
  if (spec?.type === 'dynamic') return [spec.name];
  return spec?.type === 'multi' ? dimensionsOf(spec).flatMap(([, dimension]) => dynamicNames(dimension)) : [];
}

/** The keys that exist, as a set that makes only those asked for. The cheapest way to several questions. */
export function partitionKeySet(
  spec: PartitionsSpec,
  now: number,
  dynamicKeys: DynamicPartitionKeys = {},
): PartitionKeySet {
  switch (spec.type) {
    case 'time_window':
      return timeWindowSeries(spec).keySetAt(now);
    case 'static':
      return listKeySet(spec.keys);
    case 'dynamic':
      return listKeySet(dynamicKeys[spec.name] ?? []);
    case 'multi': {
      const [[, outer], [, inner]] = dimensionsOf(spec);
      return productKeySet(
        partitionKeySet(outer, now, dynamicKeys),
        partitionKeySet(inner, now, dynamicKeys),
      );
    }
  }
}

/** Every key that exists, in order. */
export function partitionKeys(
  spec: PartitionsSpec,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): string[] {
  return keysOf(partitionKeySet(spec, now, dynamicKeys));
}

/** How many keys exist. */
export function partitionCount(
  spec: PartitionsSpec,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): number {
  return partitionKeySet(spec, now, dynamicKeys).count;
}

/** Whether a key exists. */
export function hasPartitionKey(
  spec: PartitionsSpec,
  key: string,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): boolean {
  return partitionKeySet(spec, now, dynamicKeys).indexOf(key) >= 0;
}

/** The key at an index from 0, or from -1 for the last; null where there is none. */
export function partitionKeyAt(
  spec: PartitionsSpec,
  index: number,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): string | null {
  const set = partitionKeySet(spec, now, dynamicKeys);
  const at = index < 0 ? set.count + index : index;
  return at >= 0 && at < set.count ? set.keyAt(at) : null;
}

/** The first key that exists, or null. */
export function firstPartitionKey(
  spec: PartitionsSpec,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): string | null {
  return partitionKeyAt(spec, 0, now, dynamicKeys);
}

/** The last key that exists, or null. */
export function lastPartitionKey(
  spec: PartitionsSpec,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): string | null {
  return partitionKeyAt(spec, -1, now, dynamicKeys);
}

/**
 * The keys from one to another, both included, in order. Of two dimensions, the box between the two: each
 * dimension's range, combined. Empty if `from` comes after `to`.
 * @throws {UnknownPartitionKeyError} if either does not exist
 */
export function partitionRange(
  spec: PartitionsSpec,
  from: string,
  to: string,
  now: number,
  dynamicKeys?: DynamicPartitionKeys,
): string[] {
  if (spec.type !== 'multi') {
    const set = partitionKeySet(spec, now, dynamicKeys);
    return keysOf(set, knownIndex(set, from), knownIndex(set, to) + 1);
  }
  const fromKeys = keysByDimension(spec, from);
  const toKeys = keysByDimension(spec, to);
  const [outer, inner] = dimensionsOf(spec).map(([name, dimension]) =>
    partitionRange(dimension, fromKeys[name] as string, toKeys[name] as string, now, dynamicKeys),
  ) as [string[], string[]];
  return outer.flatMap((first) => inner.map((second) => `${first}${DIMENSION_SEPARATOR}${second}`));
}

function knownIndex(set: PartitionKeySet, key: string): number {
  const index = set.indexOf(key);
  if (index >= 0) return index;
  const known =
    set.count === 0 ? 'there are none' : `they run from '${set.keyAt(0)}' to '${set.keyAt(set.count - 1)}'`;
  throw new UnknownPartitionKeyError(key, known);
}

/**
 * The time that a partition covers, from its time dimension if it has two; null for partitions without time. The
 * window need not have ended, or begun.
 * @throws {UnknownPartitionKeyError} if no window has that key
 */
export function partitionWindow(spec: PartitionsSpec, key: string): PartitionWindow | null {
  switch (spec.type) {
    case 'time_window': {
      const window = timeWindowSeries(spec).windowOfKey(key);
      if (window === null)
        throw new UnknownPartitionKeyError(key, `no window of '${spec.cron}' has this key`);
      return window;
    }
    case 'multi': {
      const timed = dimensionsOf(spec).filter(([, dimension]) => dimension.type === 'time_window');
      const [only] = timed;
      if (only === undefined || timed.length > 1) return null;
      return partitionWindow(only[1], keysByDimension(spec, key)[only[0]] as string);
    }
    default:
      return null;
  }
}

/**
 * The key of the window that holds an instant, whether or not the window has ended; if that window is excluded, of
 * the last one before it. Null before the first window, after the end, and for partitions without time.
 */
export function partitionKeyForInstant(spec: PartitionsSpec, instant: number): string | null {
  if (spec.type !== 'time_window') return null;
  const series = timeWindowSeries(spec);
  const window = series.windowAt(instant);
  if (window === null || window.start < series.start || window.end > series.end || instant >= series.end)
    return null;
  return series.keyOf(window.start);
}

/** Equal for definitions with the same meaning, whatever the order of their properties. */
export function partitionsIdentity(spec: PartitionsSpec): string {
  switch (spec.type) {
    case 'time_window':
      return timeWindowIdentity(spec);
    case 'static':
      return JSON.stringify(spec.keys);
    case 'dynamic':
      return JSON.stringify(spec.name);
    case 'multi':
      return JSON.stringify(dimensionsOf(spec).map(([name, each]) => [name, partitionsIdentity(each)]));
  }
}
