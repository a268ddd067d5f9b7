import {
  BACKFILL_STATUSES,
  type Backfill,
  estimateBackfillEnd,
  isBackfillLive,
} from '../../../model/backfill';
import type { Run } from '../../../model/run';
import { isFinished, RUN_STATUSES, type RunStatus } from '../../../model/run-status';
import { TAG } from '../../../model/tags';
import type { BackfillTargets } from '../../../ports/backfill-storage';
import { mayActAt } from '../../access';
import type { ApiContext } from '../../api-context';
import { builder, type Tagged, tag } from '../../builder';
import {
  AssetKeyInput,
  AssetKeyType,
  assetKey,
  fromKeyInput,
  PipelineTag,
  tagPairs,
  toSeconds,
} from '../common';
import { PythonError } from '../errors';
import { InstigationEventConnection } from '../instigation/instigation-events';
import { pageSize } from '../paging';
import { RunType, type RunValue, runValue } from '../runs/run';
import { AssetBackfillData, AssetBackfillTargetPartitions, isUnpartitioned } from './asset-backfill-data';
import { PartitionStatusCounts, PartitionStatuses } from './partition-statuses';

/** Runs of a backfill that are read for one answer. */
const MAX_RUNS = 10_000;

/** Events in one answer. */
const EVENTS_PAGE = 1_000;

/** `COMPLETED` is Dagster's old word; it is never answered. */
export const BulkActionStatus = builder.enumType('BulkActionStatus', {
  values: [...BACKFILL_STATUSES, 'COMPLETED'] as const,
});

type BackfillValue = Tagged<'PartitionBackfill', Backfill>;

export const backfillValue = (backfill: Backfill): BackfillValue => tag('PartitionBackfill', backfill);

async function partitionsOf(backfill: Backfill, { loaders }: ApiContext): Promise<readonly string[]> {
  const targets = await loaders.backfillTargets.load(backfill.backfillId);
  return [...new Set(targets.flatMap(({ partitions }: BackfillTargets) => partitions))]
    .filter((key) => key !== '')
    .sort();
}

const UNFINISHED = RUN_STATUSES.filter((status) => !isFinished(status));

function runsOf(
  { backfillId }: Backfill,
  { loaders }: ApiContext,
  { limit, statuses }: { readonly limit: number; readonly statuses?: readonly RunStatus[] },
): Promise<readonly Run[]> {
  return loaders.runsByTag.load(backfillId, {
    key: TAG.backfill,
    statuses,
    limit: Math.min(limit, MAX_RUNS),
  });
}

async function unfinishedRunsOf(
  backfill: Backfill,
  context: ApiContext,
  limit: number | null | undefined,
): Promise<RunValue[]> {
  const asked = { limit: pageSize(limit, 100), statuses: UNFINISHED };
  return (await runsOf(backfill, context, asked)).map(runValue);
}

/** A job's partition set is called `<job>_partition_set`, as in Dagster. */
export const PARTITION_SET_SUFFIX = '_partition_set';

