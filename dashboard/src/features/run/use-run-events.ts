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

/** A run's events from the first on, by cursor: what is read stays, each poll appends what came after it. */
export function useRunEvents(runId: string, live: boolean): UseQueryResult<RunEventLog, ApiError> {
  const client = useQueryClient();
  const queryKey = ['RunEvents', runId];
  useLastRead(queryKey, live);
  return useQuery<RunEventLog, ApiError>({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<RunEventLog>(queryKey);
      const answer = await request(
        runEventsDocument,
        { runId, afterCursor: known?.cursor, limit: pageSize },
        signal,
      );
      const page = expectType(answer.logsForRun, 'EventConnection');
      const next = { cursor: page.cursor, hasMore: page.hasMore };
      if (known && page.events.length === 0) return { ...next, events: known.events };
      return { ...next, events: [...(known?.events ?? []), ...page.events] };
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
