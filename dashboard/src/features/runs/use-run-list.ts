import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { type ApiError, expectType } from '../../graphql/api-error';
import type { RunsFilter } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { useLiveQuery } from '../../graphql/use-live-query';
import { isFinished, mergeRows, type RunRow } from './run-rows';
import { runsDocument } from './runs.graphql';

const pageSize = 50;
/** Unfinished rows below the head that are kept up to date. */
const followed = 100;

/** Keyset pages of runs whose rows stay up to date in place; new rows wait until `showNew`. */
export function useRunList(filter: RunsFilter, enabled = true) {
  const client = useQueryClient();
  const key = useMemo(() => ['RunPages', filter], [filter]);
  const pages = useInfiniteQuery<
    { results: readonly RunRow[]; count: number },
    ApiError,
    { results: readonly RunRow[]; count: number },
    readonly unknown[],
    string | null
  >({
    queryKey: key,
    enabled,
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) => {
      const answer = await request(runsDocument, { filter, cursor: pageParam, limit: pageSize }, signal);
      return expectType(answer.runsOrError, 'Runs');
    },
    getNextPageParam: (last) =>
      last.results.length < pageSize ? undefined : (last.results.at(-1)?.runId ?? undefined),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    select: (data) => ({
      results: data.pages.flatMap((page) => page.results),
      count: data.pages[0]?.count ?? 0,
    }),
  });
  const head = useLiveQuery(
    runsDocument,
    { filter, limit: pageSize },
    {
      enabled: enabled && pages.isSuccess,
      keepPrevious: false,
      select: (answer) => expectType(answer.runsOrError, 'Runs'),
    },
  );
  const shown = pages.data?.results;
  const below = useMemo(
    () =>
      (shown ?? [])
        .slice(pageSize)
        .filter((run) => !isFinished(run))
        .slice(0, followed)
        .map((run) => run.runId),
    [shown],
  );
  const tail = useLiveQuery(
    runsDocument,
    { filter: { runIds: below }, limit: followed },
    { enabled: below.length > 0, select: (answer) => expectType(answer.runsOrError, 'Runs').results },
  );
  const stillShown = useMissing(shown, head.data?.results);
  const left = useLiveQuery(
    runsDocument,
    { filter: { runIds: stillShown }, limit: pageSize },
    { enabled: stillShown.length > 0, select: (answer) => expectType(answer.runsOrError, 'Runs').results },
  );
  const merged = useMemo(
    () => mergeRows(shown ?? [], [...(head.data?.results ?? []), ...(tail.data ?? []), ...(left.data ?? [])]),
    [shown, head.data, tail.data, left.data],
  );
  const { fetchNextPage } = pages;
  const loaded = useRef<{ readonly rows: readonly RunRow[]; readonly hasMore: boolean }>({
    rows: [],
    hasMore: false,
  });
  loaded.current = { rows: shown ?? [], hasMore: pages.hasNextPage };
  const loadUpTo = useCallback(
    async (most: number): Promise<readonly RunRow[]> => {
      let { rows, hasMore } = loaded.current;
      while (hasMore && rows.length < most) {
        const { data, hasNextPage, isError } = await fetchNextPage();
        rows = data?.results ?? rows;
        hasMore = hasNextPage && !isError;
      }
      return rows.slice(0, most);
    },
    [fetchNextPage],
  );
  const showNew = useCallback(() => {
    void client.resetQueries({ queryKey: key });
  }, [client, key]);
  return {
    ...merged,
    pages,
    error: head.error ?? tail.error,
    updatedAt: head.dataUpdatedAt || pages.dataUpdatedAt,
    count: head.data?.count ?? pages.data?.count ?? 0,
    showNew,
    /** Reads further pages until there are so many rows, or no more. */
    loadUpTo,
  };
}

/** Rows that left the filter while on screen (a queued one that started): they stay and show their new state. */
function useMissing(
  shown: readonly RunRow[] | undefined,
  head: readonly RunRow[] | undefined,
): readonly string[] {
  return useMemo(() => {
    if (!shown || !head) return [];
    const present = new Set(head.map((run) => run.runId));
    return shown
      .slice(0, pageSize)
      .filter((run) => !present.has(run.runId) && !isFinished(run))
      .map((run) => run.runId);
  }, [shown, head]);
}
