import { useCallback, useMemo } from 'react';
import { Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { QueryPanel } from '../../components/panel-states';
import { StatStrip } from '../../components/stat-strip';
import { progressRunStatuses } from '../../components/status';
import { useNow } from '../../components/use-now';
import { useUrlState } from '../../components/use-url-state';
import type { TimelineResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { toAssetOverview } from './asset-overview';
import { AssetPanels } from './asset-panels';
import { overdueAttention, overdueTicks, overdueWithin } from './overdue-ticks';
import { lateDocument, timelineDocument } from './overview.graphql';
import { type OverviewData, toOverview } from './overview-data';
import { overviewFilterKeys, readFilter } from './overview-filter';
import styles from './overview-page.module.css';
import { Attention, Daemons, Queue } from './overview-panels';
import { stats } from './overview-stats';
import { OverviewToolbar } from './overview-toolbar';
import { readWindow } from './overview-window';
import { fewRows, LatestRuns, manyRows, TimelinePanel } from './timeline-panel';

/** Runs in the table; beside the timeline there are a few. */
const tableRuns = 100;
const latestRuns = 8;
/** With more runs than these in the window, the page asks less often. */
const many = 5_000;

export function OverviewPage() {
  const [search] = useUrlState();
  const now = useNow();
  const minute = Math.floor(now / 60_000) * 60_000;
  const { hours, until, q = '' } = search;
  const window = useMemo(() => readWindow({ hours, until }, minute), [hours, until, minute]);
  const filter = useMemo(() => readFilter(q), [q]);
  const query = useLiveQuery(
    timelineDocument,
    {
      from: window.from / 1_000,
      to: window.to / 1_000,
      filter: filter.runs ?? null,
      rows: search.rows === 'all' ? manyRows : fewRows,
      latest: search.view === 'table' ? tableRuns : latestRuns,
      inProgress: { statuses: progressRunStatuses },
      queued: { statuses: ['QUEUED'] },
    },
    {
      interval: (data: OverviewData | undefined) =>
        data && [...data.counts.values()].reduce((sum, count) => sum + count, 0) > many
          ? pollInterval.slow
          : 2_000,
      select: useCallback((answer: TimelineResult) => toOverview(answer), []),
    },
  );
  const keys = useMemo(() => filterKeys(query.data), [query.data]);
  return (
    <>
      <PageTitle title="Overview" />
      <OverviewToolbar window={window} keys={keys} now={minute} />
      <Scroll>
        <QueryPanel query={query} title="The overview could not be loaded" rows={12}>
          {(data) => <Overview data={data} window={window} filter={filter} now={now} retry={query.refetch} />}
        </QueryPanel>
      </Scroll>
    </>
  );
}

function filterKeys(data: OverviewData | undefined) {
  const names = new Set(
    [...(data?.runRows ?? []), ...(data?.expected ?? []).map(({ rowName: name }) => ({ name }))].map(
      ({ name }) => name,
    ),
  );
  return overviewFilterKeys([...names].sort(), data?.locations ?? []);
}

function Overview({
  data,
  window,
  filter,
  now,
  retry,
}: {
  readonly data: OverviewData;
  readonly window: ReturnType<typeof readWindow>;
  readonly filter: ReturnType<typeof readFilter>;
  readonly now: number;
  readonly retry: () => void;
}) {
  const [search] = useUrlState();
  const late = useLiveQuery(lateDocument, {}, { interval: pollInterval.still, select: (answer) => answer });
  const assets = useMemo(() => late.data && toAssetOverview(late.data), [late.data]);
  const minute = Math.floor(now / 60_000) * 60_000;
  const overdue = useMemo(
    () => overdueWithin(late.data ? overdueTicks(late.data, minute) : [], window),
    [late.data, minute, window],
  );
  const attention = useMemo(
    () => [...data.attention, ...overdueAttention(overdue)].sort((a, b) => b.at - a.at),
    [data.attention, overdue],
  );
  return (
    <>
      <StatStrip label="Now" stats={stats(data, assets && { overdue, assets }, now)} />
      <TimelinePanel data={data} overdue={overdue} window={window} filter={filter} now={now} retry={retry} />
      <div className={styles.columns}>
        <Attention items={attention} />
        <Queue data={data} now={now} />
        <AssetPanels query={late} assets={assets} />
        <Daemons instance={data.instance} />
      </div>
      {data.latest.length > 0 && search.view !== 'table' && <LatestRuns data={data} />}
    </>
  );
}
