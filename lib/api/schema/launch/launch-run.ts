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
      const manifest = context.workspace.location(location)?.manifest;
      const job = context.workspace.job(location, name);
      const created = await launchRun(context.instance, context.options.engine, {
        location,
        jobName: name,
        assets,
        checks:
          selector.assetCheckSelection?.map((check) => ({
            asset: fromKeyInput(check.assetKey),
            name: check.name,
          })) ?? null,
        stepKeys:
          stepKeys ?? (manifest && job ? selectJobSteps(manifest, job, selector.solidSelection) : null),
        config: parseConfig(runConfigData),
        tags: { ...toTags(executionMetadata?.tags), [TAG.user]: context.identity.user },
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
  };
});
