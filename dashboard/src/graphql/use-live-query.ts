import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ApiError } from './api-error';
import type { GraphqlDocument } from './gql';
import { request } from './request';

/** Ms between polls of live data, and between tries while the API fails. */
export const pollInterval = { live: 1_000, slow: 5_000, still: 30_000, failing: 5_000 } as const;

export interface LiveQueryOptions<Result, Data> {
  /** Ms between polls while the page is visible; false fetches once. Default: 1 s. */
  readonly interval?: number | false | ((data: Data | undefined) => number | false);
  readonly enabled?: boolean;
  /** Narrows the answer; may throw `ApiError` (`expectType`). */
  readonly select: (result: Result) => Data;
  /** Keeps the last data while the variables change (filters, windows). Default true. */
  readonly keepPrevious?: boolean;
}

export function queryKey<Variables>(
  document: GraphqlDocument<unknown, Variables>,
  variables: Variables,
): readonly unknown[] {
  return [document.name, variables];
}

/** Polls a document while the page is visible; unchanged parts of the answer keep their identity. */
export function useLiveQuery<Result, Variables, Data>(
  document: GraphqlDocument<Result, Variables>,
  variables: Variables,
  options: LiveQueryOptions<Result, Data>,
): UseQueryResult<Data, ApiError> {
  const { interval = pollInterval.live } = options;
  return useQuery<Data, ApiError>({
    queryKey: queryKey(document, variables),
    queryFn: async ({ signal }) => options.select(await request(document, variables, signal)),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === false ? {} : { placeholderData: keepPreviousData }),
    refetchInterval: (query) => {
      const wanted = typeof interval === 'function' ? interval(query.state.data) : interval;
      if (wanted === false) return query.state.error?.retryable ? pollInterval.failing : false;
      return query.state.error ? Math.max(wanted, pollInterval.failing) : wanted;
    },
    refetchIntervalInBackground: false,
  });
}
