import { didYouMean, nearMisses } from '../model/near-misses';
import {
  keysByDimension,
  type PartitionsSpec,
  partitionWindow,
  UnknownPartitionKeyError,
} from '../model/partitions';

/**
 * Refuses a partition key that the definition can never have. Whether its window has ended does not matter: a
 * test may materialize any day.
 *
 * @throws {UnknownPartitionKeyError}
 */
export function checkPartitionKey(spec: PartitionsSpec, key: string): void {
  switch (spec.type) {
    case 'time_window':
      partitionWindow(spec, key);
      return;
    case 'static':
      if (!spec.keys.includes(key)) {
        const near = didYouMean(nearMisses(key, spec.keys));
        throw new UnknownPartitionKeyError(key, `keys are ${spec.keys.slice(0, 10).join(', ')}.${near}`);
      }
      return;
    case 'multi': {
      const keys = keysByDimension(spec, key);
      for (const [name, dimension] of Object.entries(spec.dimensions))
        checkPartitionKey(dimension, keys[name] ?? '');
      return;
    }
    case 'dynamic':
      return;
  }
}

/** When the last of the partitions is over, in epoch ms; undefined without time. */
export function endOfPartitions(spec: PartitionsSpec | null, keys: readonly string[]): number | undefined {
  const last = keys.at(-1);
  return spec === null || last === undefined ? undefined : partitionWindow(spec, last)?.end;
}
