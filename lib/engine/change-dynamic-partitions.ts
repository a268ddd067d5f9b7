import type { AssetManifest, Manifest } from '../model/manifest';
import {
  dynamicNames,
  keysByDimension,
  type PartitionsSpec,
  partitionKeys,
  problemOfKey,
} from '../model/partitions';
import type { AssetStorage } from '../ports/asset-storage';
import { dynamicKeysOf } from './dynamic-keys';
import { EngineError } from './errors';

/** Names of the dynamic partitions that a location's assets and jobs have, by themselves or as one of two dimensions. */
export function definedDynamicNames({ assets, jobs }: Pick<Manifest, 'assets' | 'jobs'>): readonly string[] {
  return [...new Set([...assets, ...jobs].flatMap(({ partitions }) => dynamicNames(partitions)))].sort();
}

/** A dynamic partitions definition of a location. */
export interface DynamicPartitions {
  readonly location: string;
  readonly name: string;
}

/**
 * Adds a partition; `exists`: it is there already.
 *
 * @throws {EngineError} no partition can be called so
 */
export async function addDynamicPartition(
  storage: Pick<AssetStorage, 'dynamicPartitionKeys' | 'changeDynamicPartitions'>,
  { location, name }: DynamicPartitions,
  key: string,
): Promise<'added' | 'exists'> {
  const problem = problemOfKey(key);
  if (problem !== null) throw new EngineError(`Partition key '${key}' ${problem}.`);
  if ((await storage.dynamicPartitionKeys(location, name)).includes(key)) return 'exists';
  await storage.changeDynamicPartitions(location, 'add', name, [key]);
  return 'added';
}

/**
 * Deletes partitions. What `wipedAssets` made of them is forgotten too: first, since keys of two dimensions can be told
 * only while the dimension has its keys.
 */
export async function deleteDynamicPartitions(
  storage: Pick<AssetStorage, 'dynamicPartitionKeys' | 'changeDynamicPartitions' | 'wipeAsset'>,
  partitions: DynamicPartitions,
  keys: readonly string[],
  { wipedAssets, now }: { readonly wipedAssets: readonly AssetManifest[]; readonly now: number },
): Promise<void> {
  const { location, name } = partitions;
  for (const { key, partitions: spec } of wipedAssets) {
    if (spec === null) continue;
    const dynamicKeys = await dynamicKeysOf(spec, location, storage);
    const wiped = keysMadeOf(spec, name, new Set(keys), () => partitionKeys(spec, now, dynamicKeys));
    if (wiped.length > 0) await storage.wipeAsset(key, wiped);
  }
  await storage.changeDynamicPartitions(location, 'delete', name, keys);
}

/** Partition keys of a definition in which keys of a dynamic one take part, by themselves or as one of two dimensions. */
function keysMadeOf(
  spec: PartitionsSpec,
  name: string,
  dynamicKeys: ReadonlySet<string>,
  all: () => readonly string[],
): readonly string[] {
  if (spec.type === 'dynamic') return spec.name === name ? [...dynamicKeys] : [];
  if (spec.type !== 'multi') return [];
  const dimensions = Object.entries(spec.dimensions).flatMap(([dimension, each]) =>
    each.type === 'dynamic' && each.name === name ? [dimension] : [],
  );
  if (dimensions.length === 0) return [];
  return all().filter((key) => {
    const byDimension = keysByDimension(spec, key);
    return dimensions.some((dimension) => dynamicKeys.has(byDimension[dimension] ?? ''));
  });
}
