import type { AssetKey } from '../../../model/asset-key';
import type { AssetManifest } from '../../../model/manifest';
import { type AssetVersion, type StaleCause, staleCauses } from '../../../model/staleness';
import type { AssetVersions } from '../../../ports/storage';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import type { Located } from '../../workspace-index';
import { AssetKeyType, assetKey } from '../common';

export const StaleStatus = builder.enumType('StaleStatus', {
  values: ['MISSING', 'STALE', 'FRESH'] as const,
});
const StaleCauseCategory = builder.enumType('StaleCauseCategory', {
  values: ['CODE', 'DATA', 'DEPENDENCIES'] as const,
});
export const StaleCauseType = builder.objectRef<StaleCause>('StaleCause');
StaleCauseType.implement({
  fields: (t) => ({
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    category: t.field({ type: StaleCauseCategory, resolve: ({ category }) => category }),
    reason: t.exposeString('reason'),
    dependency: t.field({
      type: AssetKeyType,
      nullable: true,
      resolve: ({ dependency }) => (dependency === null ? null : assetKey(dependency)),
    }),
  }),
});

/** Why an asset is stale; of one that is partitioned, or made elsewhere, nothing is said. Null when it was never made. */
export async function causesOf(
  { definition }: Located<AssetManifest>,
  { loaders }: ApiContext,
): Promise<readonly StaleCause[] | null> {
  const keys = [definition.key, ...definition.dependencies.map(({ key }) => key)];
  const versions = await Promise.all(keys.map(loaders.assetVersions.load));
  return causesAmong(definition, new Map(versions.flatMap((each) => (each ? [[each.key, each]] : []))));
}

/** The same among versions that are there: the asset's own and those of its dependencies. */
export function causesAmong(
  { key, codeVersion, partitions, op, dependencies }: AssetManifest,
  versions: ReadonlyMap<AssetKey, AssetVersions>,
): readonly StaleCause[] | null {
  const made = versions.get(key)?.made;
  if (!made) return null;
  if (partitions !== null || op === null) return [];
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
export function staleStatusOf({ op }: AssetManifest, causes: readonly StaleCause[] | null) {
  if (causes === null) return op === null ? 'FRESH' : 'MISSING';
  return causes.length > 0 ? 'STALE' : 'FRESH';
}

/** An observation counts when it says a data version. */
function newestVersion({ made, observed }: AssetVersions): AssetVersion | null {
  if (observed === null || observed.dataVersion === null) return made;
  return made === null || observed.storageId > made.storageId ? observed : made;
}
