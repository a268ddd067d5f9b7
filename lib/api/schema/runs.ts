import { stringify } from 'yaml';
import { explainWaiting } from '../../engine/explain-waiting';
import type { PlannedStep } from '../../model/execution-plan';
import type { Run } from '../../model/run';
import { isFinished, RUN_STATUSES } from '../../model/run-status';
import type { RunFilter, StepStats } from '../../ports/storage';
import { mayActAt } from '../access';
import type { ApiContext } from '../api-context';
import { type BatchLoader, batchLoader } from '../batch-loader';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { countCap } from '../count-cap';
import { REPOSITORY } from '../workspace-index';
import {
  AssetKeyType,
  assetKey,
  ExecutionTag,
  PipelineTag,
  RepositoryMetadata,
  tagPairs,
  toSeconds,
} from './common';
import { InvalidPipelineRunsFilterError, orError, PythonError, RunNotFoundError } from './errors';

/** Rows in one page at most, everywhere. */
export const MAX_PAGE = 1_000;
/** Counting stops here: a bigger number is shown as "10,000+" and costs no more. */
export const MAX_COUNT = 10_000;

/** The page size asked for, or the default; refuses what would not fit. */
export function pageSize(limit: number | null | undefined, fallback: number): number {
  const size = limit ?? fallback;
  if (size < 0 || size > MAX_PAGE)
    throw new ClientFacingError(`limit ${size}: pages hold 0 to ${MAX_PAGE} rows.`);
  return size;
}

export const RunStatusEnum = builder.enumType('RunStatus', { values: RUN_STATUSES });

const RepositoryOriginRef = builder.objectRef<{ readonly location: string }>('RepositoryOrigin');
RepositoryOriginRef.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ location }) => location }),
    repositoryLocationName: t.exposeString('location'),
    repositoryName: t.string({ resolve: () => REPOSITORY }),
    repositoryLocationMetadata: t.field({ type: [RepositoryMetadata], resolve: () => [] }),
  }),
});
export const RepositoryOrigin = RepositoryOriginRef;

const StepKind = builder.enumType('StepKind', {
  values: ['COMPUTE', 'UNRESOLVED_MAPPED', 'UNRESOLVED_COLLECT'] as const,
});
const StepEventStatus = builder.enumType('StepEventStatus', {
  values: ['SKIPPED', 'SUCCESS', 'FAILURE', 'IN_PROGRESS'] as const,
});

interface StepInPlan {
  readonly step: PlannedStep;
  readonly byKey: ReadonlyMap<string, PlannedStep>;
}

const ExecutionStep = builder.objectRef<StepInPlan>('ExecutionStep');
const ExecutionStepInput = builder.objectRef<{
  readonly name: string;
  readonly upstream: readonly StepInPlan[];
}>('ExecutionStepInput');
ExecutionStepInput.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    dependsOn: t.field({ type: [ExecutionStep], resolve: (input) => [...input.upstream] }),
  }),
});
ExecutionStep.implement({
  fields: (t) => ({
    key: t.string({ resolve: ({ step }) => step.key }),
    kind: t.field({ type: StepKind, resolve: ({ step }) => stepKind(step) }),
    inputs: t.field({ type: [ExecutionStepInput], resolve: stepInputs }),
    solidHandleID: t.string({ resolve: ({ step }) => step.op }),
    assetKeys: t.field({ type: [AssetKeyType], resolve: ({ step }) => step.assets.map(assetKey) }),
    pool: t.string({ nullable: true, resolve: ({ step }) => step.pool }),
  }),
});

function stepKind(step: PlannedStep): 'COMPUTE' | 'UNRESOLVED_MAPPED' | 'UNRESOLVED_COLLECT' {
  if (step.mappedOver !== null) return 'UNRESOLVED_MAPPED';
  const collects = step.inputs.some((input) => input.sources.some((source) => source.kind === 'collect'));
  return collects ? 'UNRESOLVED_COLLECT' : 'COMPUTE';
}

/** Named inputs first; whatever else the step waits for is one input without a value. */
function stepInputs({ step, byKey }: StepInPlan): { name: string; upstream: StepInPlan[] }[] {
  const find = (key: string | null): StepInPlan[] => {
    const found = key === null ? undefined : byKey.get(key);
    return found === undefined ? [] : [{ step: found, byKey }];
  };
  const named = step.inputs.map((input) => ({
    name: input.name,
    upstream: input.sources.flatMap((s) => find(s.stepKey)),
  }));
  const seen = new Set(named.flatMap(({ upstream }) => upstream.map((up) => up.step.key)));
  const others = step.dependsOn.filter((key) => !seen.has(key)).flatMap(find);
  return others.length === 0 ? named : [...named, { name: '__order__', upstream: others }];
}

