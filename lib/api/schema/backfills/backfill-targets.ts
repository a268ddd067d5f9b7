import type { Backfill, BackfillTargetStatus } from '../../../model/backfill';
import type { BackfillTargets } from '../../../ports/backfill-storage';
import { builder, type ObjectFields } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { PartitionBackfill } from './partition-backfill';

/** How the partitions of a backfill stand, each by itself: Dagster's own fields know runs and sums only. */

const TARGET_STATUSES: Readonly<Record<BackfillTargetStatus, { readonly description: string }>> = {
  PENDING: { description: 'Not requested yet.' },
  REQUESTED: { description: 'A run is to make it.' },
  SUCCESS: { description: 'Made.' },
  FAILED: { description: 'The run that was to make it failed.' },
  CANCELED: { description: 'The run that was to make it was canceled.' },
  SKIPPED: { description: 'A run that succeeded did not make it.' },
  BLOCKED: { description: 'Never requested: something that it depends on was not made.' },
};
const TargetStatus = builder.enumType('BackfillTargetStatus', { values: TARGET_STATUSES });

type Targets = Pick<BackfillTargets, 'asset' | 'status'>;

/** Of which asset, or of the job, and how they stand. */
const whatStandsAlike = <T extends Targets>(t: ObjectFields<T>) => ({
  assetKey: t.field({
    type: AssetKeyType,
    nullable: true,
    description: 'Null: of the job.',
    resolve: ({ asset }: Targets) => (asset === null ? null : assetKey(asset)),
  }),
  status: t.field({ type: TargetStatus, resolve: ({ status }: Targets) => status }),
});

const BackfillTargetCount = builder.objectRef<Backfill['counts'][number]>('BackfillTargetCount');
BackfillTargetCount.implement({
  description: 'How many partitions of an asset, or of the job, stand alike.',
  fields: (t) => ({
    ...whatStandsAlike(t),
    count: t.exposeInt('count'),
  }),
});

const BackfillTargetPartitions = builder.objectRef<BackfillTargets>('BackfillTargetPartitions');
BackfillTargetPartitions.implement({
  description: 'Partitions of an asset, or of the job, that stand alike.',
  fields: (t) => ({
    ...whatStandsAlike(t),
    partitionNames: t.stringList({
      description: 'The partition of an asset without any is empty.',
      resolve: ({ partitions }) => [...partitions],
    }),
  }),
});

builder.objectFields(PartitionBackfill, (t) => ({
  targetCounts: t.field({
    type: [BackfillTargetCount],
    description: 'How far each asset, or the job, is. It is cheap: lists may ask for it.',
    resolve: ({ counts }) => [...counts],
  }),
  targets: t.field({
    type: [BackfillTargetPartitions],
    description: 'How each partition stands.',
    resolve: async ({ backfillId }, _args, { loaders }) => [
      ...(await loaders.backfillTargets.load(backfillId)),
    ],
  }),
  locationNames: t.stringList({
    description: 'Code locations of its runs.',
    resolve: ({ locations }) => [...locations],
  }),
}));
