import type { BackfillTargetStatus } from '../../../model/backfill';
import type { Run } from '../../../model/run';
import type { RunStatus } from '../../../model/run-status';
import { builder } from '../../builder';
import { RunStatusEnum } from '../runs/run-status';

interface PartitionOfBackfill {
  readonly backfillId: string;
  readonly partition: string;
  readonly run: Run | undefined;
}

const PartitionStatus = builder.objectRef<PartitionOfBackfill>('PartitionStatus');
PartitionStatus.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ backfillId, partition }) => `${backfillId}:${partition}` }),
    partitionName: t.exposeString('partition'),
    runId: t.string({ nullable: true, resolve: ({ run }) => run?.runId ?? null }),
    runStatus: t.field({ type: RunStatusEnum, nullable: true, resolve: ({ run }) => run?.status ?? null }),
    runDuration: t.float({
      nullable: true,
      resolve: ({ run }) =>
        run?.startedAt != null && run.endedAt !== null ? (run.endedAt - run.startedAt) / 1000 : null,
    }),
  }),
});

export const PartitionStatuses = builder.objectRef<readonly PartitionOfBackfill[]>('PartitionStatuses');
PartitionStatuses.implement({
  fields: (t) => ({ results: t.field({ type: [PartitionStatus], resolve: (statuses) => [...statuses] }) }),
});

export const PartitionStatusCounts = builder.objectRef<{
  readonly status: BackfillTargetStatus;
  readonly count: number;
}>('PartitionStatusCounts');

/** How a partition stands, as the status of a run: what Dagster answers here. */
const RUN_STATUS: Readonly<Record<BackfillTargetStatus, RunStatus>> = {
  PENDING: 'NOT_STARTED',
  REQUESTED: 'STARTED',
  SUCCESS: 'SUCCESS',
  FAILED: 'FAILURE',
  CANCELED: 'CANCELED',
  SKIPPED: 'SUCCESS',
  BLOCKED: 'CANCELED',
};
PartitionStatusCounts.implement({
  fields: (t) => ({
    runStatus: t.field({ type: RunStatusEnum, resolve: ({ status }) => RUN_STATUS[status] }),
    count: t.exposeInt('count'),
  }),
});
