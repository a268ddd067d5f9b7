import type { Manifest } from '../../model/manifest';
import type { Instance } from '../../ports/instance';
import { dynamicNames } from '../run-partitions';
import type { Moment } from './backfill-targets';

/**
 * Now, with the keys of all dynamic partitions of the locations: what partition mappings are asked with. Those that
 * have one name in several locations are taken together.
 */
export async function momentOf(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  manifests: readonly Manifest[],
): Promise<Moment> {
  const asked = manifests.flatMap(({ location, assets, jobs }) => {
    const names = new Set([...assets, ...jobs].flatMap(({ partitions }) => dynamicNames(partitions)));
    return [...names].map((name) => ({ location, name }));
  });
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
