/** Partition mappings that are tables of keys. */
import { InvalidPartitionMappingError, type StaticPartitionMappingSpec } from './partition-mapping-spec';
import type { PartitionsSpec } from './partitions';

/** @throws {InvalidPartitionMappingError} unless both are static and have the keys that the table names */
export function validateStaticMapping(
  mapping: StaticPartitionMappingSpec,
  upstream: PartitionsSpec | null,
  downstream: PartitionsSpec | null,
): void {
  if (upstream?.type !== 'static' || downstream?.type !== 'static') {
    throw new InvalidPartitionMappingError(mapping, 'both assets must have static partitions');
  }
  for (const [key, targets] of entriesOf(mapping)) {
    if (!upstream.keys.includes(key)) {
      throw new InvalidPartitionMappingError(mapping, `upstream has no partition '${key}'`);
    }
    const unknown = targets.find((target) => !downstream.keys.includes(target));
    if (unknown !== undefined) {
      throw new InvalidPartitionMappingError(mapping, `downstream has no partition '${unknown}'`);
    }
  }
}

/** Keys that any of `downstreamKeys` needs. */
export function upstreamStaticKeys(
  mapping: StaticPartitionMappingSpec,
  downstreamKeys: readonly string[],
): string[] {
  const wanted = new Set(downstreamKeys);
  return entriesOf(mapping).flatMap(([key, targets]) =>
    targets.some((target) => wanted.has(target)) ? [key] : [],
  );
}

/** Keys that need any of `upstreamKeys`. */
export function downstreamStaticKeys(
  mapping: StaticPartitionMappingSpec,
  upstreamKeys: readonly string[],
): string[] {
  const given = new Set(upstreamKeys);
  return entriesOf(mapping).flatMap(([key, targets]) => (given.has(key) ? targets : []));
}

function entriesOf(mapping: StaticPartitionMappingSpec): (readonly [string, readonly string[]])[] {
  return Object.entries(mapping.downstreamKeysByUpstreamKey).map(([key, targets]) => [
    key,
    typeof targets === 'string' ? [targets] : targets,
  ]);
}
