import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiError, expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { pollInterval } from '../../graphql/use-live-query';
import { runEventsDocument } from './run.graphql';
import type { RunEvent } from './run-types';
import { useLastRead } from './use-last-read';

export interface RunEventLog {
  readonly events: readonly RunEvent[];
  readonly cursor: string | undefined;
  readonly hasMore: boolean;
}

/** Events of one answer; with their metadata more would be above what the API answers at once. */
const pageSize = 500;
/** Pages that are drawn together, but for the first: a log of 100,000 events is drawn 21 times, not 200. */
const pagesAtOnce = 10;

/** A run's events from the first on, by cursor: what is read stays, each poll appends what came after it. */
export function useRunEvents(runId: string, live: boolean): UseQueryResult<RunEventLog, ApiError> {
  const client = useQueryClient();
  const queryKey = ['RunEvents', runId];
  useLastRead(queryKey, live);
  return useQuery<RunEventLog, ApiError>({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<RunEventLog>(queryKey);
      const read: RunEvent[] = [];
      let next: Omit<RunEventLog, 'events'> = { cursor: known?.cursor, hasMore: true };
      for (let page = 0; next.hasMore && page < (known ? pagesAtOnce : 1); page += 1) {
        const answer = await request(
          runEventsDocument,
          { runId, afterCursor: next.cursor, limit: pageSize },
          signal,
        );
        const { events, cursor, hasMore } = expectType(answer.logsForRun, 'EventConnection');
        read.push(...events);
        next = { cursor, hasMore };
      }
      return {
        ...next,
        events: known && read.length === 0 ? known.events : [...(known?.events ?? []), ...read],
      };
    },
    structuralSharing: false,
    refetchInterval: (query) => {
      if (query.state.error) return pollInterval.failing;
      if (query.state.data?.hasMore) return 1;
      return live ? pollInterval.live : false;
    },
    refetchIntervalInBackground: false,
  });
}
