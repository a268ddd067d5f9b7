import type { Manifest } from '../../model/manifest';
import type { Instance } from '../../ports/instance';
import { dynamicNames } from '../run-partitions';
import type { Moment } from './backfill-targets';

/** Now, with the keys of all dynamic partitions of a location: what partition mappings are asked with. */
export async function momentOf(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  manifest: Manifest,
): Promise<Moment> {
  const specs = [...manifest.assets, ...manifest.jobs].map(({ partitions }) => partitions);
  const names = new Set(specs.flatMap(dynamicNames));
  const keys = [...names].map(
    async (name) => [name, await storage.dynamicPartitionKeys(manifest.location, name)] as const,
  );
  return { now: clock.now(), dynamicKeys: Object.fromEntries(await Promise.all(keys)) };
}
