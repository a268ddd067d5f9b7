import { causesAmong } from '../../../engine/asset-staleness';
import type { AssetManifest } from '../../../model/manifest';
import type { StaleCause } from '../../../model/staleness';
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