const ExecutionPlanRef = builder.objectRef<{ readonly steps: readonly PlannedStep[] }>('ExecutionPlan');
ExecutionPlanRef.implement({
  fields: (t) => ({
    steps: t.field({
      type: [ExecutionStep],
      resolve: ({ steps }) => {
        const byKey = new Map(steps.map((step) => [step.key, step]));
        return steps.map((step) => ({ step, byKey }));
      },
    }),
    artifactsPersisted: t.boolean({ resolve: () => true }),
    assetKeys: t.field({
      type: [AssetKeyType],
      resolve: ({ steps }) => steps.flatMap((s) => s.assets).map(assetKey),
    }),
  }),
});
export const ExecutionPlan = ExecutionPlanRef;

const RunMarker = builder.objectRef<{ readonly startedAt: number; readonly endedAt: number | null }>(
  'RunMarker',
);
RunMarker.implement({
  fields: (t) => ({
    startTime: t.float({ nullable: true, resolve: (m) => toSeconds(m.startedAt) }),
    endTime: t.float({ nullable: true, resolve: (m) => toSeconds(m.endedAt) }),
  }),
});

export const RunStepStats = builder.objectRef<StepStats & { readonly runId: string }>('RunStepStats');
RunStepStats.implement({
  fields: (t) => ({
    runId: t.exposeString('runId'),
    stepKey: t.exposeString('stepKey'),
    status: t.field({
      type: StepEventStatus,
      nullable: true,
      resolve: ({ status }) => (status === 'UP_FOR_RETRY' ? 'IN_PROGRESS' : status),
    }),
    startTime: t.float({ nullable: true, resolve: (s) => toSeconds(s.startedAt) }),
    endTime: t.float({ nullable: true, resolve: (s) => toSeconds(s.endedAt) }),
    attempts: t.field({ type: [RunMarker], resolve: (s) => [...s.tries] }),
    markers: t.field({ type: [RunMarker], resolve: () => [] }),
  }),
});

export const RunStatsSnapshot =
  builder.objectRef<Tagged<'RunStatsSnapshot', { run: Run; steps: readonly StepStats[] }>>(
    'RunStatsSnapshot',
  );
RunStatsSnapshot.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ run }) => `stats-${run.runId}` }),
    runId: t.string({ resolve: ({ run }) => run.runId }),
    stepsSucceeded: t.int({ resolve: ({ steps }) => steps.filter((s) => s.status === 'SUCCESS').length }),
    stepsFailed: t.int({ resolve: ({ steps }) => steps.filter((s) => s.status === 'FAILURE').length }),
    enqueuedTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.createdAt) }),
    launchTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.claimedAt) }),
    startTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.startedAt) }),
    endTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.endedAt) }),
  }),
});
const RunStatsSnapshotOrError = builder.unionType('RunStatsSnapshotOrError', {
  types: [RunStatsSnapshot, PythonError],
  resolveType: byTypename,
});

export const PipelineReference = builder
  .interfaceRef<{ readonly name: string }>('PipelineReference')
  .implement({
    resolveType: () => 'UnknownPipeline',
    fields: (t) => ({
      name: t.exposeString('name'),
      solidSelection: t.stringList({ nullable: true, resolve: () => null }),
    }),
  });
builder
  .objectRef<{ readonly name: string }>('UnknownPipeline')
  .implement({ interfaces: [PipelineReference], fields: () => ({}) });

export type RunValue = Tagged<'Run', Run>;
export const runValue = (run: Run): RunValue => tag('Run', run);

