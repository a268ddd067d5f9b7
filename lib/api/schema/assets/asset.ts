import { builder, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { MaterializationEvent, ObservationEvent } from '../events/asset-events';
import { eventsOf } from './asset-events';
import { AssetNode, assetNodeValue } from './asset-node';

type AssetValue = Tagged<'Asset', { readonly key: string }>;
export const Asset = builder.objectRef<AssetValue>('Asset');
Asset.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ key }) => key }),
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    definition: t.field({
      type: AssetNode,
      nullable: true,
      resolve: ({ key }, _args, { workspace }) => {
        const found = workspace.asset(key);
        return found === undefined ? null : assetNodeValue(found);
      },
    }),
    hasDefinitionOrRecord: t.boolean({ resolve: () => true }),
    latestMaterializationTimestamp: t.float({
      nullable: true,
      resolve: async ({ key }, _args, { loaders }) =>
        (await loaders.assetRecord.load(key))?.lastMaterialization?.timestamp ?? null,
    }),
    latestFailedToMaterializeTimestamp: t.float({
      nullable: true,
      resolve: async ({ key }, _args, { loaders }) =>
        (await loaders.assetRecord.load(key))?.lastFailureAt ?? null,
    }),
    assetMaterializations: t.field({
      type: [MaterializationEvent],
      args: {
        partitions: t.arg.stringList(),
        beforeTimestampMillis: t.arg.string(),
        afterTimestampMillis: t.arg.string(),
        limit: t.arg.int(),
      },
      resolve: ({ key }, args, context) => eventsOf(key, ['ASSET_MATERIALIZATION'], args, context),
    }),
    assetObservations: t.field({
      type: [ObservationEvent],
      args: {
        partitions: t.arg.stringList(),
        beforeTimestampMillis: t.arg.string(),
        afterTimestampMillis: t.arg.string(),
        limit: t.arg.int(),
      },
      resolve: ({ key }, args, context) => eventsOf(key, ['ASSET_OBSERVATION'], args, context),
    }),
  }),
});

const AssetRecordType = builder.objectRef<{ readonly key: string }>('AssetRecord');
AssetRecordType.implement({
  fields: (t) => ({
    id: t.exposeString('key'),
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
  }),
});
export const AssetRecordConnection =
  builder.objectRef<Tagged<'AssetRecordConnection', { readonly keys: readonly string[] }>>(
    'AssetRecordConnection',
  );
AssetRecordConnection.implement({
  fields: (t) => ({
    assets: t.field({ type: [AssetRecordType], resolve: ({ keys }) => keys.map((key) => ({ key })) }),
    cursor: t.string({ nullable: true, resolve: ({ keys }) => keys.at(-1) ?? null }),
  }),
});
export const AssetConnection =
  builder.objectRef<Tagged<'AssetConnection', { readonly keys: readonly string[] }>>('AssetConnection');
AssetConnection.implement({
  fields: (t) => ({
    nodes: t.field({ type: [Asset], resolve: ({ keys }) => keys.map((key) => tag('Asset', { key })) }),
    cursor: t.string({ nullable: true, resolve: ({ keys }) => keys.at(-1) ?? null }),
  }),
});
