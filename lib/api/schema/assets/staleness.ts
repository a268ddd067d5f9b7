import type { StoredEvent } from '../../../model/event';
import type { AssetManifest } from '../../../model/manifest';
import { type AssetVersion, type StaleCause, staleCauses } from '../../../model/staleness';
import type { AssetRecord } from '../../../ports/storage';
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
  const { key, codeVersion, partitions, op } = definition;
  const last = (await loaders.assetRecord.load(key))?.lastMaterialization;
  if (last?.type !== 'ASSET_MATERIALIZATION') return null;
  if (partitions !== null || op === null) return [];
  const inputs = definition.dependencies.map((dependency) => dependency.key);
  const records = await Promise.all(inputs.map((input) => loaders.assetRecord.load(input)));
  const latest = new Map<string, AssetVersion>();
  for (const record of records) {
    const version = record === undefined ? null : newestVersion(record);
    if (record !== undefined && version !== null) latest.set(record.key, version);
  }
  return staleCauses({ key, codeVersion, inputs }, versionOf(last), latest);
}

/** An observation counts when it says a data version. */
function newestVersion({ lastMaterialization, lastObservation }: AssetRecord): AssetVersion | null {
  const made = lastMaterialization === null ? null : versionOf(lastMaterialization);
  const seen = lastObservation === null ? null : versionOf(lastObservation);
  if (seen === null || seen.dataVersion === null) return made;
  return made === null || seen.storageId > made.storageId ? seen : made;
}

export function versionOf(event: StoredEvent): AssetVersion {
  const isMade = event.type === 'ASSET_MATERIALIZATION';
  return {
    storageId: event.storageId,
    dataVersion: (isMade || event.type === 'ASSET_OBSERVATION' ? event.data.dataVersion : undefined) ?? null,
    codeVersion: (isMade ? event.data.codeVersion : undefined) ?? null,
    inputDataVersions: isMade ? event.data.inputDataVersions : {},
  };
}
