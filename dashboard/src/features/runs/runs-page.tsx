import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button, buttonClass } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { isAdHocJob } from '../../components/format/asset-key';
import { formatCount, formatRunCount, plural } from '../../components/format/number';
import { dayOf } from '../../components/format/time';
import { Icon } from '../../components/icon';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, ErrorState, LoadingRows, Note } from '../../components/panel-states';
import { Tabs } from '../../components/tabs';
import { Time, useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { useLiveQuery } from '../../graphql/use-live-query';
import { CancelRunsDialog } from './cancel-runs-dialog';
import { DeleteRunsDialog } from './delete-runs-dialog';
import { RetryRunsDialog } from './retry-runs-dialog';
import { runColumns, runNarrow } from './run-columns';
import { isFinished, jobMedians, type RunRow } from './run-rows';
import { runCountsDocument } from './runs.graphql';
import { type RunsTab, runFilterKeys, toRunsFilter } from './runs-filter';
import styles from './runs-page.module.css';
import { useRunList } from './use-run-list';

const tabs: readonly { readonly tab: RunsTab; readonly text: string }[] = [
  { tab: 'all', text: 'All' },
  { tab: 'queued', text: 'Queued' },
  { tab: 'progress', text: 'In progress' },
  { tab: 'failed', text: 'Failed' },
];

/** Most runs that one bulk action takes: its question has to be answerable. */
const mostSelected = 1_000;

export function RunsPage() {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const tab = tabs.find((each) => each.tab === search.tab)?.tab ?? 'all';
  const text = search.q ?? '';
  const [openedAt] = useState(Date.now);
  const zone = useZone();
  const filter = useMemo(() => toRunsFilter(text, tab, openedAt, zone), [text, tab, openedAt, zone]);
  const list = useRunList(filter);
  const counts = useRunCounts(text, openedAt, zone);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [selecting, setSelecting] = useState(false);
  const [asked, setAsked] = useState<'cancel' | 'retry' | 'delete'>();

  const medians = useMemo(() => jobMedians(list.rows), [list.rows]);
  const columns = useMemo(() => runColumns(medians), [medians]);
  const jobs = useMemo(
    () => [...new Set(list.rows.map((run) => run.jobName))].filter((name) => !isAdHocJob(name)).sort(),
    [list.rows],
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
      <PageTitle title="Runs" />
      <Tabs
        label="Runs by status"
        tabs={tabs.map((each) => ({
          text: each.text,
          current: each.tab === tab,
          count: each.tab === 'all' ? undefined : counts?.[each.tab],
          search: { ...search, tab: each.tab === 'all' ? undefined : each.tab },
        }))}
      >
        <Link to="/jobs" className={buttonClass('primary')} aria-label="Launch a run">
          <Icon name="play" size={14} />
          <span className="wide-only">Launch a run</span>
        </Link>
      </Tabs>
      <Toolbar>
        <FilterBar
          label="Filter runs"
          value={text}
          keys={runFilterKeys(jobs, dayOf(openedAt, zone))}
          onChange={(q) => patch({ q: q || undefined }, { push: true })}
        />
        <span className="small nowrap wide-only">
          <b className="strong">{formatRunCount(list.count)}</b> {list.count === 1 ? 'run' : 'runs'}
        </span>
      </Toolbar>
      {list.waiting.length > 0 && (
        <div className={styles.new}>
          <Button small icon="chevronUp" onClick={list.showNew}>
            {formatCount(list.waiting.length)} new
          </Button>
        </div>
      )}
      {list.error && list.rows.length > 0 && (
        <Note kind="warn" className={styles.note}>
          <b>
            Data of <Time at={list.updatedAt} seconds />.
          </b>{' '}
          {list.error.message} Trying again every 5 s.
        </Note>
      )}
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
        <NoRuns
          filtered={text !== '' || tab !== 'all'}
          onClear={() => patch({ q: undefined, tab: undefined })}
        />
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
              {text || tab !== 'all' ? ' that match' : ''}
            </Button>
          )}
          <Button
            icon="retry"
            disabled={retryable.length === 0}
            title={bulkReason(finished.length, retryable.length, 'be executed again')}
            onClick={() => setAsked('retry')}
          >
            Retry {plural(retryable.length, 'run')}…
          </Button>
          <Button
            look="danger"
            icon="close"
            disabled={cancelable.length === 0}
            title={cancelable.length === 0 ? 'None of the selected runs can be canceled' : undefined}
            onClick={() => setAsked('cancel')}
          >
            Cancel {plural(cancelable.length, 'run')}…
          </Button>
          <Button
            look="danger"
            icon="minus"
            disabled={deletable.length === 0}
            title={bulkReason(finished.length, deletable.length, 'be deleted')}
            onClick={() => setAsked('delete')}
          >
            Delete {plural(deletable.length, 'run')}…
          </Button>
        </BulkBar>
      )}
      {asked === 'cancel' && <CancelRunsDialog runs={cancelable} filter={text} onClose={answered} />}
      {asked === 'retry' && <RetryRunsDialog runs={retryable} filter={text} onClose={answered} />}
      {asked === 'delete' && (
        <DeleteRunsDialog
          runs={deletable}
          filter={text}
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

function useRunCounts(text: string, openedAt: number, zone: string) {
  const variables = useMemo(() => {
    const of = (tab: RunsTab) => toRunsFilter(text, tab, openedAt, zone);
    return { all: of('all'), queued: of('queued'), inProgress: of('progress'), failed: of('failed') };
  }, [text, openedAt, zone]);
  const count = (union: { __typename: string; count?: number }) =>
    union.__typename === 'Runs' ? formatRunCount(union.count) : undefined;
  const { data } = useLiveQuery(runCountsDocument, variables, {
    interval: 3_000,
    select: (answer): Readonly<Record<RunsTab, string | undefined>> => ({
      all: count(answer.all),
      queued: count(answer.queued),
      progress: count(answer.inProgress),
      failed: count(answer.failed),
      scheduled: undefined,
    }),
  });
  return data;
}

function NoRuns({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (!filtered) {
    return (
      <EmptyState icon="runs" title="No runs yet" command="npx headrace run raw/earthquakes">
        A run executes a job or materializes assets. Start the first one:
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="No run matches"
      action={<Button onClick={onClear}>Clear the filter</Button>}
    >
      Runs that match appear here as soon as they are created.
    </EmptyState>
  );
}
