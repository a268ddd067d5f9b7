import { REEXECUTION_STRATEGIES, type ReexecutionStrategy as Strategy } from '../../engine/build-reexecution';
import { cancelRun } from '../../engine/cancel-run';
import { deleteRuns } from '../../engine/delete-runs';
import {
  EngineError,
  RunNotFoundError as EngineRunNotFoundError,
  PlanError,
  RunConfigError,
  RunStateError,
} from '../../engine/errors';
import { launchRun } from '../../engine/launch-run';
import { createExecutionPlan } from '../../engine/plan/create-execution-plan';
import { reexecuteRun } from '../../engine/reexecute-run';
import type { ConfigError } from '../../model/code-location';
import type { JsonObject } from '../../model/json';
import { isFinished } from '../../model/run-status';
import { StepSelectionError, selectSteps } from '../../model/select-steps';
import { TAG } from '../../model/tags';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { canceledBy } from '../canceled-by';
import { ClientFacingError } from '../client-facing-error';
import { guarded } from '../guard';
import { AssetCheckHandleInput, AssetKeyInput, ExecutionTag, fromKeyInput } from './common';
import {
  ConflictingExecutionParamsError,
  InvalidOutputError,
  InvalidStepError,
  InvalidSubsetError,
  PipelineNotFoundError,
  PresetNotFoundError,
  PythonError,
  RunConflict,
  RunNotFoundError,
  UnauthorizedError,
} from './errors';
import { NoModeProvidedError } from './never-answered';
import { pipelineNotFound } from './repositories/job';
import { RunType, type RunValue, runNotFound, runValue } from './runs';

/** The Python client says `pipelineName`, the documentation `jobName`: either is taken. */
const JobOrPipelineSelector = builder.inputType('JobOrPipelineSelector', {
  fields: (t) => ({
    pipelineName: t.string(),
    jobName: t.string(),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    solidSelection: t.stringList(),
    assetSelection: t.field({ type: [AssetKeyInput] }),
    assetCheckSelection: t.field({ type: [AssetCheckHandleInput] }),
  }),
});

const ExecutionMetadata = builder.inputType('ExecutionMetadata', {
  fields: (t) => ({
    tags: t.field({ type: [ExecutionTag] }),
    rootRunId: t.string(),
    parentRunId: t.string(),
  }),
});

const ExecutionParams = builder.inputType('ExecutionParams', {
  fields: (t) => ({
    selector: t.field({ type: JobOrPipelineSelector, required: true }),
    runConfigData: t.field({ type: 'RunConfigData' }),
    mode: t.string(),
    executionMetadata: t.field({ type: ExecutionMetadata }),
    stepKeys: t.stringList(),
    preset: t.string(),
  }),
});

const EvaluationErrorReason = builder.enumType('EvaluationErrorReason', {
  values: [
    'RUNTIME_TYPE_MISMATCH',
    'MISSING_REQUIRED_FIELD',
    'MISSING_REQUIRED_FIELDS',
    'FIELD_NOT_DEFINED',
    'FIELDS_NOT_DEFINED',
    'SELECTOR_FIELD_ERROR',
  ] as const,
});

const PathEntry = builder.objectRef<string>('EvaluationStackPathEntry');
PathEntry.implement({ fields: (t) => ({ fieldName: t.string({ resolve: (name) => name }) }) });
const ListItemEntry = builder.objectRef<number>('EvaluationStackListItemEntry');
ListItemEntry.implement({ fields: (t) => ({ listIndex: t.int({ resolve: (index) => index }) }) });
const EvaluationStackEntry = builder.unionType('EvaluationStackEntry', {
  types: [PathEntry, ListItemEntry],
  resolveType: (entry) =>
    typeof entry === 'number' ? 'EvaluationStackListItemEntry' : 'EvaluationStackPathEntry',
});
/** Where in a config something is wrong, from its root. */
const EvaluationStack = builder.objectRef<ConfigError['path']>('EvaluationStack');
EvaluationStack.implement({
  fields: (t) => ({ entries: t.field({ type: [EvaluationStackEntry], resolve: (path) => [...path] }) }),
});

