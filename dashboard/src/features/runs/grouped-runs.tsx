import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { formatCount, formatRunCount } from '../../components/format/number';
import { ErrorState, LoadingRows } from '../../components/panel-states';
import { runTag } from '../../components/run-tags';
import type { RunsFilter } from '../../graphql/generated';
import { type GroupedRow, groupedColumns, groupedNarrow } from './grouped-columns';
import { NoRuns, StaleRuns } from './no-runs';
import { jobMedians, type RunRow } from './run-rows';
import { RunsBar } from './runs-bar';
import styles from './runs-page.module.css';
import { useRunList } from './use-run-list';
import { type FeedRow, useRunsFeed } from './use-runs-feed';

/** Runs of an open backfill that are shown under it; its page has all. */
const SHOWN_RUNS = 10;

/** Runs, with each backfill as one row that opens to its newest runs. */
export function GroupedRuns({
  filter,
  openedAt,
  isFiltered,
  onClear,
  note,
}: {
  readonly filter: RunsFilter;
  readonly openedAt: number;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  /** A line about the runs of this tab. */
  readonly note: React.ReactNode;
}) {
  const navigate = useNavigate();
  const feed = useRunsFeed(filter);
  const [open, setOpen] = useState<string>();
  const ofBackfill = useMemo(
    (): RunsFilter => ({ tags: [{ key: runTag.backfill, value: open ?? '' }] }),
    [open],
  );
  const opened = useRunList(ofBackfill, open !== undefined);
  const rows = useMemo(
    () => withOpened(feed.rows, open, opened.pages.isSuccess ? opened : undefined),
    [feed.rows, open, opened],
  );
  const columns = useMemo(() => {
    const runs = rows.flatMap((row) => (row.kind === 'run' ? [row.run] : []));
    return groupedColumns(jobMedians(runs), open, (id) => setOpen((old) => (old === id ? undefined : id)));
  }, [rows, open]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = feed.pages;
  const onOpen = (row: GroupedRow) => {
    if (row.kind === 'run') void navigate({ to: '/runs/$runId', params: { runId: row.id }, search: {} });
    else {
      const backfillId = row.kind === 'backfill' ? row.id : row.backfillId;
      const search = row.kind === 'backfill' ? {} : { tab: 'runs' };
      void navigate({ to: '/backfills/$backfillId', params: { backfillId }, search });
    }
  };
  return (
    <>
      <RunsBar
        openedAt={openedAt}
        count={
          <>
            <b className="strong">{formatRunCount(feed.count)}</b> in the list
          </>
        }
      />
      {note}
      {feed.waiting.length > 0 && (
        <div className={styles.new}>
          <Button small icon="chevronUp" onClick={feed.showNew}>
            {formatCount(feed.waiting.length)} new
          </Button>
        </div>
      )}
      {feed.error && rows.length > 0 && <StaleRuns at={feed.updatedAt} error={feed.error} />}
      {feed.pages.isPending ? (
        <LoadingRows rows={14} />
      ) : feed.pages.error && rows.length === 0 ? (
        <ErrorState
          title="Runs could not be loaded"
          error={feed.pages.error}
          onRetry={() => void feed.pages.refetch()}
          retrying={feed.pages.isFetching}
        />
      ) : rows.length === 0 ? (
        <NoRuns filtered={isFiltered} onClear={onClear} />
      ) : (
        <DataGrid<GroupedRow>
          label="Runs and backfills"
          rows={rows}
          columns={columns}
          getId={(row) => row.id}
          rowLabel={rowLabel}
          onOpen={onOpen}
          narrow={groupedNarrow}
          onEnd={() => {
            if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
          }}
          footer={isFetchingNextPage ? <LoadingRows rows={2} /> : undefined}
        />
      )}
    </>
  );
}

function rowLabel(row: GroupedRow): string {
  if (row.kind === 'run') return `Run ${row.id.slice(0, 8)} of ${row.run.jobName}`;
  return row.kind === 'backfill' ? `Backfill ${row.id}` : `All runs of backfill ${row.backfillId}`;
}

/** The rows with the newest runs of the open backfill under it. */
function withOpened(
  rows: readonly FeedRow[],
  open: string | undefined,
  list: { readonly rows: readonly RunRow[]; readonly count: number } | undefined,
): readonly GroupedRow[] {
  return rows.flatMap((row): readonly GroupedRow[] => {
    if (row.kind !== 'backfill' || row.id !== open || list === undefined) return [row];
    const runs = list.rows.slice(0, SHOWN_RUNS);
    return [
      row,
      ...runs.map((run) => ({
        kind: 'run' as const,
        id: run.runId,
        creationTime: run.creationTime,
        run,
        isInside: true,
      })),
      { kind: 'more', id: `${row.id}:more`, backfillId: row.id, count: list.count, shown: runs.length },
    ];
  });
}
