import { stringify } from 'yaml';
import type { Run } from '../../../model/run';
import { isFinished } from '../../../model/run-status';
import { mayActAt } from '../../access';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey, PipelineTag, tagPairs, toSeconds } from '../common';
import { orError, PythonError, RunNotFoundError } from '../errors';
import { RepositoryOrigin } from '../repositories/repository-origin';
import { ExecutionPlan } from './execution-plan';
import { QueuePlaceType, queuePlace } from './queue-place';
import { RunStatsSnapshotOrError, RunStepStats } from './run-stats';
import { RunStatusEnum } from './run-status';
import { waitingReason } from './waiting-reason';

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
      resolve: (run, _args, { loaders }) =>
        orError(async () => tag('RunStatsSnapshot', { run, steps: await loaders.stepStats.load(run.runId) })),
    }),
    stepStats: t.field({
      type: [RunStepStats],
      resolve: async (run, _args, { loaders }) =>
        (await loaders.stepStats.load(run.runId)).map((stats) => ({ ...stats, runId: run.runId })),
    }),
    executionPlan: t.field({
      type: ExecutionPlan,
      nullable: true,
      resolve: async ({ runId, location }, _args, { loaders }) => {
        const plan = await loaders.runPlan.load(runId);
        return plan === undefined ? null : { ...plan, location };
      },
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
    queuePlace: t.field({
      type: QueuePlaceType,
      nullable: true,
      description: 'Null when it is not queued.',
      resolve: (run, _args, context) => (run.status === 'QUEUED' ? queuePlace(run, context) : null),
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

export const RunOrError = builder.unionType('RunOrError', {
  types: [RunType, RunNotFoundError, PythonError],
  resolveType: byTypename,
});

export const runNotFound = (runId: string) =>
  tag('RunNotFoundError', { runId, message: `There is no run ${runId}. It may have been deleted.` });
