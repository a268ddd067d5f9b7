import { changeBackfill } from '../../../engine/change-backfill';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { canceledBy } from '../../canceled-by';
import { guarded } from '../../guard';
import { PythonError, UnauthorizedError } from '../errors';

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

builder.mutationFields((t) => {
  const args = { backfillId: t.arg.string({ required: true }) };
  return {
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
  };
});
