import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type ApiError, expectType } from '../../graphql/api-error';
import type { AssetEventHistoryEventTypeSelector, AssetEventsResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { type ListedEvent, withPositions } from './asset-event';
import { assetEventsDocument } from './asset-events.graphql';

const pageSize = 50;

interface Page {
  readonly results: readonly ListedEvent[];
  readonly cursor: string;
}

function pageOf(answer: AssetEventsResult): Page {
  const { assetEventHistory: page } = expectType(answer.assetOrError, 'Asset');
  return { results: withPositions(page), cursor: page.cursor };
}

/** Keyset pages of what happened to an asset; what happens meanwhile is counted, and waits until `showNew`. */
export function useAssetEvents(
  path: readonly string[],
  types: readonly AssetEventHistoryEventTypeSelector[],
  partition: string | undefined,
) {
  const client = useQueryClient();
  const variables = useMemo(
    () => ({
      assetKey: { path },
      types,
      partitions: partition === undefined ? null : [partition],
      limit: pageSize,
    }),
    [path, types, partition],
  );
  const key = useMemo(() => ['AssetEventPages', variables], [variables]);
  const pages = useInfiniteQuery<Page, ApiError, readonly ListedEvent[], readonly unknown[], string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) =>
      pageOf(await request(assetEventsDocument, { ...variables, cursor: pageParam }, signal)),
    getNextPageParam: (last) => (last.results.length < pageSize ? undefined : last.cursor),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    select: (data) => data.pages.flatMap((page) => page.results),
  });
  const head = useLiveQuery(assetEventsDocument, variables, {
    enabled: pages.isSuccess,
    keepPrevious: false,
    interval: pollInterval.slow,
    select: (answer) => pageOf(answer).results,
  });
  const waiting = useMemo(() => {
    const known = new Set(pages.data?.map(({ id }) => id));
    return (head.data ?? []).filter(({ id }) => !known.has(id)).length;
  }, [pages.data, head.data]);
  const showNew = useCallback(() => void client.resetQueries({ queryKey: key }), [client, key]);
  return { pages, events: pages.data ?? [], waiting, showNew };
}