/** Fields that older clients reach through the interface `PipelineRun`. */
export const PipelineRun = builder.interfaceRef<RunValue>('PipelineRun').implement({
  resolveType: () => 'Run',
  fields: (t) => ({
    id: t.id({ resolve: (run) => run.runId }),
    runId: t.exposeString('runId'),
    pipelineSnapshotId: t.string({ nullable: true, resolve: (run) => run.bundleHash }),
    repositoryOrigin: t.field({
      type: RepositoryOrigin,
      nullable: true,
      resolve: ({ location }) => ({ location }),
    }),
    status: t.field({ type: RunStatusEnum, resolve: (run) => run.status }),
    pipeline: t.field({ type: PipelineReference, resolve: (run) => ({ name: run.jobName }) }),
    pipelineName: t.exposeString('jobName'),
    jobName: t.exposeString('jobName'),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
    stats: t.field({
      type: RunStatsSnapshotOrError,
      resolve: (run, _args, { instance }) =>
        orError(async () =>
          tag('RunStatsSnapshot', { run, steps: await instance.storage.stepStats(run.runId) }),
        ),
    }),
    stepStats: t.field({
      type: [RunStepStats],
      resolve: async (run, _args, { instance }) =>
        (await instance.storage.stepStats(run.runId)).map((stats) => ({ ...stats, runId: run.runId })),
    }),
    executionPlan: t.field({
      type: ExecutionPlan,
      nullable: true,
      resolve: async (run, _args, { instance }) => (await instance.storage.getRunPlan(run.runId)) ?? null,
    }),
    stepKeysToExecute: t.stringList({
      nullable: true,
      resolve: (run) => (run.stepKeys === null ? null : [...run.stepKeys]),
    }),
    runConfigYaml: t.string({
      resolve: (run) => (Object.keys(run.config).length === 0 ? '{}\n' : stringify(run.config)),
    }),
    runConfig: t.field({ type: 'RunConfigData', resolve: (run) => run.config }),
    mode: t.string({ resolve: () => 'default' }),
    tags: t.field({ type: [PipelineTag], resolve: (run) => tagPairs(run.tags) }),
    rootRunId: t.exposeString('rootRunId', { nullable: true }),
    parentRunId: t.exposeString('parentRunId', { nullable: true }),
    canTerminate: t.boolean({ resolve: canTerminate }),
  }),
});

export const RunType = builder.objectRef<RunValue>('Run');
RunType.implement({
  interfaces: [PipelineRun],
  fields: (t) => ({
    runStatus: t.field({ type: RunStatusEnum, resolve: (run) => run.status }),
    creationTime: t.float({ resolve: (run) => run.createdAt / 1000 }),
    startTime: t.float({ nullable: true, resolve: (run) => toSeconds(run.startedAt) }),
    endTime: t.float({ nullable: true, resolve: (run) => toSeconds(run.endedAt) }),
    updateTime: t.float({ nullable: true, resolve: (run) => toSeconds(run.updatedAt) }),
    assetSelection: t.field({
      type: [AssetKeyType],
      nullable: true,
      args: { limit: t.arg.int() },
      resolve: (run, { limit }) => run.assetSelection?.slice(0, limit ?? undefined).map(assetKey) ?? null,
    }),
    assetSelectionCount: t.int({ resolve: (run) => run.assetSelection?.length ?? 0 }),
    assetCheckSelectionCount: t.int({ resolve: (run) => run.assetCheckSelection?.length ?? 0 }),
    allPools: t.stringList({
      nullable: true,
      resolve: ({ pools }) => [...(pools ?? [])],
    }),
    hasReExecutePermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
    }),
    hasTerminatePermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
    }),
    hasDeletePermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'editor'),
    }),
    attempt: t.exposeInt('attempt', {
      description: 'Number of the current or last attempt; 0 while queued.',
    }),
    cause: t.exposeString('cause', {
      nullable: true,
      description: 'Why it failed or was canceled, in one line.',
    }),
    waitingFor: t.string({
      nullable: true,
      description: 'Why a queued run does not start yet, or what a suspended one waits for.',
      resolve: (run, _args, context) =>
        run.status === 'QUEUED' || run.status === 'SUSPENDED' ? waitingReason(run, context) : null,
    }),
  }),
});

function canTerminate(run: Run): boolean {
  return !isFinished(run.status) && run.status !== 'CANCELING';
}

/** Why a run waits, all runs of one page asked about together. */
const waiting = new WeakMap<ApiContext, BatchLoader<Run, string | null>>();
function waitingReason(run: Run, context: ApiContext): Promise<string | null> {
  let loader = waiting.get(context);
  if (loader === undefined) {
    loader = batchLoader(
      async (runs) => {
        const reasons = await explainWaiting(context.instance, context.options.engine, runs);
        return runs.map(({ runId }) => reasons.get(runId)?.join('; ') || null);
      },
      ({ runId }) => runId,
    );
    waiting.set(context, loader);
  }
  return loader.load(run);
}

