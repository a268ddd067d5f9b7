import {
  REEXECUTION_STRATEGIES,
  type ReexecutionStrategy as Strategy,
} from '../../../engine/build-reexecution';
import { reexecuteRun } from '../../../engine/reexecute-run';
import { TAG } from '../../../model/tags';
import type { ApiContext } from '../../api-context';
import { builder, byTypename } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { guarded } from '../../guard';
import { ExecutionTag } from '../common';
import { ExecutionParams, toTags } from './execution-params';
import { launchFailures, typedErrors } from './launch-failures';
import { LaunchRunSuccess, launchSuccess } from './launch-run';

const LaunchRunReexecutionResult = builder.unionType('LaunchRunReexecutionResult', {
  types: [LaunchRunSuccess, ...launchFailures],
  resolveType: byTypename,
});

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
      return launchSuccess(created.runId, context);
    }),
  );
}

builder.mutationFields((t) => {
  const args = {
    executionParams: t.arg({ type: ExecutionParams }),
    reexecutionParams: t.arg({ type: ReexecutionParams }),
  };
  return {
    launchRunReexecution: t.field({
      type: LaunchRunReexecutionResult,
      args,
      resolve: (_root, { reexecutionParams, executionParams }, context) =>
        reexecute(reexecutionOf(reexecutionParams, executionParams), context) as never,
    }),
    launchPipelineReexecution: t.field({
      type: LaunchRunReexecutionResult,
      args,
      resolve: (_root, { reexecutionParams, executionParams }, context) =>
        reexecute(reexecutionOf(reexecutionParams, executionParams), context) as never,
    }),
  };
});
