import { launchRun } from '../../../engine/launch-run';
import { selectJobSteps } from '../../../engine/plan/select-job-steps';
import { TAG } from '../../../model/tags';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { guarded } from '../../guard';
import { fromKeyInput } from '../common';
import { PythonError } from '../errors';
import { RunType, type RunValue, runValue } from '../runs/run';
import { ExecutionParams, parseConfig, refusePreset, toTags } from './execution-params';
import { launchFailures, typedErrors } from './launch-failures';

type LaunchSuccess = Tagged<'LaunchRunSuccess', { readonly run: RunValue }>;

/** The name that clients written before Dagster's jobs spread on. */
const LaunchPipelineRunSuccess = builder.interfaceRef<LaunchSuccess>('LaunchPipelineRunSuccess').implement({
  resolveType: () => 'LaunchRunSuccess',
  fields: (t) => ({ run: t.field({ type: RunType, resolve: ({ run }) => run }) }),
});

export const LaunchRunSuccess = builder.objectRef<LaunchSuccess>('LaunchRunSuccess');
LaunchRunSuccess.implement({ interfaces: [LaunchPipelineRunSuccess], fields: () => ({}) });

const LaunchRunResult = builder.unionType('LaunchRunResult', {
  types: [LaunchRunSuccess, ...launchFailures],
  resolveType: byTypename,
});

export async function launchSuccess(runId: string, { instance }: ApiContext): Promise<LaunchSuccess> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined) throw new Error(`Run ${runId} was deleted as soon as it was made.`);
  return tag('LaunchRunSuccess', { run: runValue(run) });
}

/**
 * What is to be launched; refuses what says nothing that could be.
 *
 * @throws {ClientFacingError}
 */
function requestOf(params: typeof ExecutionParams.$inferInput) {
  const { selector, executionMetadata, runConfigData } = params;
  const jobName = selector.jobName ?? selector.pipelineName;
  if (!jobName) throw new ClientFacingError('selector names neither jobName nor pipelineName.');
  const checks = selector.assetCheckSelection?.map(({ assetKey, name }) => ({
    asset: fromKeyInput(assetKey),
    name,
  }));
  return {
    params,
    location: selector.repositoryLocationName,
    jobName,
    assets: selector.assetSelection?.map(fromKeyInput) ?? null,
    checks: checks ?? null,
    config: parseConfig(runConfigData),
    tags: toTags(executionMetadata?.tags),
  };
}

function launch(
  { params, location, jobName, tags, ...asked }: ReturnType<typeof requestOf>,
  context: ApiContext,
) {
  const { selector, stepKeys } = params;
  return guarded(context, 'launcher', () =>
    typedErrors({ location, name: jobName }, async () => {
      const refused = refusePreset(params);
      if (refused !== null) return refused;
      const manifest = context.workspace.location(location)?.manifest;
      const job = context.workspace.job(location, jobName);
      const created = await launchRun(context.instance, context.options.engine, {
        ...asked,
        location,
        jobName,
        stepKeys:
          stepKeys ?? (manifest && job ? selectJobSteps(manifest, job, selector.solidSelection) : null),
        tags: { ...tags, [TAG.user]: context.identity.user },
      });
      return launchSuccess(created.runId, context);
    }),
  );
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
  return {
    launchRun: t.field({
      type: LaunchRunResult,
      args: { executionParams },
      resolve: (_root, args, context) => launch(requestOf(args.executionParams), context) as never,
    }),
    launchPipelineExecution: t.field({
      type: LaunchRunResult,
      args: { executionParams },
      resolve: (_root, args, context) => launch(requestOf(args.executionParams), context) as never,
    }),
    launchMultipleRuns: t.field({
      type: LaunchMultipleRunsResultOrError,
      args: { executionParamsList: t.arg({ type: [ExecutionParams], required: true }) },
      resolve: async (_root, { executionParamsList }, context) => {
        const results: unknown[] = [];
        // All or none of what can be read: the answer to a list that cannot names no runs.
        const requests = executionParamsList.map(requestOf);
        // One after another: the runs are enqueued in the order in which they were asked for.
        for (const each of requests) results.push(await launch(each, context));
        return tag('LaunchMultipleRunsResult', { results });
      },
    }),
  };
});