const PipelineConfigValidationError = builder
  .interfaceRef<ConfigError>('PipelineConfigValidationError')
  .implement({
    resolveType: () => 'RuntimeMismatchConfigError',
    fields: (t) => ({
      message: t.exposeString('message'),
      path: t.stringList({ resolve: ({ path }) => path.map(String) }),
      stack: t.field({ type: EvaluationStack, resolve: ({ path }) => path }),
      reason: t.field({ type: EvaluationErrorReason, resolve: ({ reason }) => reason }),
    }),
  });
builder
  .objectRef<ConfigError>('RuntimeMismatchConfigError')
  .implement({ interfaces: [PipelineConfigValidationError], fields: () => ({}) });

type InvalidConfigValue = Tagged<
  'RunConfigValidationInvalid',
  { readonly pipelineName: string; readonly errors: readonly ConfigError[] }
>;
const PipelineConfigValidationInvalid = builder
  .interfaceRef<InvalidConfigValue>('PipelineConfigValidationInvalid')
  .implement({
    resolveType: () => 'RunConfigValidationInvalid',
    fields: (t) => ({
      pipelineName: t.exposeString('pipelineName'),
      errors: t.field({ type: [PipelineConfigValidationError], resolve: ({ errors }) => [...errors] }),
    }),
  });
export const RunConfigValidationInvalid = builder.objectRef<InvalidConfigValue>('RunConfigValidationInvalid');
RunConfigValidationInvalid.implement({ interfaces: [PipelineConfigValidationInvalid], fields: () => ({}) });

type LaunchSuccess = Tagged<'LaunchRunSuccess', { readonly run: RunValue }>;
/** The name that clients written before Dagster's jobs spread on. */
const LaunchPipelineRunSuccess = builder.interfaceRef<LaunchSuccess>('LaunchPipelineRunSuccess').implement({
  resolveType: () => 'LaunchRunSuccess',
  fields: (t) => ({ run: t.field({ type: RunType, resolve: ({ run }) => run }) }),
});
const LaunchRunSuccess = builder.objectRef<LaunchSuccess>('LaunchRunSuccess');
LaunchRunSuccess.implement({ interfaces: [LaunchPipelineRunSuccess], fields: () => ({}) });

/** What launching anything may be refused with. */
export const launchFailures = [
  InvalidStepError,
  InvalidOutputError,
  ConflictingExecutionParamsError,
  PresetNotFoundError,
  RunConfigValidationInvalid,
  PipelineNotFoundError,
  RunConflict,
  UnauthorizedError,
  PythonError,
  InvalidSubsetError,
  NoModeProvidedError,
] as const;
const LaunchRunResult = builder.unionType('LaunchRunResult', {
  types: [LaunchRunSuccess, ...launchFailures],
  resolveType: byTypename,
});
const LaunchRunReexecutionResult = builder.unionType('LaunchRunReexecutionResult', {
  types: [LaunchRunSuccess, ...launchFailures],
  resolveType: byTypename,
});

/** What the engine refuses, as the typed errors that clients know. */
export async function typedErrors<T>(
  job: { readonly location: string; readonly name: string },
  action: () => Promise<T>,
) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof RunConfigError)
      return tag('RunConfigValidationInvalid', { pipelineName: job.name, errors: error.errors });
    if (error instanceof PlanError) {
      if (
        error.code === 'unknown-job' ||
        error.code === 'unknown-location' ||
        error.code === 'location-not-loaded'
      ) {
        return { ...pipelineNotFound(job.location, job.name), message: error.message };
      }
      if (error.code === 'unknown-step')
        return tag('InvalidStepError', { invalidStepKey: error.subject, message: error.message });
      return tag('InvalidSubsetError', { message: error.message });
    }
    if (error instanceof StepSelectionError) return tag('InvalidSubsetError', { message: error.message });
    if (error instanceof RunStateError) return tag('RunConflict', { message: error.message });
    if (error instanceof EngineError) return tag('InvalidSubsetError', { message: error.message });
    throw error;
  }
}

