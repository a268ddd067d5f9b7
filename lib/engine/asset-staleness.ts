import { isMaterializable } from '../model/asset-execution';
import type { AssetKey } from '../model/asset-key';
import type { AssetManifest } from '../model/manifest';
import { type AssetVersion, type StaleCause, staleCauses } from '../model/staleness';
import type { AssetVersions } from '../ports/asset-storage';

/** Dagster's words: never made, made from what has changed since, or neither. */
export type StaleStatus = 'MISSING' | 'STALE' | 'FRESH';

/**
 * Why an asset is stale, among versions that are there: its own and those of its dependencies. Of one that is
 * partitioned, or made elsewhere, nothing is said. Null when it was never made.
 */
export function causesAmong(
  asset: AssetManifest,
  versions: ReadonlyMap<AssetKey, AssetVersions>,
): readonly StaleCause[] | null {
  const { key, codeVersion, partitions, dependencies } = asset;
  const made = versions.get(key)?.made;
  if (!made) return null;
  if (partitions !== null || !isMaterializable(asset)) return [];
  const inputs = dependencies.map((dependency) => dependency.key);
  const latest = new Map<AssetKey, AssetVersion>();
  for (const input of inputs) {
    const found = versions.get(input);
    const version = found === undefined ? null : newestVersion(found);
    if (version !== null) latest.set(input, version);
  }
  return staleCauses({ key, codeVersion, inputs }, made, latest);
}

/** @param causes null = it was never made */
export function staleStatusOf(
  asset: Pick<AssetManifest, 'op' | 'isObservable'>,
  causes: readonly StaleCause[] | null,
): StaleStatus {
  if (causes === null) return isMaterializable(asset) ? 'MISSING' : 'FRESH';
  return causes.length > 0 ? 'STALE' : 'FRESH';
}

/** An observation counts when it says a data version. */
function newestVersion({ made, observed }: AssetVersions): AssetVersion | null {
  if (observed === null || observed.dataVersion === null) return made;
  return made === null || observed.storageId > made.storageId ? observed : made;
}
