import type { AssetKey } from '../model/asset-key';
import { upstreamKeys } from '../model/partition-mappings';
import { dynamicNames, type PartitionsSpec } from '../model/partitions';
import { ExecutionError } from './errors';
import type { RunScope } from './run-scope';

/** An input asks for partitions of its upstream asset that do not exist. */
export class MissingUpstreamPartitionsError extends ExecutionError {
  override readonly name = 'MissingUpstreamPartitionsError';
  readonly asset: AssetKey;
  readonly missing: readonly string[];

  constructor(asset: AssetKey, missing: readonly string[]) {
    super(
      `Partitions ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? `, … (${missing.length})` : ''} of ${asset} are needed but do not exist. Run a partition whose upstream exists, or let the mapping allow nonexistent upstream partitions.`,
    );
    this.asset = asset;
    this.missing = missing;
  }
}

/**
 * Partition keys of an upstream asset that a step loads, by the mapping of the first consumer that declares the
 * dependency; null when the upstream asset is unpartitioned. What a check's own op loads is the run's partitions.
 *
 * @throws {MissingUpstreamPartitionsError}
 */
export async function inputPartitionKeys(
  scope: RunScope,
  consumers: readonly AssetKey[],
  upstreamAsset: AssetKey,
): Promise<readonly string[] | null> {
  const upstream = scope.index.assets.get(upstreamAsset)?.partitions ?? null;
  if (upstream === null) return null;
  const runKeys = scope.assignment.plan.partitionKeys;
  const consumer = consumers
    .map((key) => scope.index.assets.get(key))
    .find((asset) => asset?.dependencies.some(({ key }) => key === upstreamAsset));
  if (consumer === undefined) return runKeys;
  const mapping = consumer.dependencies.find(({ key }) => key === upstreamAsset)?.mapping ?? null;
  const downstream = consumer.partitions;
  const found = upstreamKeys(mapping, { upstream, downstream }, downstream === null ? null : runKeys, {
    now: scope.host.clock.now(),
    dynamicKeys: await dynamicKeysOf(scope, [upstream, downstream]),
  });
  // The first partition of an asset that reads its own earlier ones has none before it.
  if (found.missing.length > 0 && consumer.key !== upstreamAsset) {
    throw new MissingUpstreamPartitionsError(upstreamAsset, found.missing);
  }
  return found.keys;
}

async function dynamicKeysOf(
  scope: RunScope,
  specs: readonly (PartitionsSpec | null)[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const names = new Set(specs.flatMap(dynamicNames));
  const keys: Record<string, readonly string[]> = {};
  for (const name of names) keys[name] = await scope.host.dynamicPartitionKeys(name);
  return keys;
}
