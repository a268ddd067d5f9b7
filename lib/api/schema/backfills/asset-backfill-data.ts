import { isMaterializable } from '../../../model/asset-execution';
import type { AssetKey } from '../../../model/asset-key';
import { type Backfill, backfillProgress } from '../../../model/backfill';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { PartitionKeyRange } from '../assets/partition-ranges';
import { AssetKeyType, assetKey } from '../common';

interface Targeted {
  readonly partitions: readonly string[];
}

export const AssetBackfillTargetPartitions = builder.objectRef<Targeted>('AssetBackfillTargetPartitions');
AssetBackfillTargetPartitions.implement({
  fields: (t) => ({
    partitionKeys: t.stringList({ nullable: true, resolve: ({ partitions }) => [...partitions] }),
    ranges: t.field({ type: [PartitionKeyRange], nullable: true, resolve: () => null }),
  }),
});

export const AssetPartitions = builder.objectRef<Targeted & { readonly asset: AssetKey }>('AssetPartitions');
AssetPartitions.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ asset }) => assetKey(asset) }),
    partitions: t.field({
      type: AssetBackfillTargetPartitions,
      nullable: true,
      resolve: (target) => (isUnpartitioned(target) ? null : target),
    }),
  }),
});

export const isUnpartitioned = ({ partitions }: Targeted): boolean =>
  partitions.length === 1 && partitions[0] === '';

interface AssetStatus {
  readonly asset: AssetKey;
  readonly progress: ReturnType<typeof backfillProgress>;
}

const AssetPartitionsStatusCounts = builder.objectRef<Tagged<'AssetPartitionsStatusCounts', AssetStatus>>(
  'AssetPartitionsStatusCounts',
);
AssetPartitionsStatusCounts.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ asset }) => assetKey(asset) }),
    numPartitionsTargeted: t.int({ resolve: ({ progress }) => progress.targeted }),
    numPartitionsInProgress: t.int({ resolve: ({ progress }) => progress.inProgress }),
    numPartitionsMaterialized: t.int({ resolve: ({ progress }) => progress.completed }),
    numPartitionsFailed: t.int({ resolve: ({ progress }) => progress.failed }),
  }),
});

const UnpartitionedAssetStatus =
  builder.objectRef<Tagged<'UnpartitionedAssetStatus', AssetStatus>>('UnpartitionedAssetStatus');
UnpartitionedAssetStatus.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ asset }) => assetKey(asset) }),
    inProgress: t.boolean({ resolve: ({ progress }) => progress.inProgress > 0 }),
    materialized: t.boolean({ resolve: ({ progress }) => progress.completed > 0 }),
    failed: t.boolean({ resolve: ({ progress }) => progress.failed > 0 }),
  }),
});

const AssetBackfillStatus = builder.unionType('AssetBackfillStatus', {
  types: [AssetPartitionsStatusCounts, UnpartitionedAssetStatus],
  resolveType: byTypename,
});

export const AssetBackfillData = builder.objectRef<Backfill>('AssetBackfillData');
AssetBackfillData.implement({
  fields: (t) => ({
    assetBackfillStatuses: t.field({
      type: [AssetBackfillStatus],
      resolve: (backfill, _args, { workspace }) =>
        (backfill.assetSelection ?? []).map((asset) => {
          const [definition] = backfill.locations.flatMap(
            (name) =>
              workspace
                .location(name)
                ?.manifest?.assets.filter((each) => each.key === asset && isMaterializable(each)) ?? [],
          );
          const status = { asset, progress: backfillProgress(backfill, asset) };
          return definition?.partitions === null
            ? tag('UnpartitionedAssetStatus', status)
            : tag('AssetPartitionsStatusCounts', status);
        }),
    }),
    rootTargetedPartitions: t.field({
      type: AssetBackfillTargetPartitions,
      nullable: true,
      resolve: async (backfill, _args, { loaders }) => {
        const targets = await loaders.backfillTargets.load(backfill.backfillId);
        const root = backfill.assetSelection?.find((asset) =>
          targets.some((target) => target.asset === asset && !isUnpartitioned(target)),
        );
        return root === undefined
          ? null
          : {
              partitions: targets
                .filter(({ asset }) => asset === root)
                .flatMap(({ partitions }) => partitions),
            };
      },
    }),
  }),
});