export const RunsFilter = builder.inputType('RunsFilter', {
  fields: (t) => ({
    runIds: t.field({ type: ['String'], required: { list: false, items: false } }),
    pipelineName: t.string(),
    tags: t.field({ type: [ExecutionTag] }),
    statuses: t.field({ type: [RunStatusEnum] }),
    snapshotId: t.string(),
    updatedAfter: t.float(),
    updatedBefore: t.float(),
    createdBefore: t.float(),
    createdAfter: t.float(),
    mode: t.string(),
  }),
});

/** A UUID has this many characters; a shorter "run id" in a filter is the start of one. */
const RUN_ID_LENGTH = 36;

/** Storage's filter for the API's. One shortened run id searches by prefix. */
export function toRunFilter(input: typeof RunsFilter.$inferInput | null | undefined): RunFilter {
  if (!input) return {};
  const ids = input.runIds?.filter((id): id is string => typeof id === 'string');
  const [only] = ids ?? [];
  const byPrefix = ids?.length === 1 && only !== undefined && only.length < RUN_ID_LENGTH;
  const tags = Map.groupBy(input.tags ?? [], (pair) => pair.key);
  return {
    ...(ids === undefined ? {} : byPrefix ? { runIdPrefix: only } : { runIds: ids }),
    jobName: input.pipelineName ?? undefined,
    statuses: input.statuses ?? undefined,
    tags: input.tags
      ? [...tags].map(([key, pairs]) => ({ key, values: pairs.map((pair) => pair.value) }))
      : undefined,
    createdAfter: toMs(input.createdAfter),
    createdBefore: toMs(input.createdBefore),
    updatedAfter: toMs(input.updatedAfter),
    updatedBefore: toMs(input.updatedBefore),
  };
}

const toMs = (seconds: number | null | undefined): number | undefined =>
  typeof seconds === 'number' ? seconds * 1000 : undefined;

type RunsValue = Tagged<
  'Runs',
  { readonly filter: RunFilter; readonly cursor: string | undefined; readonly limit: number }
>;

export const Runs = builder.objectRef<RunsValue>('Runs');
Runs.implement({
  fields: (t) => ({
    results: t.field({
      type: [RunType],
      resolve: async ({ filter, cursor, limit }, _args, { instance }) =>
        (await instance.storage.listRuns({ filter, limit, cursor })).map(runValue),
    }),
    count: t.int({
      resolve: ({ filter }, _args, { instance }) =>
        instance.storage.countRuns(filter, countCap(filter, MAX_COUNT)),
    }),
  }),
});

const RunsOrError = builder.unionType('RunsOrError', {
  types: [Runs, InvalidPipelineRunsFilterError, PythonError],
  resolveType: byTypename,
});
export const RunOrError = builder.unionType('RunOrError', {
  types: [RunType, RunNotFoundError, PythonError],
  resolveType: byTypename,
});

export const runNotFound = (runId: string) =>
  tag('RunNotFoundError', { runId, message: `There is no run ${runId}. It may have been deleted.` });

const RunIds = builder.objectRef<Tagged<'RunIds', { readonly ids: readonly string[] }>>('RunIds');
RunIds.implement({ fields: (t) => ({ results: t.stringList({ resolve: ({ ids }) => [...ids] }) }) });
const RunIdsOrError = builder.unionType('RunIdsOrError', {
  types: [RunIds, InvalidPipelineRunsFilterError, PythonError],
  resolveType: byTypename,
});

const RunGroup =
  builder.objectRef<Tagged<'RunGroup', { readonly rootRunId: string; readonly runs: readonly Run[] }>>(
    'RunGroup',
  );
RunGroup.implement({
  fields: (t) => ({
    rootRunId: t.exposeString('rootRunId'),
    runs: t.field({
      type: [RunType],
      nullable: { list: true, items: true },
      resolve: ({ runs }) => runs.map(runValue),
    }),
  }),
});
const RunGroupNotFoundError =
  builder.objectRef<Tagged<'RunGroupNotFoundError', { message: string; runId: string }>>(
    'RunGroupNotFoundError',
  );
RunGroupNotFoundError.implement({
  fields: (t) => ({ message: t.exposeString('message'), runId: t.exposeString('runId') }),
});
const RunGroupOrError = builder.unionType('RunGroupOrError', {
  types: [RunGroup, RunGroupNotFoundError, PythonError],
  resolveType: byTypename,
});

