import type { Manifest } from '../../model/manifest';
import type { Instance } from '../../ports/instance';
import { definedDynamicNames } from '../change-dynamic-partitions';
import type { Moment } from './backfill-targets';

/**
 * Now, with the keys of all dynamic partitions of the locations: what partition mappings are asked with. Those that
 * have one name in several locations are taken together.
 */
export async function momentOf(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  manifests: readonly Manifest[],
): Promise<Moment> {
  const asked = manifests.flatMap((manifest) =>
    definedDynamicNames(manifest).map((name) => ({ location: manifest.location, name })),
  );
  const dynamicKeys: Record<string, readonly string[]> = {};
  const known = await Promise.all(
    asked.map(async ({ location, name }) => ({
      name,
      keys: await storage.dynamicPartitionKeys(location, name),
    })),
  );
  for (const { name, keys } of known)
    dynamicKeys[name] = [...new Set([...(dynamicKeys[name] ?? []), ...keys])];
  return { now: clock.now(), dynamicKeys };
}
