import { previewBackfill } from '../../../engine/launch-backfill';
import type { AssetKey } from '../../../model/asset-key';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { AssetKeyInput, fromKeyInput } from '../common';
import { InvalidSubsetError, orError, PipelineNotFoundError, PythonError } from '../errors';
import { typedErrors } from '../launch/launch-failures';
import { AssetPartitions } from './asset-backfill-data';
import { LaunchBackfillParams, targetOf } from './launch-backfill';

interface PreviewValue {
  readonly targets: readonly { readonly asset: AssetKey | null; readonly partitions: readonly string[] }[];
  readonly runCount: number;
}

const PartitionBackfillPreview =
  builder.objectRef<Tagged<'PartitionBackfillPreview', PreviewValue>>('PartitionBackfillPreview');
PartitionBackfillPreview.implement({
  fields: (t) => ({
    numRuns: t.exposeInt('runCount', { description: 'Runs that it would make if all goes well.' }),
    numPartitions: t.int({
      resolve: ({ targets }) => new Set(targets.flatMap(({ partitions }) => partitions)).size,
    }),
    partitionNames: t.stringList({
      description: 'Of a job; of assets see assetPartitions.',
      resolve: ({ targets }) =>
        targets.flatMap(({ asset, partitions }) => (asset === null ? [...partitions] : [])),
    }),
    assetPartitions: t.field({ type: [AssetPartitions], resolve: ({ targets }) => assetPartitions(targets) }),
  }),
});

const PartitionBackfillPreviewOrError = builder.unionType('PartitionBackfillPreviewOrError', {
  types: [PartitionBackfillPreview, PipelineNotFoundError, InvalidSubsetError, PythonError],
  resolveType: byTypename,
});

const assetPartitions = (targets: PreviewValue['targets']) =>
  targets.flatMap(({ asset, partitions }) => (asset === null ? [] : [{ asset, partitions }]));

const AssetBackfillPreviewParams = builder.inputType('AssetBackfillPreviewParams', {
  fields: (t) => ({
    partitionNames: t.stringList({ required: true }),
    assetSelection: t.field({ type: [AssetKeyInput], required: true }),
  }),
});

builder.queryFields((t) => ({
  assetBackfillPreview: t.field({
    type: [AssetPartitions],
    args: { params: t.arg({ type: AssetBackfillPreviewParams, required: true }) },
    resolve: async (_root, { params }, { instance }) => {
      const { targets } = await previewBackfill(instance, {
        location: null,
        jobName: null,
        assets: params.assetSelection.map(fromKeyInput),
        partitions: params.partitionNames,
      });
      return assetPartitions(targets);
    },
  }),
  partitionBackfillPreviewOrError: t.field({
    type: PartitionBackfillPreviewOrError,
    description: 'What a backfill would make, and by how many runs; it changes nothing.',
    args: { backfillParams: t.arg({ type: LaunchBackfillParams, required: true }) },
    resolve: (_root, { backfillParams }, { instance }) =>
      orError(() => {
        const target = targetOf(backfillParams);
        return typedErrors({ location: target.location ?? '', name: target.jobName ?? '' }, async () =>
          tag('PartitionBackfillPreview', await previewBackfill(instance, target)),
        );
      }) as never,
  }),
}));
