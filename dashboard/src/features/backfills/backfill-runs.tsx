import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { EmptyState, ErrorState, LoadingRows } from '../../components/panel-states';
import { runTag } from '../../components/run-tags';
import { Segmented } from '../../components/segmented';
import { progressRunStatuses } from '../../components/status';
import { useUrlState } from '../../components/use-url-state';
import type { RunStatus, RunsFilter } from '../../graphql/generated';
import { runColumns, runNarrow } from '../runs/run-columns';
import { jobMedians, type RunRow } from '../runs/run-rows';
import { useRunList } from '../runs/use-run-list';
import { BackfillTimeline } from './backfill-timeline';

const choices: Readonly<Record<string, readonly RunStatus[]>> = {
  queued: ['QUEUED'],
  progress: progressRunStatuses,
  failed: ['FAILURE', 'CANCELED'],
};

/** The runs of a backfill, as on the page of all runs. */
export function BackfillRuns({ backfillId }: { readonly backfillId: string }) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const chosen = search.q ?? 'all';
  const asTimeline = search.view === 'timeline';
  const filter = useMemo((): RunsFilter => {
    const statuses = choices[chosen];
    return {
      tags: [{ key: runTag.backfill, value: backfillId }],
      ...(statuses ? { statuses } : {}),
    };
  }, [backfillId, chosen]);
  const list = useRunList(filter);
  const medians = useMemo(() => jobMedians(list.rows), [list.rows]);
  const columns = useMemo(() => runColumns(medians), [medians]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list.pages;
  return (
    <>
      <Toolbar>
        <Segmented
          label="Runs"
          value={chosen}
          options={[
            { value: 'all', text: 'All' },
            { value: 'queued', text: 'Queued' },
            { value: 'progress', text: 'In progress' },
            { value: 'failed', text: 'Failed' },
          ]}
          onChange={(value) => patch({ q: value === 'all' ? undefined : value })}
        />
        <Segmented
          label="Runs as"
          value={asTimeline ? 'timeline' : 'list'}
          options={[
            { value: 'list', text: 'List' },
            { value: 'timeline', text: 'Timeline' },
          ]}
          onChange={(view) => patch({ view: view === 'timeline' ? view : undefined })}
        />
        <span className="small t2 nowrap push">{plural(list.count, 'run')}</span>
        {list.waiting.length > 0 && (
          <Button small icon="chevronUp" onClick={list.showNew}>
            {formatCount(list.waiting.length)} new
          </Button>
        )}
      </Toolbar>
      {list.pages.isPending ? (
        <LoadingRows rows={10} />
      ) : list.pages.error && list.rows.length === 0 ? (
        <ErrorState
          title="Its runs could not be loaded"
          error={list.pages.error}
          onRetry={() => void list.pages.refetch()}
          retrying={list.pages.isFetching}
        />
      ) : list.rows.length === 0 ? (
        <EmptyState icon="runs" title="No run here">
          {chosen === 'all'
            ? 'Its runs appear as they are requested.'
            : 'None of its runs is in this state. Choose All to see the others.'}
        </EmptyState>
      ) : asTimeline ? (
        <BackfillTimeline runs={list.rows} count={list.count} loadUpTo={list.loadUpTo} />
      ) : (
        <DataGrid<RunRow>
          label="Runs of the backfill"
          rows={list.rows}
          columns={columns}
          getId={(run) => run.runId}
          rowLabel={(run) => `Run ${run.runId.slice(0, 8)}`}
          onOpen={(run) => void navigate({ to: '/runs/$runId', params: { runId: run.runId }, search: {} })}
          narrow={runNarrow}
          onEnd={() => {
            if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
          }}
          footer={isFetchingNextPage ? <LoadingRows rows={2} /> : undefined}
        />
      )}
    </>
  );
}
