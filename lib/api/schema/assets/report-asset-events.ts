import { toMetadata } from '../../../model/metadata';
import { TAG } from '../../../model/tags';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { guarded } from '../../guard';
import { reportAssetEvent, requireAsset, requirePartition } from '../../report-asset-event';
import { AssetKeyInput, AssetKeyType, fromKeyInput } from '../common';
import { PythonError, UnauthorizedError } from '../errors';

const AssetEventType = builder.enumType('AssetEventType', {
  values: ['ASSET_MATERIALIZATION', 'ASSET_OBSERVATION'] as const,
});

const ReportParams = builder.inputType('ReportRunlessAssetEventsParams', {
  fields: (t) => ({
    eventType: t.field({ type: AssetEventType, required: true }),
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    partitionKeys: t.stringList({ required: { list: false, items: false } }),
    description: t.string(),
  }),
});

const ReportSuccess = builder.objectRef<
  Tagged<'ReportRunlessAssetEventsSuccess', { readonly path: readonly string[] }>
>('ReportRunlessAssetEventsSuccess');
ReportSuccess.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ path }) => ({ path: [...path] }) }),
    assetKeyPath: t.stringList({ resolve: ({ path }) => [...path] }),
  }),
});

const ReportResult = builder.unionType('ReportRunlessAssetEventsResult', {
  types: [UnauthorizedError, PythonError, ReportSuccess],
  resolveType: byTypename,
});

builder.mutationFields((t) => ({
  reportRunlessAssetEvents: t.field({
    type: ReportResult,
    args: { eventParams: t.arg({ type: ReportParams, required: true }) },
    resolve: (_root, { eventParams }, context) =>
      guarded(context, 'editor', async () => {
        const asset = requireAsset(fromKeyInput(eventParams.assetKey), context);
        const isMaterialization = eventParams.eventType === 'ASSET_MATERIALIZATION';
        const keys = (eventParams.partitionKeys ?? []).flatMap((key) => key ?? []);
        const partitions = keys.length > 0 ? keys : [undefined];
        for (const partition of partitions) {
          await requirePartition(asset, partition, { needed: isMaterialization }, context);
        }
        const data = {
          metadata: toMetadata({}),
          tags: { [TAG.user]: context.identity.user },
          ...(eventParams.description ? { description: eventParams.description } : {}),
        };
        await reportAssetEvent(
          isMaterialization
            ? { type: 'ASSET_MATERIALIZATION', data: { ...data, inputDataVersions: {} } }
            : { type: 'ASSET_OBSERVATION', data },
          { assetKey: asset.definition.key, partitions },
          context,
        );
        return tag('ReportRunlessAssetEventsSuccess', { path: eventParams.assetKey.path });
      }) as never,
  }),
}));