export const PartitionBackfill = builder.objectRef<BackfillValue>('PartitionBackfill');
PartitionBackfill.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ backfillId }) => backfillId }),
    status: t.field({ type: BulkActionStatus, resolve: ({ status }) => status }),
    isAssetBackfill: t.boolean({ resolve: ({ assetSelection }) => assetSelection !== null }),
    jobName: t.string({
      nullable: true,
      resolve: ({ assetSelection, jobName }) => (assetSelection === null ? jobName : null),
    }),
    partitionSetName: t.string({
      nullable: true,
      resolve: ({ assetSelection, jobName }) =>
        assetSelection === null ? `${jobName}${PARTITION_SET_SUFFIX}` : null,
    }),
    assetSelection: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: ({ assetSelection }) => assetSelection?.map(assetKey) ?? null,
    }),
    partitionNames: t.stringList({
      nullable: true,
      resolve: async (backfill, _args, context) => [...(await partitionsOf(backfill, context))],
    }),
    reexecutionSteps: t.stringList({
      nullable: true,
      description: 'The steps that each of its runs is of; null: all.',
      resolve: ({ tags }) => tags[TAG.stepSelection]?.split(',') ?? null,
    }),
    numPartitions: t.int({
      nullable: true,
      resolve: async (backfill, _args, context) => (await partitionsOf(backfill, context)).length,
    }),
    isValidSerialization: t.boolean({ resolve: () => true }),
    fromFailure: t.exposeBoolean('fromFailure'),
    timestamp: t.float({ resolve: ({ createdAt }) => createdAt / 1000 }),
    creationTime: t.float({ resolve: ({ createdAt }) => createdAt / 1000 }),
    startTime: t.float({ nullable: true, resolve: ({ createdAt }) => createdAt / 1000 }),
    endTime: t.float({ nullable: true, resolve: ({ endedAt }) => toSeconds(endedAt) }),
    endTimestamp: t.float({ nullable: true, resolve: ({ endedAt }) => toSeconds(endedAt) }),
    estimatedEndTime: t.float({
      nullable: true,
      description: 'When it is done if it goes on as so far, in seconds; null while nothing can be said.',
      resolve: (backfill, _args, { now }) => toSeconds(estimateBackfillEnd(backfill, now)),
    }),
    isPaused: t.boolean({
      description: 'Whether its runs are held back until it is resumed.',
      resolve: ({ pausedAt }) => pausedAt !== null,
    }),
    cause: t.exposeString('cause', { nullable: true, description: 'Who canceled it, or why it failed.' }),
    error: t.field({
      type: PythonError,
      nullable: true,
      resolve: ({ error }) => (error === null ? null : tag('PythonError', error)),
    }),
    title: t.exposeString('title', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    user: t.string({ nullable: true, resolve: ({ tags }) => tags[TAG.user] ?? null }),
    tags: t.field({
      type: [PipelineTag],
      resolve: ({ tags, parentBackfillId, rootBackfillId }) =>
        tagPairs({
          ...tags,
          ...(parentBackfillId === null ? {} : { [TAG.parentBackfill]: parentBackfillId }),
          ...(rootBackfillId === null ? {} : { [TAG.rootBackfill]: rootBackfillId }),
        }),
    }),
    runs: t.field({
      type: [RunType],
      args: { limit: t.arg.int() },
      resolve: async (backfill, { limit }, context) =>
        (await runsOf(backfill, context, { limit: limit ?? 100 })).map(runValue),
    }),
    unfinishedRuns: t.field({
      type: [RunType],
      args: { limit: t.arg.int() },
      resolve: (backfill, { limit }, context) => unfinishedRunsOf(backfill, context, limit),
    }),
    cancelableRuns: t.field({
      type: [RunType],
      args: { limit: t.arg.int() },
      resolve: (backfill, { limit }, context) => unfinishedRunsOf(backfill, context, limit),
    }),
    partitionsTargetedForAssetKey: t.field({
      type: AssetBackfillTargetPartitions,
      nullable: true,
      args: { assetKey: t.arg({ type: AssetKeyInput }) },
      resolve: async ({ backfillId }, { assetKey: key }, { loaders }) => {
        if (!key) return null;
        const targets = await loaders.backfillTargets.load(backfillId);
        const partitions = targets
          .filter(({ asset }) => asset === fromKeyInput(key))
          .flatMap((target) => target.partitions);
        return partitions.length === 0 || isUnpartitioned({ partitions }) ? null : { partitions };
      },
    }),
    numCancelable: t.int({
      resolve: async (backfill, _args, context) =>
        (await runsOf(backfill, context, { limit: MAX_RUNS, statuses: UNFINISHED })).length,
    }),
    partitionStatuses: t.field({
      type: PartitionStatuses,
      nullable: true,
      resolve: async (backfill, _args, context) => {
        if (backfill.assetSelection !== null) return null;
        const runs = await runsOf(backfill, context, { limit: MAX_RUNS });
        // Newest first: the first of a partition is its last.
        const byPartition = new Map(runs.toReversed().map((run) => [run.tags[TAG.partition], run]));
        return (await partitionsOf(backfill, context)).map((partition) => ({
          backfillId: backfill.backfillId,
          partition,
          run: byPartition.get(partition),
        }));
      },
    }),
    partitionStatusCounts: t.field({ type: [PartitionStatusCounts], resolve: ({ counts }) => [...counts] }),
    assetBackfillData: t.field({
      type: AssetBackfillData,
      nullable: true,
      resolve: (backfill) => (backfill.assetSelection === null ? null : backfill),
    }),
    logEvents: t.field({
      type: InstigationEventConnection,
      description: 'What it said as it went on, oldest first.',
      args: { cursor: t.arg.string() },
      resolve: async ({ backfillId }, { cursor }, { instance }) => {
        const after = Number(cursor ?? 0);
        const found = Number.isSafeInteger(after)
          ? await instance.storage.backfillEvents(backfillId, after, EVENTS_PAGE + 1)
          : [];
        const events = found.slice(0, EVENTS_PAGE);
        return {
          events,
          cursor: String(events.at(-1)?.eventId ?? after),
          hasMore: found.length > EVENTS_PAGE,
        };
      },
    }),
    hasCancelPermission: t.boolean({
      resolve: ({ locations }, _args, { identity }) =>
        locations.every((name) => mayActAt(identity, name, 'launcher')),
    }),
    hasResumePermission: t.boolean({
      resolve: ({ locations }, _args, { identity }) =>
        locations.every((name) => mayActAt(identity, name, 'launcher')),
    }),
    isCancelable: t.boolean({
      resolve: (backfill) => isBackfillLive(backfill) && backfill.status === 'REQUESTED',
    }),
  }),
});
