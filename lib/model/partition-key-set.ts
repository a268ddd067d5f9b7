/** The keys of a partitions definition at one moment, in order, without making those nobody asks for. */
export interface PartitionKeySet {
  readonly count: number;
  /** `index` from 0 to `count - 1`. */
  keyAt(index: number): string;
  /** -1 for a key that is not in the set. */
  indexOf(key: string): number;
}

const indexes = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The set of a list of distinct keys. The list must not change afterwards. */
export function listKeySet(keys: readonly string[]): PartitionKeySet {
  return {
    count: keys.length,
    keyAt: (index) => keys[index] as string,
    indexOf(key) {
      let index = indexes.get(keys);
      if (index === undefined) {
        index = new Map(keys.map((each, at) => [each, at]));
        indexes.set(keys, index);
      }
      return index.get(key) ?? -1;
    },
  };
}

/** What joins the two parts of the key of a multi-partition. */
export const DIMENSION_SEPARATOR = '|';

/** Every pair of a key of `outer` and a key of `inner`; `outer` varies slowest. */
export function productKeySet(outer: PartitionKeySet, inner: PartitionKeySet): PartitionKeySet {
  return {
    count: outer.count * inner.count,
    keyAt: (index) =>
      `${outer.keyAt(Math.floor(index / inner.count))}${DIMENSION_SEPARATOR}${inner.keyAt(index % inner.count)}`,
    indexOf(key) {
      const at = key.indexOf(DIMENSION_SEPARATOR);
      if (at < 0) return -1;
      const outerIndex = outer.indexOf(key.slice(0, at));
      const innerIndex = inner.indexOf(key.slice(at + 1));
      return outerIndex < 0 || innerIndex < 0 ? -1 : outerIndex * inner.count + innerIndex;
    },
  };
}

/** The keys from index `from` up to but without index `to`. */
export function keysOf(set: PartitionKeySet, from = 0, to = set.count): string[] {
  const keys: string[] = [];
  for (let index = from; index < to; index += 1) keys.push(set.keyAt(index));
  return keys;
}
