import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type ApiError, expectType } from '../../graphql/api-error';
import type { RunsFeedResult, RunsFilter } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { useLiveQuery } from '../../graphql/use-live-query';
import type { BackfillRow } from '../backfills/backfill-progress';
import { isFinished, mergeRows, type RunRow } from './run-rows';
import { runsDocument, runsFeedDocument } from './runs.graphql';

/** A run, or a backfill in the place of its runs. */
export type FeedRow =
  | { readonly kind: 'run'; readonly id: string; readonly creationTime: number; readonly run: RunRow }
  | {
      readonly kind: 'backfill';
      readonly id: string;
      readonly creationTime: number;
      readonly backfill: BackfillRow;
    };

interface Page {
  readonly rows: readonly FeedRow[];
  readonly count: number;
  readonly cursor: string | null;
}

const pageSize = 50;
/** Unfinished runs below the head that are kept up to date. */
const followed = 100;

/** Runs and backfills together by keyset pages; rows stay up to date in place, new ones wait until `showNew`. */
export function useRunsFeed(filter: RunsFilter) {
  const client = useQueryClient();
  const key = useMemo(() => ['RunsFeedPages', filter], [filter]);
  const pages = useInfiniteQuery<Page, ApiError, Page, readonly unknown[], string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) =>
      toPage(await request(runsFeedDocument, { filter, cursor: pageParam, limit: pageSize }, signal)),
    getNextPageParam: (last) => last.cursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    select: ({ pages: read }) => ({
      rows: read.flatMap(({ rows }) => rows),
      count: read[0]?.count ?? 0,
      cursor: read.at(-1)?.cursor ?? null,
    }),
  });
  const head = useLiveQuery(
    runsFeedDocument,
    { filter, limit: pageSize },
    { enabled: pages.isSuccess, keepPrevious: false, interval: 2_000, select: toPage },
  );
  const shown = pages.data?.rows;
  const below = useMemo(
    () =>
      (shown ?? [])
        .slice(pageSize)
        .flatMap((row) => (row.kind === 'run' && !isFinished(row.run) ? [row.id] : []))
        .slice(0, followed),
    [shown],
  );
  const tail = useLiveQuery(
    runsDocument,
    { filter: { runIds: below }, limit: followed },
    {
      enabled: below.length > 0,
      select: (answer) => expectType(answer.runsOrError, 'Runs').results.map(runRow),
    },
  );
  const merged = useMemo(
    () => mergeRows(shown ?? [], [...(head.data?.rows ?? []), ...(tail.data ?? [])]),
    [shown, head.data, tail.data],
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
  };
}

const runRow = (run: RunRow): FeedRow => ({
  kind: 'run',
  id: run.runId,
  creationTime: run.creationTime,
  run,
});

function toPage({ runsFeedOrError, runsFeedCountOrError }: RunsFeedResult): Page {
  const { results, cursor, hasMore } = expectType(runsFeedOrError, 'RunsFeedConnection');
  return {
    rows: results.map((entry): FeedRow => {
      if (entry.__typename === 'Run') return runRow(entry);
      const { backfillStatus: status, backfillJob: jobName, ...rest } = entry;
      return {
        kind: 'backfill',
        id: entry.id,
        creationTime: entry.creationTime,
        backfill: { ...rest, status, jobName },
      };
    }),
    count: runsFeedCountOrError.__typename === 'RunsFeedCount' ? runsFeedCountOrError.count : 0,
    cursor: hasMore ? cursor : null,
  };
}