/** Config comes as an object, or as its JSON in a string. */
export function parseConfig(data: JsonObject | string | null | undefined): JsonObject | null {
  if (data === null || data === undefined) return null;
  if (typeof data !== 'string') return data;
  if (data.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    throw new ClientFacingError(`runConfigData is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new ClientFacingError(`runConfigData must be an object, not ${data.slice(0, 80)}`);
}

/** Tags from GraphQL's list. */
export const toTags = (
  pairs: readonly { readonly key: string; readonly value: string }[] | null | undefined,
): Record<string, string> => Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));

async function success(runId: string, { instance }: ApiContext): Promise<LaunchSuccess> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined) throw new Error(`Run ${runId} was deleted as soon as it was made.`);
  return tag('LaunchRunSuccess', { run: runValue(run) });
}

/** Presets are gone from Dagster too; a client that still names one must not get a run without it. */
function refusePreset({ preset, runConfigData }: typeof ExecutionParams.$inferInput) {
  if (!preset) return null;
  return runConfigData
    ? tag('ConflictingExecutionParamsError', {
        message: `Say either preset '${preset}' or runConfigData, not both.`,
      })
    : tag('PresetNotFoundError', {
        preset,
        message: `There is no preset '${preset}': give its config as runConfigData.`,
      });
}

/** Steps that an op selection such as `['*load']` chooses; null = none was made. */
export function selectedSteps(
  {
    solidSelection,
    repositoryLocationName: location,
  }: Pick<typeof JobOrPipelineSelector.$inferInput, 'solidSelection' | 'repositoryLocationName'>,
  jobName: string,
  { workspace }: ApiContext,
): readonly string[] | null {
  const manifest = workspace.location(location)?.manifest;
  const job = workspace.job(location, jobName);
  if (!solidSelection || solidSelection.length === 0 || !manifest || job === undefined) return null;
  const { steps } = createExecutionPlan(manifest, job);
  return selectSteps(
    solidSelection,
    steps.map(({ key, dependsOn }) => ({ key, deps: dependsOn })),
  );
}

function launch(params: typeof ExecutionParams.$inferInput, context: ApiContext) {
  const { selector, executionMetadata, stepKeys, runConfigData } = params;
  const location = selector.repositoryLocationName;
  const name = selector.jobName ?? selector.pipelineName;
  if (!name) throw new ClientFacingError('selector names neither jobName nor pipelineName.');
  const assets = selector.assetSelection?.map(fromKeyInput) ?? null;
  return guarded(context, 'launcher', () =>
    typedErrors({ location, name }, async () => {
      const refused = refusePreset(params);
      if (refused !== null) return refused;
      const created = await launchRun(context.instance, context.options.engine, {
        location,
        jobName: name,
        assets,
        checks:
          selector.assetCheckSelection?.map((check) => ({
            asset: fromKeyInput(check.assetKey),
            name: check.name,
          })) ?? null,
        stepKeys: stepKeys ?? selectedSteps(selector, name, context),
        config: parseConfig(runConfigData),
        tags: { ...toTags(executionMetadata?.tags), [TAG.user]: context.identity.user },
      });
      return success(created.runId, context);
    }),
  );
}

const ReexecutionStrategy = builder.enumType('ReexecutionStrategy', {
  values: REEXECUTION_STRATEGIES,
});
export const ReexecutionParams = builder.inputType('ReexecutionParams', {
  fields: (t) => ({
    parentRunId: t.string({ required: true }),
    strategy: t.field({ type: ReexecutionStrategy, required: true }),
    extraTags: t.field({ type: [ExecutionTag] }),
    useParentRunTags: t.boolean(),
  }),
});

interface Reexecution {
  readonly parentRunId: string;
  readonly strategy: Strategy;
  readonly stepKeys?: readonly string[] | null | undefined;
  readonly extraTags?: readonly { readonly key: string; readonly value: string }[] | null | undefined;
  readonly useParentRunTags?: boolean | null | undefined;
}

/** The run to be launched again: by `reexecutionParams`, or by `executionParams` that name their parent. */
function reexecutionOf(
  reexecution: typeof ReexecutionParams.$inferInput | null | undefined,
  execution: typeof ExecutionParams.$inferInput | null | undefined,
): Reexecution {
  if (reexecution) return reexecution;
  const parentRunId = execution?.executionMetadata?.parentRunId;
  if (!parentRunId)
    throw new ClientFacingError(
      'Neither reexecutionParams nor executionMetadata.parentRunId says which run to launch again.',
    );
  return {
    parentRunId,
    strategy: 'ALL_STEPS',
    stepKeys: execution?.stepKeys,
    extraTags: execution?.executionMetadata?.tags,
  };
}

async function reexecute(params: Reexecution, context: ApiContext) {
  const parent = await context.loaders.run.load(params.parentRunId);
  const job = { location: parent?.location ?? '', name: parent?.jobName ?? '' };
  return guarded(context, 'launcher', () =>
    typedErrors(job, async () => {
      const created = await reexecuteRun(context.instance, context.options.engine, {
        parentRunId: params.parentRunId,
        strategy: params.strategy,
        stepKeys: params.stepKeys ?? null,
        extraTags: { ...toTags(params.extraTags), [TAG.user]: context.identity.user },
        useParentRunTags: params.useParentRunTags ?? true,
      });
      return success(created.runId, context);
    }),
  );
}

const TerminateRunPolicy = builder.enumType('TerminateRunPolicy', {
  values: ['SAFE_TERMINATE', 'MARK_AS_CANCELED_IMMEDIATELY'] as const,
});
type TerminateSuccess = Tagged<'TerminateRunSuccess', { readonly run: RunValue }>;
type TerminateFailure = Tagged<'TerminateRunFailure', { readonly run: RunValue; readonly message: string }>;
const TerminatePipelineExecutionSuccess = builder
  .interfaceRef<TerminateSuccess>('TerminatePipelineExecutionSuccess')
  .implement({
    resolveType: () => 'TerminateRunSuccess',
    fields: (t) => ({ run: t.field({ type: RunType, resolve: ({ run }) => run }) }),
  });
const TerminateRunSuccess = builder.objectRef<TerminateSuccess>('TerminateRunSuccess');
TerminateRunSuccess.implement({ interfaces: [TerminatePipelineExecutionSuccess], fields: () => ({}) });
const TerminatePipelineExecutionFailure = builder
  .interfaceRef<TerminateFailure>('TerminatePipelineExecutionFailure')
  .implement({
    resolveType: () => 'TerminateRunFailure',
    fields: (t) => ({
      run: t.field({ type: RunType, resolve: ({ run }) => run }),
      message: t.exposeString('message'),
    }),
  });
const TerminateRunFailure = builder.objectRef<TerminateFailure>('TerminateRunFailure');
TerminateRunFailure.implement({ interfaces: [TerminatePipelineExecutionFailure], fields: () => ({}) });
const TerminateRunResult = builder.unionType('TerminateRunResult', {
  types: [TerminateRunSuccess, TerminateRunFailure, RunNotFoundError, UnauthorizedError, PythonError],
  resolveType: byTypename,
});
const TerminateRunsResult =
  builder.objectRef<
    Tagged<'TerminateRunsResult', { readonly results: readonly { readonly __typename: string }[] }>
  >('TerminateRunsResult');
TerminateRunsResult.implement({
  fields: (t) => ({
    terminateRunResults: t.field({
      type: [TerminateRunResult],
      resolve: ({ results }) => [...results] as never,
    }),
  }),
});
const TerminateRunsResultOrError = builder.unionType('TerminateRunsResultOrError', {
  types: [TerminateRunsResult, PythonError],
  resolveType: byTypename,
});

function terminate(
  runId: string,
  policy: 'SAFE_TERMINATE' | 'MARK_AS_CANCELED_IMMEDIATELY' | null | undefined,
  context: ApiContext,
) {
  const { instance, options } = context;
  return guarded(context, 'launcher', async () => {
    try {
      const force = policy === 'MARK_AS_CANCELED_IMMEDIATELY';
      const result = await cancelRun(instance, options.engine, runId, {
        force,
        cause: canceledBy(context),
      });
      const run = await instance.storage.getRun(runId);
      if (run === undefined) return runNotFound(runId);
      return result === 'finished'
        ? tag('TerminateRunFailure', {
            run: runValue(run),
            message: `Run ${runId} has already ended: ${run.status}.`,
          })
        : tag('TerminateRunSuccess', { run: runValue(run) });
    } catch (error) {
      if (error instanceof EngineRunNotFoundError) return runNotFound(runId);
      throw error;
    }
  });
}

const DeletePipelineRunSuccess =
  builder.objectRef<Tagged<'DeletePipelineRunSuccess', { readonly runId: string }>>(
    'DeletePipelineRunSuccess',
  );
DeletePipelineRunSuccess.implement({ fields: (t) => ({ runId: t.exposeString('runId') }) });
const DeletePipelineRunResult = builder.unionType('DeletePipelineRunResult', {
  types: [DeletePipelineRunSuccess, UnauthorizedError, PythonError, RunNotFoundError],
  resolveType: byTypename,
});

function deleteRun(runId: string, context: ApiContext) {
  return guarded(context, 'editor', async () => {
    const run = await context.instance.storage.getRun(runId);
    if (run === undefined) return runNotFound(runId);
    if (!isFinished(run.status)) {
      throw new RunStateError(runId, `Run ${runId} is ${run.status}: cancel it before it can be deleted.`);
    }
    await deleteRuns(context.instance, [runId]);
    return tag('DeletePipelineRunSuccess', { runId });
  });
}

const LaunchMultipleRunsResult =
  builder.objectRef<Tagged<'LaunchMultipleRunsResult', { readonly results: readonly unknown[] }>>(
    'LaunchMultipleRunsResult',
  );
LaunchMultipleRunsResult.implement({
  fields: (t) => ({
    launchMultipleRunsResult: t.field({
      type: [LaunchRunResult],
      resolve: ({ results }) => [...results] as never,
    }),
  }),
});
const LaunchMultipleRunsResultOrError = builder.unionType('LaunchMultipleRunsResultOrError', {
  types: [LaunchMultipleRunsResult, PythonError],
  resolveType: byTypename,
});

builder.mutationFields((t) => {
  const executionParams = t.arg({ type: ExecutionParams, required: true });
  const runId = t.arg.string({ required: true });
  const reexecutionArgs = {
    executionParams: t.arg({ type: ExecutionParams }),
    reexecutionParams: t.arg({ type: ReexecutionParams }),
  };
  return {
    launchRun: t.field({
      type: LaunchRunResult,
      args: { executionParams },
      resolve: (_root, args, context) => launch(args.executionParams, context) as never,
    }),
    launchPipelineExecution: t.field({
      type: LaunchRunResult,
      args: { executionParams },
      resolve: (_root, args, context) => launch(args.executionParams, context) as never,
    }),
    launchMultipleRuns: t.field({
      type: LaunchMultipleRunsResultOrError,
      args: { executionParamsList: t.arg({ type: [ExecutionParams], required: true }) },
      resolve: async (_root, { executionParamsList }, context) => {
        const results: unknown[] = [];
        // One after another: the runs are enqueued in the order in which they were asked for.
        for (const params of executionParamsList) results.push(await launch(params, context));
        return tag('LaunchMultipleRunsResult', { results });
      },
    }),
    launchRunReexecution: t.field({
      type: LaunchRunReexecutionResult,
      args: reexecutionArgs,
      resolve: (_root, args, context) =>
        reexecute(reexecutionOf(args.reexecutionParams, args.executionParams), context) as never,
    }),
    launchPipelineReexecution: t.field({
      type: LaunchRunReexecutionResult,
      args: reexecutionArgs,
      resolve: (_root, args, context) =>
        reexecute(reexecutionOf(args.reexecutionParams, args.executionParams), context) as never,
    }),
    terminateRun: t.field({
      type: TerminateRunResult,
      args: { runId, terminatePolicy: t.arg({ type: TerminateRunPolicy }) },
      resolve: (_root, args, context) => terminate(args.runId, args.terminatePolicy, context) as never,
    }),
    terminatePipelineExecution: t.field({
      type: TerminateRunResult,
      args: { runId, terminatePolicy: t.arg({ type: TerminateRunPolicy }) },
      resolve: (_root, args, context) => terminate(args.runId, args.terminatePolicy, context) as never,
    }),
    terminateRuns: t.field({
      type: TerminateRunsResultOrError,
      args: {
        runIds: t.arg.stringList({ required: true }),
        terminatePolicy: t.arg({ type: TerminateRunPolicy }),
      },
      resolve: async (_root, { runIds, terminatePolicy }, context) =>
        tag('TerminateRunsResult', {
          results: await Promise.all(
            runIds.map(
              async (id) => (await terminate(id, terminatePolicy, context)) as { __typename: string },
            ),
          ),
        }),
    }),
    deleteRun: t.field({
      type: DeletePipelineRunResult,
      args: { runId },
      resolve: (_root, args, context) => deleteRun(args.runId, context) as never,
    }),
    deletePipelineRun: t.field({
      type: DeletePipelineRunResult,
      args: { runId },
      resolve: (_root, args, context) => deleteRun(args.runId, context) as never,
    }),
  };
});
