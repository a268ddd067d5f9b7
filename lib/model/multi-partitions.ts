/** Partitions with two dimensions. */
import { DIMENSION_SEPARATOR } from './partition-key-set';
import {
  InvalidPartitionsSpecError,
  type MultiPartitionsSpec,
  type SingleDimensionPartitionsSpec,
  UnknownPartitionKeyError,
} from './partitions-spec';
import { problemOfDimensionKey } from './static-partitions';

/** The dimensions of a definition in the order in which keys name them. */
export type OrderedDimensions = readonly [
  first: readonly [name: string, spec: SingleDimensionPartitionsSpec],
  second: readonly [name: string, spec: SingleDimensionPartitionsSpec],
];

/**
 * Partitions with one key per pair of keys of two dimensions, joined by `|` in the order of their names.
 * @example multiPartitions({ date: dailyPartitions({ start: '2026-01-01' }), region: staticPartitions(['eu', 'us']) })
 * @throws {InvalidPartitionsSpecError}
 */
export function multiPartitions(
  dimensions: Readonly<Record<string, SingleDimensionPartitionsSpec>>,
): MultiPartitionsSpec {
  const spec: MultiPartitionsSpec = { type: 'multi', dimensions };
  for (const [name, dimension] of dimensionsOf(spec)) {
    if (dimension.type !== 'static') continue;
    for (const key of dimension.keys) {
      const problem = problemOfDimensionKey(key);
      if (problem !== null)
        throw new InvalidPartitionsSpecError(`key '${key}' of dimension '${name}' ${problem}`);
    }
  }
  return spec;
}

/** @throws {InvalidPartitionsSpecError} unless there are exactly two, neither of them multi-partitioned itself */
export function dimensionsOf(spec: MultiPartitionsSpec): OrderedDimensions {
  const entries = Object.entries(spec.dimensions).sort(([a], [b]) => compareCodePoints(a, b));
  const [first, second] = entries;
  if (first === undefined || second === undefined || entries.length > 2) {
    throw new InvalidPartitionsSpecError(
      `it has ${entries.length} dimensions (${entries.map(([name]) => name).join(', ')}), not two`,
    );
  }
  for (const [name, dimension] of entries) {
    if ((dimension as { type: string }).type === 'multi') {
      throw new InvalidPartitionsSpecError(`dimension '${name}' has dimensions itself`);
    }
  }
  return [first, second];
}

/**
 * The key of each dimension, by its name. Says nothing about whether the keys exist.
 * @throws {UnknownPartitionKeyError} for a key without two parts
 */
export function keysByDimension(spec: MultiPartitionsSpec, key: string): Readonly<Record<string, string>> {
  const [[first], [second]] = dimensionsOf(spec);
  const at = key.indexOf(DIMENSION_SEPARATOR);
  if (at < 0) throw new UnknownPartitionKeyError(key, `it has no '|' between its ${first} and its ${second}`);
  return { [first]: key.slice(0, at), [second]: key.slice(at + 1) };
}

/**
 * The key of a multi-partition from one key per dimension.
 * @throws {InvalidPartitionsSpecError} if a dimension has none
 */
export function multiPartitionKey(spec: MultiPartitionsSpec, keys: Readonly<Record<string, string>>): string {
  return dimensionsOf(spec)
    .map(([name]) => {
      const key = keys[name];
      if (key === undefined) throw new InvalidPartitionsSpecError(`no key is given for dimension '${name}'`);
      return key;
    })
    .join(DIMENSION_SEPARATOR);
}

/** Where UTF-16 order and this differ (beyond U+FFFF), names still sort the same in every language. */
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference =
      ((left[at] as string).codePointAt(0) ?? 0) - ((right[at] as string).codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
