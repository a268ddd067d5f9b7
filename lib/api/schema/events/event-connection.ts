import type { StoredEvent } from '../../../model/event';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { orError, PythonError, RunNotFoundError } from '../errors';
import { pageSize } from '../paging';
import { runNotFound } from '../runs/run';
import { TYPE_OF_EVENT } from './event-types';
import { NEVER_LOGGED } from './never-logged-events';

const DagsterRunEvent = builder.unionType('DagsterRunEvent', {
  types: [...new Set(Object.values(TYPE_OF_EVENT)), ...NEVER_LOGGED].map((name) => name as never),
  resolveType: (event: StoredEvent) => TYPE_OF_EVENT[event.type],
});

type ConnectionValue = Tagged<
  'EventConnection',
  { readonly events: readonly StoredEvent[]; readonly cursor: string; readonly hasMore: boolean }
>;
export const EventConnection = builder.objectRef<ConnectionValue>('EventConnection');
EventConnection.implement({
  fields: (t) => ({
    events: t.field({ type: [DagsterRunEvent], resolve: ({ events }) => [...events] as never }),
    cursor: t.exposeString('cursor'),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});
const EventConnectionOrError = builder.unionType('EventConnectionOrError', {
  types: [EventConnection, RunNotFoundError, PythonError],
  resolveType: byTypename,
});

/** Events of a run in their order, after a cursor. */
export async function eventPage(
  runId: string,
  { afterCursor, limit }: { afterCursor?: string | null | undefined; limit?: number | null | undefined },
  { instance }: ApiContext,
): Promise<ConnectionValue> {
  const size = pageSize(limit, 1_000);
  const after = Number(afterCursor ?? 0);
  const events = await instance.storage.runEvents({ runId, after, limit: size });
  return tag('EventConnection', {
    events,
    cursor: String(events.at(-1)?.storageId ?? after),
    hasMore: events.length === size,
  });
}

builder.queryField('logsForRun', (t) =>
  t.field({
    type: EventConnectionOrError,
    args: { runId: t.arg.id({ required: true }), afterCursor: t.arg.string(), limit: t.arg.int() },
    resolve: (_root, { runId, afterCursor, limit }, context) =>
      orError(async () => {
        const id = String(runId);
        if ((await context.loaders.run.load(id)) === undefined) return runNotFound(id);
        return eventPage(id, { afterCursor, limit }, context);
      }),
  }),
);
