import { cancelRun } from '../../../engine/cancel-run';
import { RunNotFoundError as EngineRunNotFoundError } from '../../../engine/errors';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { canceledBy } from '../../canceled-by';
import { guarded } from '../../guard';
import { PythonError, RunNotFoundError, UnauthorizedError } from '../errors';
import { RunType, type RunValue, runNotFound, runValue } from './run';

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

builder.mutationFields((t) => {
  const runId = t.arg.string({ required: true });
  return {
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
  };
});
