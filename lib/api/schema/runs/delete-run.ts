import { deleteRun } from '../../../engine/delete-runs';
import { RunNotFoundError as EngineRunNotFoundError } from '../../../engine/errors';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { guarded } from '../../guard';
import { PythonError, RunNotFoundError, UnauthorizedError } from '../errors';
import { runNotFound } from './run';

const DeletePipelineRunSuccess =
  builder.objectRef<Tagged<'DeletePipelineRunSuccess', { readonly runId: string }>>(
    'DeletePipelineRunSuccess',
  );
DeletePipelineRunSuccess.implement({ fields: (t) => ({ runId: t.exposeString('runId') }) });

const DeletePipelineRunResult = builder.unionType('DeletePipelineRunResult', {
  types: [DeletePipelineRunSuccess, UnauthorizedError, PythonError, RunNotFoundError],
  resolveType: byTypename,
});

function deleted(runId: string, context: ApiContext) {
  return guarded(context, 'editor', async () => {
    try {
      await deleteRun(context.instance, runId);
      return tag('DeletePipelineRunSuccess', { runId });
    } catch (error) {
      if (error instanceof EngineRunNotFoundError) return runNotFound(runId);
      throw error;
    }
  });
}

builder.mutationFields((t) => {
  const args = { runId: t.arg.string({ required: true }) };
  return {
    deleteRun: t.field({
      type: DeletePipelineRunResult,
      args,
      resolve: (_root, { runId }, context) => deleted(runId, context) as never,
    }),
    deletePipelineRun: t.field({
      type: DeletePipelineRunResult,
      args,
      resolve: (_root, { runId }, context) => deleted(runId, context) as never,
    }),
  };
});
