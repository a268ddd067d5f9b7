import type { BackfillPartitions } from '../../engine/backfills/backfill-targets';
import { changeBackfill, reexecuteBackfill } from '../../engine/change-backfill';
import { BackfillNotFoundError as EngineBackfillNotFoundError } from '../../engine/errors';
import { type LaunchBackfillRequest, launchBackfill, previewBackfill } from '../../engine/launch-backfill';
import type { AssetKey } from '../../model/asset-key';
import {
  BACKFILL_STATUSES,
  type Backfill,
  type BackfillTargetStatus,
  backfillProgress,
  estimateBackfillEnd,
  isBackfillLive,
} from '../../model/backfill';
import type { Run } from '../../model/run';
import { isFinished, RUN_STATUSES, type RunStatus } from '../../model/run-status';
import { TAG } from '../../model/tags';
import type { BackfillTargets } from '../../ports/storage';
import { mayActAt } from '../access';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { canceledBy } from '../canceled-by';
import { ClientFacingError } from '../client-facing-error';
import { guarded } from '../guard';
import {
  AssetKeyInput,
  AssetKeyType,
  assetKey,
  ExecutionTag,
  fromKeyInput,
  PipelineTag,
  RepositorySelector,
  tagPairs,
  toSeconds,
} from './common';
import {
  InvalidSubsetError,
  orError,
  PartitionKeysNotFoundError,
  PartitionSetNotFoundError,
  PipelineNotFoundError,
  PythonError,
  UnauthorizedError,
} from './errors';
import { PartitionKeyRange, PartitionsByAssetSelector } from './instance-mutations';
import { InstigationEventConnection } from './instigation-events';
import { launchFailures, parseConfig, ReexecutionParams, toTags, typedErrors } from './launch';
import { pageSize, RunStatusEnum, RunType, runValue } from './runs';

/** Runs of a backfill that are read for one answer. */
const MAX_RUNS = 10_000;
const MAX_BACKFILLS = 1_000;
/** Events in one answer. */
const EVENTS_PAGE = 1_000;

/** `COMPLETED` is Dagster's old word; it is never answered. */
const BulkActionStatus = builder.enumType('BulkActionStatus', {
  values: [...BACKFILL_STATUSES, 'COMPLETED'] as const,
});

const BulkActionsFilter = builder.inputType('BulkActionsFilter', {
  fields: (t) => ({
    statuses: t.field({ type: [BulkActionStatus] }),
    createdBefore: t.float(),
    createdAfter: t.float(),
  }),
});

interface Targeted {
  readonly partitions: readonly string[];
}
const AssetBackfillTargetPartitions = builder.objectRef<Targeted>('AssetBackfillTargetPartitions');
AssetBackfillTargetPartitions.implement({
  fields: (t) => ({
    partitionKeys: t.stringList({ nullable: true, resolve: ({ partitions }) => [...partitions] }),
    ranges: t.field({ type: [PartitionKeyRange], nullable: true, resolve: () => null }),
  }),
});

const AssetPartitions = builder.objectRef<Targeted & { readonly asset: AssetKey }>('AssetPartitions');
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

