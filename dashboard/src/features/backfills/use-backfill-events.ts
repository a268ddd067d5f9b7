import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiError, expectType } from '../../graphql/api-error';
import type { BackfillEventsResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { pollInterval } from '../../graphql/use-live-query';
import { backfillEventsDocument } from './backfills.graphql';

type Page = Extract<
  BackfillEventsResult['partitionBackfillOrError'],
  { readonly __typename: 'PartitionBackfill' }
>['logEvents'];
type BackfillEvent = Page['events'][number];

interface EventLog {
  readonly events: readonly BackfillEvent[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** What a backfill said, by cursor: what is read stays, each poll appends what came after it. */
export function useBackfillEvents(backfillId: string, live: boolean): UseQueryResult<EventLog, ApiError> {
  const client = useQueryClient();
  const queryKey = ['BackfillEvents', backfillId, live];
  return useQuery<EventLog, ApiError>({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<EventLog>(queryKey);
      const answer = await request(backfillEventsDocument, { backfillId, cursor: known?.cursor }, signal);
      const { logEvents } = expectType(answer.partitionBackfillOrError, 'PartitionBackfill');
      return { ...logEvents, events: [...(known?.events ?? []), ...logEvents.events] };
    },
    placeholderData: keepPreviousData,
    structuralSharing: false,
    refetchInterval: (query) => {
      if (query.state.error) return pollInterval.failing;
      if (query.state.data?.hasMore) return 1;
      return live ? 2_000 : false;
    },
    refetchIntervalInBackground: false,
  });
}
