import type { AssetKey } from '../model/asset-key';
import { type PartitionsSpec, partitionRange } from '../model/partitions';
import type { AssetStorage } from '../ports/asset-storage';
import { dynamicKeysOf } from './dynamic-keys';
import { EngineError } from './errors';

/**
 * Forgets what an asset was made of: all of it, or its partitions between the ends of ranges, both included.
 *
 * @param definition of code that is loaded; what no code declares any more can be wiped as a whole
 * @throws {EngineError} ranges of an asset without partitions
 */
export async function wipeAsset(
  storage: Pick<AssetStorage, 'dynamicPartitionKeys' | 'wipeAsset'>,
  key: AssetKey,
  ranges: readonly { readonly start: string; readonly end: string }[] | null,
  {
    definition,
    now,
  }: {
    readonly definition:
      | { readonly location: string; readonly partitions: PartitionsSpec | null }
      | undefined;
    readonly now: number;
  },
): Promise<void> {
  if (ranges === null) return storage.wipeAsset(key, null);
  if (definition === undefined || definition.partitions === null) {
    throw new EngineError(
      `Asset '${key}' has no partitions to wipe; leave the ranges out to wipe all of it.`,
    );
  }
  const { partitions, location } = definition;
  const dynamicKeys = await dynamicKeysOf(partitions, location, storage);
  const keys = ranges.flatMap(({ start, end }) => partitionRange(partitions, start, end, now, dynamicKeys));
  await storage.wipeAsset(key, keys);
}
