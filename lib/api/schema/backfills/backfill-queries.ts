import { BackfillNotFoundError as EngineBackfillNotFoundError } from '../../../engine/errors';
import { BACKFILL_STATUSES, type Backfill } from '../../../model/backfill';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { toMilliseconds } from '../common';
import { orError, PythonError } from '../errors';
import { pageSize } from '../paging';
import { BulkActionStatus, backfillValue, PartitionBackfill } from './partition-backfill';

const BulkActionsFilter = builder.inputType('BulkActionsFilter', {
  fields: (t) => ({
    statuses: t.field({ type: [BulkActionStatus] }),
    createdBefore: t.float(),
    createdAfter: t.float(),
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
          createdAfter: toMilliseconds(filters?.createdAfter) ?? undefined,
          createdBefore: toMilliseconds(filters?.createdBefore) ?? undefined,
          cursor: cursor ?? undefined,
          limit: pageSize(limit, 100),
        });
        return tag('PartitionBackfills', { backfills });
      }) as never,
  }),
}));