const RunTagKeys = builder.objectRef<Tagged<'RunTagKeys', { keys: readonly string[] }>>('RunTagKeys');
RunTagKeys.implement({ fields: (t) => ({ keys: t.stringList({ resolve: ({ keys }) => [...keys] }) }) });
const PipelineTagAndValues = builder.objectRef<{ key: string; values: readonly string[] }>(
  'PipelineTagAndValues',
);
PipelineTagAndValues.implement({
  fields: (t) => ({
    key: t.exposeString('key'),
    values: t.stringList({ resolve: ({ values }) => [...values] }),
  }),
});
const RunTags =
  builder.objectRef<Tagged<'RunTags', { tags: readonly { key: string; values: readonly string[] }[] }>>(
    'RunTags',
  );
RunTags.implement({
  fields: (t) => ({ tags: t.field({ type: [PipelineTagAndValues], resolve: ({ tags }) => [...tags] }) }),
});
const RunTagKeysOrError = builder.unionType('RunTagKeysOrError', {
  types: [PythonError, RunTagKeys],
  resolveType: byTypename,
});
const RunTagsOrError = builder.unionType('RunTagsOrError', {
  types: [PythonError, RunTags],
  resolveType: byTypename,
});

builder.queryFields((t) => {
  const args = { filter: t.arg({ type: RunsFilter }), cursor: t.arg.string(), limit: t.arg.int() };
  const runs = (input: {
    filter?: typeof RunsFilter.$inferInput | null | undefined;
    cursor?: string | null | undefined;
    limit?: number | null | undefined;
  }): RunsValue =>
    tag('Runs', {
      filter: toRunFilter(input.filter),
      cursor: input.cursor ?? undefined,
      limit: pageSize(input.limit, 100),
    });
  const run = (runId: string | number, { loaders }: ApiContext) =>
    orError(async () => {
      const found = await loaders.run.load(String(runId));
      return found === undefined ? runNotFound(String(runId)) : runValue(found);
    });
  return {
    runsOrError: t.field({ type: RunsOrError, args, resolve: (_root, input) => orError(() => runs(input)) }),
    pipelineRunsOrError: t.field({
      type: RunsOrError,
      args,
      resolve: (_root, input) => orError(() => runs(input)),
    }),
    runOrError: t.field({
      type: RunOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, context) => run(runId, context),
    }),
    pipelineRunOrError: t.field({
      type: RunOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, context) => run(runId, context),
    }),
    runIdsOrError: t.field({
      type: RunIdsOrError,
      args,
      resolve: (_root, { filter, cursor, limit }, { instance }) =>
        orError(async () => {
          const found = await instance.storage.listRuns({
            filter: toRunFilter(filter),
            cursor: cursor ?? undefined,
            limit: pageSize(limit, 100),
          });
          return tag('RunIds', { ids: found.map(({ runId }) => runId) });
        }),
    }),
    runGroupOrError: t.field({
      type: RunGroupOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, { instance, loaders }) =>
        orError(async () => {
          const found = await loaders.run.load(String(runId));
          if (found === undefined)
            return tag('RunGroupNotFoundError', {
              message: `There is no run ${runId}.`,
              runId: String(runId),
            });
          const rootRunId = found.rootRunId ?? found.runId;
          const descendants = await instance.storage.listRuns({
            filter: { tags: [{ key: 'dagster/root_run_id', values: [rootRunId] }] },
            limit: MAX_PAGE,
          });
          const root = await loaders.run.load(rootRunId);
          return tag('RunGroup', {
            rootRunId,
            runs: [...(root === undefined ? [] : [root]), ...descendants],
          });
        }),
    }),
    runTagKeysOrError: t.field({
      type: RunTagKeysOrError,
      nullable: true,
      resolve: (_root, _args, { instance }) =>
        orError(async () => tag('RunTagKeys', { keys: await instance.storage.runTagKeys() })),
    }),
    runTagsOrError: t.field({
      type: RunTagsOrError,
      nullable: true,
      args: { tagKeys: t.arg.stringList(), valuePrefix: t.arg.string(), limit: t.arg.int() },
      resolve: (_root, { tagKeys, valuePrefix, limit }, { instance }) =>
        orError(async () => {
          const keys = tagKeys ?? (await instance.storage.runTagKeys());
          const size = pageSize(limit, 100);
          const tags = await Promise.all(
            keys.map(async (key) => ({
              key,
              values: await instance.storage.runTagValues(key, valuePrefix ?? '', size),
            })),
          );
          return tag('RunTags', { tags });
        }),
    }),
  };
});
