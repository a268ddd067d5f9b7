import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { formatCount, formatRunCount, plural } from '../../components/format/number';
import { ErrorState, LoadingRows } from '../../components/panel-states';
import type { RunsFilter } from '../../graphql/generated';
import { CancelRunsDialog } from './cancel-runs-dialog';
import { DeleteRunsDialog } from './delete-runs-dialog';
import { NoRuns, StaleRuns } from './no-runs';
import { RetryRunsDialog } from './retry-runs-dialog';
import { runColumns, runNarrow } from './run-columns';
import { menuColumn, type RunAction } from './run-row-menu';
import { isFinished, jobMedians, type RunRow } from './run-rows';
import { RunsBar } from './runs-bar';
import styles from './runs-page.module.css';
import { useRunList } from './use-run-list';

/** Most runs that one bulk action takes: its question has to be answerable. */
const mostSelected = 1_000;

/** Runs one by one, with what can be done to those that are selected, or to one by its menu. */
export function RunList({
  filter,
  text,
  openedAt,
  isFiltered,
  onClear,
  note,
}: {
  readonly filter: RunsFilter;
  /** The filter as it is typed. */
  readonly text: string;
  readonly openedAt: number;
  /** Whether the filter or the tab leaves runs out. */
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  /** A line about the runs of this tab. */
  readonly note: React.ReactNode;
}) {
  const navigate = useNavigate();
  const list = useRunList(filter);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [selecting, setSelecting] = useState(false);
  const [asked, setAsked] = useState<{
    readonly what: RunAction;
    readonly runs: readonly RunRow[];
    readonly filter: string;
  }>();

  const medians = useMemo(() => jobMedians(list.rows), [list.rows]);
  const columns = useMemo(
    () => [...runColumns(medians), menuColumn((what, run) => setAsked({ what, runs: [run], filter: '' }))],
    [medians],
  );
  const selected = list.rows.filter((run) => selection.has(run.runId));
  const cancelable = selected.filter((run) => run.canTerminate);
  const finished = selected.filter(isFinished);
  const retryable = finished.filter((run) => run.hasReExecutePermission);
  const deletable = finished.filter((run) => run.hasDeletePermission);
  const selectable = Math.min(list.count, mostSelected);
  const selectMatching = async () => {
    setSelecting(true);
    const rows = await list.loadUpTo(mostSelected);
    setSelection(new Set(rows.map((run) => run.runId)));
    setSelecting(false);
  };
  const answered = (done: boolean) => {
    setAsked(undefined);
    if (done) setSelection(new Set());
  };
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list.pages;

  return (
    <>
      <RunsBar
        openedAt={openedAt}
        count={
          <>
            <b className="strong">{formatRunCount(list.count)}</b> {list.count === 1 ? 'run' : 'runs'}
          </>
        }
      />
      {note}
      {list.waiting.length > 0 && (
        <div className={styles.new}>
          <Button small icon="chevronUp" onClick={list.showNew}>
            {formatCount(list.waiting.length)} new
          </Button>
        </div>
      )}
      {list.error && list.rows.length > 0 && <StaleRuns at={list.updatedAt} error={list.error} />}
      {list.pages.isPending ? (
        <LoadingRows rows={14} />
      ) : list.pages.error && list.rows.length === 0 ? (
        <ErrorState
          title="Runs could not be loaded"
          error={list.pages.error}
          onRetry={() => void list.pages.refetch()}
          retrying={list.pages.isFetching}
        />
      ) : list.rows.length === 0 ? (
        <NoRuns filtered={isFiltered} onClear={onClear} />
      ) : (
        <DataGrid<RunRow>
          label="Runs"
          rows={list.rows}
          columns={columns}
          getId={(run) => run.runId}
          rowLabel={(run) => `Run ${run.runId.slice(0, 8)} of ${run.jobName}`}
          onOpen={(run) => void navigate({ to: '/runs/$runId', params: { runId: run.runId } })}
          selection={selection}
          onSelection={setSelection}
          narrow={runNarrow}
          onEnd={() => {
            if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
          }}
          footer={isFetchingNextPage ? <LoadingRows rows={2} /> : undefined}
        />
      )}
      {selected.length > 0 && (
        <BulkBar text={`${formatCount(selected.length)} selected`} onClear={() => setSelection(new Set())}>
          {selected.length >= Math.min(list.rows.length, list.count) && selected.length < selectable && (
            <Button look="ghost" busy={selecting} onClick={() => void selectMatching()}>
              {list.count > mostSelected ? 'Select the newest' : 'Select all'} {formatCount(selectable)}
              {isFiltered ? ' that match' : ''}
            </Button>
          )}
          <Button
            icon="retry"
            disabled={retryable.length === 0}
            title={bulkReason(finished.length, retryable.length, 'be executed again')}
            onClick={() => setAsked({ what: 'retry', runs: retryable, filter: text })}
          >
            Retry {plural(retryable.length, 'run')}…
          </Button>
          <Button
            look="danger"
            icon="close"
            disabled={cancelable.length === 0}
            title={cancelable.length === 0 ? 'None of the selected runs can be canceled' : undefined}
            onClick={() => setAsked({ what: 'cancel', runs: cancelable, filter: text })}
          >
            Cancel {plural(cancelable.length, 'run')}…
          </Button>
          <Button
            look="danger"
            icon="minus"
            disabled={deletable.length === 0}
            title={bulkReason(finished.length, deletable.length, 'be deleted')}
            onClick={() => setAsked({ what: 'delete', runs: deletable, filter: text })}
          >
            Delete {plural(deletable.length, 'run')}…
          </Button>
        </BulkBar>
      )}
      {asked?.what === 'cancel' && (
        <CancelRunsDialog runs={asked.runs} filter={asked.filter} onClose={answered} />
      )}
      {asked?.what === 'retry' && (
        <RetryRunsDialog runs={asked.runs} filter={asked.filter} onClose={answered} />
      )}
      {asked?.what === 'delete' && (
        <DeleteRunsDialog
          runs={asked.runs}
          filter={asked.filter}
          onClose={(done) => {
            answered(done);
            if (done) list.showNew();
          }}
        />
      )}
    </>
  );
}

/** Why a bulk action does nothing. */
function bulkReason(finished: number, allowed: number, what: string): string | undefined {
  if (finished === 0) return `Only finished runs can ${what}`;
  return allowed === 0 ? `Your role does not let these runs ${what}` : undefined;
}
