import { type DynamicPartitionKeys, dynamicNames, type PartitionsSpec } from '../model/partitions';
import type { AssetStorage } from '../ports/asset-storage';

/** The stored keys that a partitions definition needs: those of each dynamic definition inside it. */
export async function dynamicKeysOf(
  spec: PartitionsSpec,
  location: string,
  storage: Pick<AssetStorage, 'dynamicPartitionKeys'>,
): Promise<DynamicPartitionKeys> {
  const names = dynamicNames(spec);
  const keys = await Promise.all(names.map((name) => storage.dynamicPartitionKeys(location, name)));
  return Object.fromEntries(names.map((name, i) => [name, keys[i] ?? []]));
}