const isUnpartitioned = ({ partitions }: Targeted): boolean =>
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
const AssetBackfillData = builder.objectRef<Backfill>('AssetBackfillData');
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
                ?.manifest?.assets.filter(({ key, op }) => key === asset && op !== null) ?? [],
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
      resolve: async (backfill, _args, { instance }) => {
        const targets = await instance.storage.backfillTargets(backfill.backfillId);
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
const PartitionStatuses = builder.objectRef<readonly PartitionOfBackfill[]>('PartitionStatuses');
PartitionStatuses.implement({
  fields: (t) => ({ results: t.field({ type: [PartitionStatus], resolve: (statuses) => [...statuses] }) }),
});
const PartitionStatusCounts = builder.objectRef<{
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

type BackfillValue = Tagged<'PartitionBackfill', Backfill>;
export const backfillValue = (backfill: Backfill): BackfillValue => tag('PartitionBackfill', backfill);

async function partitionsOf(backfill: Backfill, { instance }: ApiContext): Promise<readonly string[]> {
  const targets = await instance.storage.backfillTargets(backfill.backfillId);
  return [...new Set(targets.flatMap(({ partitions }: BackfillTargets) => partitions))]
    .filter((key) => key !== '')
    .sort();
}

function runsOf({ backfillId }: Backfill, { instance }: ApiContext, limit: number): Promise<readonly Run[]> {
  const filter = { tags: [{ key: TAG.backfill, values: [backfillId] }] };
  return instance.storage.listRuns({ filter, limit: Math.min(limit, MAX_RUNS) });
}

async function unfinishedRunsOf(
  { backfillId }: Backfill,
  { instance }: ApiContext,
  limit: number | null | undefined,
) {
  const filter = {
    tags: [{ key: TAG.backfill, values: [backfillId] }],
    statuses: RUN_STATUSES.filter((status) => !isFinished(status)),
  };
  return (await instance.storage.listRuns({ filter, limit: pageSize(limit, 100) })).map(runValue);
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
        (await runsOf(backfill, context, limit ?? 100)).map(runValue),
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
      resolve: async ({ backfillId }, { assetKey: key }, { instance }) => {
        if (!key) return null;
        const targets = await instance.storage.backfillTargets(backfillId);
        const partitions = targets
          .filter(({ asset }) => asset === fromKeyInput(key))
          .flatMap((target) => target.partitions);
        return partitions.length === 0 || isUnpartitioned({ partitions }) ? null : { partitions };
      },
    }),
    numCancelable: t.int({
      resolve: async (backfill, _args, context) =>
        (await runsOf(backfill, context, MAX_RUNS)).filter(({ status }) => !isFinished(status)).length,
    }),
    partitionStatuses: t.field({
      type: PartitionStatuses,
      nullable: true,
      resolve: async (backfill, _args, context) => {
        if (backfill.assetSelection !== null) return null;
        const runs = await runsOf(backfill, context, MAX_RUNS);
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

type NotFoundValue = Tagged<
  'BackfillNotFoundError',
  { readonly backfillId: string; readonly message: string }
>;
const BackfillNotFoundError = builder.objectRef<NotFoundValue>('BackfillNotFoundError');
BackfillNotFoundError.implement({
  fields: (t) => ({ backfillId: t.exposeString('backfillId'), message: t.exposeString('message') }),
});
const notFound = (backfillId: string): NotFoundValue =>
  tag('BackfillNotFoundError', { backfillId, message: new EngineBackfillNotFoundError(backfillId).message });

const PartitionBackfills =
  builder.objectRef<Tagged<'PartitionBackfills', { readonly backfills: readonly Backfill[] }>>(
    'PartitionBackfills',
  );
PartitionBackfills.implement({
  fields: (t) => ({
    results: t.field({ type: [PartitionBackfill], resolve: ({ backfills }) => backfills.map(backfillValue) }),
  }),
});
const PartitionBackfillsOrError = builder.unionType('PartitionBackfillsOrError', {
  types: [PartitionBackfills, PythonError],
  resolveType: byTypename,
});
const PartitionBackfillOrError = builder.unionType('PartitionBackfillOrError', {
  types: [PartitionBackfill, BackfillNotFoundError, PythonError],
  resolveType: byTypename,
});

const PartitionSetSelector = builder.inputType('PartitionSetSelector', {
  fields: (t) => ({
    partitionSetName: t.string({ required: true }),
    repositorySelector: t.field({ type: RepositorySelector }),
    repositoryLocationName: t.string({ description: 'Instead of a repositorySelector.' }),
    repositoryName: t.string(),
  }),
});
const LaunchBackfillParams = builder.inputType('LaunchBackfillParams', {
  fields: (t) => ({
    selector: t.field({ type: PartitionSetSelector }),
    partitionNames: t.stringList(),
    partitionsByAssets: t.field({ type: [PartitionsByAssetSelector] }),
    assetSelection: t.field({ type: [AssetKeyInput] }),
    allPartitions: t.boolean(),
    fromFailure: t.boolean(),
    reexecutionSteps: t.stringList({
      description: 'Jobs only: these steps of each run; +load, load* and the like select around one.',
    }),
    forceSynchronousSubmission: t.boolean({
      description: 'As if true: what can be requested at once is, before the answer.',
    }),
    tags: t.field({ type: [ExecutionTag] }),
    title: t.string(),
    description: t.string(),
    runConfigData: t.field({ type: 'RunConfigData' }),
  }),
});
type Params = typeof LaunchBackfillParams.$inferInput;

type Target = Pick<LaunchBackfillRequest, 'location' | 'jobName' | 'assets' | 'partitions'>;

function targetOf({
  selector,
  partitionNames,
  partitionsByAssets,
  assetSelection,
  allPartitions,
}: Params): Target {
  const suffix = new RegExp(`${PARTITION_SET_SUFFIX}$`);
  const partitions: BackfillPartitions | null = partitionsByAssets
    ? {
        byAsset: partitionsByAssets.map(({ assetKey: key, partitions: asked }) => ({
          asset: fromKeyInput(key),
          ranges: asked?.ranges ?? (asked?.range ? [asked.range] : null),
        })),
      }
    : (partitionNames ?? (allPartitions === true ? 'all' : null));
  if (partitions === null) {
    throw new ClientFacingError(
      'A backfill needs partitionNames, partitionsByAssets, or allPartitions: true.',
    );
  }
  return {
    location:
      selector?.repositorySelector?.repositoryLocationName ?? selector?.repositoryLocationName ?? null,
    jobName: selector?.partitionSetName.replace(suffix, '') ?? null,
    assets: (assetSelection ?? partitionsByAssets?.map((each) => each.assetKey))?.map(fromKeyInput) ?? null,
    partitions,
  };
}

const LaunchBackfillSuccess =
  builder.objectRef<
    Tagged<'LaunchBackfillSuccess', { readonly backfillId: string; readonly runIds: readonly string[] }>
  >('LaunchBackfillSuccess');
LaunchBackfillSuccess.implement({
  fields: (t) => ({
    backfillId: t.exposeString('backfillId'),
    launchedRunIds: t.stringList({ nullable: true, resolve: ({ runIds }) => [...runIds] }),
  }),
});
const LaunchBackfillResult = builder.unionType('LaunchBackfillResult', {
  types: [LaunchBackfillSuccess, PartitionKeysNotFoundError, PartitionSetNotFoundError, ...launchFailures],
  resolveType: byTypename,
});

function launch(params: Params, context: ApiContext) {
  return guarded(context, 'launcher', () => {
    const target = targetOf(params);
    return typedErrors({ location: target.location ?? '', name: target.jobName ?? '' }, async () => {
      const launched = await launchBackfill(context.instance, context.options.engine, {
        ...target,
        config: parseConfig(params.runConfigData),
        tags: { ...toTags(params.tags), [TAG.user]: context.identity.user },
        title: params.title ?? null,
        description: params.description ?? null,
        fromFailure: params.fromFailure ?? false,
        stepKeys: params.reexecutionSteps ?? null,
      });
      return tag('LaunchBackfillSuccess', launched);
    });
  });
}

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

const successType = <N extends string>(name: N) => {
  const ref = builder.objectRef<Tagged<N, { readonly backfillId: string }>>(name);
  ref.implement({ fields: (t) => ({ backfillId: t.string({ resolve: ({ backfillId }) => backfillId }) }) });
  return ref;
};
const resultType = (name: string, success: ReturnType<typeof successType>) =>
  builder.unionType(name, { types: [success, UnauthorizedError, PythonError], resolveType: byTypename });
const CancelBackfillResult = resultType('CancelBackfillResult', successType('CancelBackfillSuccess'));
const ResumeBackfillResult = resultType('ResumeBackfillResult', successType('ResumeBackfillSuccess'));
const PauseBackfillResult = resultType('PauseBackfillResult', successType('PauseBackfillSuccess'));
const PrioritizeBackfillResult = resultType(
  'PrioritizeBackfillResult',
  successType('PrioritizeBackfillSuccess'),
);

function change<N extends string>(
  context: ApiContext,
  success: N,
  backfillId: string,
  asked: Parameters<typeof changeBackfill>[3],
) {
  return guarded(context, 'launcher', async () => {
    await changeBackfill(context.instance, context.options.engine, backfillId, asked);
    return tag(success, { backfillId });
  });
}

builder.queryFields((t) => ({
  partitionBackfillOrError: t.field({
    type: PartitionBackfillOrError,
    args: { backfillId: t.arg.string({ required: true }) },
    resolve: (_root, { backfillId }, { instance }) =>
      orError(async () => {
        const [backfill] = await instance.storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
        return backfill === undefined ? notFound(backfillId) : backfillValue(backfill);
      }) as never,
  }),
  partitionBackfillsOrError: t.field({
    type: PartitionBackfillsOrError,
    args: {
      status: t.arg({ type: BulkActionStatus }),
      cursor: t.arg.string(),
      limit: t.arg.int(),
      filters: t.arg({ type: BulkActionsFilter }),
    },
    resolve: (_root, { status, cursor, limit, filters }, { instance }) =>
      orError(async () => {
        const asked = filters?.statuses ?? (status == null ? undefined : [status]);
        const backfills = await instance.storage.listBackfills({
          statuses: asked && BACKFILL_STATUSES.filter((known) => asked.includes(known)),
          createdAfter: filters?.createdAfter == null ? undefined : filters.createdAfter * 1000,
          createdBefore: filters?.createdBefore == null ? undefined : filters.createdBefore * 1000,
          cursor: cursor ?? undefined,
          limit: Math.min(limit ?? 100, MAX_BACKFILLS),
        });
        return tag('PartitionBackfills', { backfills });
      }) as never,
  }),
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

builder.mutationFields((t) => {
  const args = { backfillId: t.arg.string({ required: true }) };
  return {
    launchPartitionBackfill: t.field({
      type: LaunchBackfillResult,
      args: { backfillParams: t.arg({ type: LaunchBackfillParams, required: true }) },
      resolve: (_root, { backfillParams }, context) => launch(backfillParams, context) as never,
    }),
    cancelPartitionBackfill: t.field({
      type: CancelBackfillResult,
      args,
      resolve: (_root, { backfillId }, context) =>
        change(context, 'CancelBackfillSuccess', backfillId, {
          kind: 'cancel',
          cause: canceledBy(context),
        }) as never,
    }),
    resumePartitionBackfill: t.field({
      type: ResumeBackfillResult,
      args,
      resolve: (_root, { backfillId }, context) =>
        change(context, 'ResumeBackfillSuccess', backfillId, { kind: 'resume' }) as never,
    }),
    pausePartitionBackfill: t.field({
      type: PauseBackfillResult,
      args,
      resolve: (_root, { backfillId }, context) =>
        change(context, 'PauseBackfillSuccess', backfillId, { kind: 'pause' }) as never,
    }),
    prioritizePartitionBackfill: t.field({
      type: PrioritizeBackfillResult,
      args: { ...args, priority: t.arg.int({ required: true }) },
      resolve: (_root, { backfillId, priority }, context) =>
        change(context, 'PrioritizeBackfillSuccess', backfillId, { kind: 'priority', priority }) as never,
    }),
    reexecutePartitionBackfill: t.field({
      type: LaunchBackfillResult,
      args: { reexecutionParams: t.arg({ type: ReexecutionParams }) },
      resolve: (_root, { reexecutionParams }, context) =>
        guarded(context, 'launcher', () => {
          if (!reexecutionParams) {
            throw new ClientFacingError(
              'reexecutionParams says which backfill to launch again: parentRunId is its id.',
            );
          }
          return typedErrors({ location: '', name: '' }, async () =>
            tag(
              'LaunchBackfillSuccess',
              await reexecuteBackfill(context.instance, context.options.engine, {
                parentBackfillId: reexecutionParams.parentRunId,
                strategy: reexecutionParams.strategy,
                user: context.identity.user,
              }),
            ),
          );
        }) as never,
    }),
  };
});
