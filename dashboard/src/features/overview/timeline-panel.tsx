import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { EmptyState, ErrorState } from '../../components/panel-states';
import { Section } from '../../components/section';
import { useUrlState } from '../../components/use-url-state';
import type { OverdueTick } from './overdue-ticks';
import type { OverviewData } from './overview-data';
import type { OverviewFilter } from './overview-filter';
import styles from './overview-page.module.css';
import type { OverviewWindow } from './overview-window';
import { RunsTable } from './runs-table';
import { TimelineChart } from './timeline-chart';
import { busiestRows, timelineRows } from './timeline-rows';

/** Rows of the timeline before somebody asks for more, and then. */
export const fewRows = 24;
export const manyRows = 200;

/** The window's runs and ticks as a chart or a table, or why there is none. */
export function TimelinePanel({
  data,
  overdue,
  window,
  filter,
  now,
  retry,
}: {
  readonly data: OverviewData;
  readonly overdue: readonly OverdueTick[];
  readonly window: OverviewWindow;
  readonly filter: OverviewFilter;
  readonly now: number;
  readonly retry: () => void;
}) {
  const [search, patch] = useUrlState();
  const second = Math.floor(now / 1_000) * 1_000;
  const rows = useMemo(() => {
    const passes = (tick: { location: string; rowName: string }) =>
      filter.passes({ location: tick.location, name: tick.rowName });
    return timelineRows(
      data.runRows,
      data.expected.filter(passes),
      { now: second, to: window.to },
      overdue.filter((tick) => passes(tick) && tick.at >= window.from && tick.at <= window.to),
    );
  }, [data.runRows, data.expected, second, window, overdue, filter]);
  const isAll = search.rows === 'all';
  const shown = useMemo(() => busiestRows(rows, isAll ? manyRows : fewRows), [rows, isAll]);
  const closed = useMemo(() => new Set(search.closed?.split(',')), [search.closed]);
  const toggle = (location: string) => {
    const next = new Set(closed);
    if (!next.delete(location)) next.add(location);
    patch({ closed: [...next].filter(Boolean).join(',') || undefined });
  };

  if (data.problem !== undefined)
    return (
      <ErrorState title="The timeline could not be loaded" error={new Error(data.problem)} onRetry={retry} />
    );
  if (rows.length === 0)
    return filter.runs ? (
      <EmptyState
        icon="filter"
        title="Nothing in this window matches the filter"
        action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
      >
        Runs and ticks of other jobs may be there.
      </EmptyState>
    ) : (
      <EmptyState
        icon="overview"
        title="Nothing ran in this window"
        command="npx headrace run raw/earthquakes"
      >
        Runs and expected ticks appear here over time. Start a run:
      </EmptyState>
    );
  if (search.view === 'table') return <WindowRuns data={data} />;
  const all = Math.max(rows.length, data.rowCount);
  return (
    <>
      <TimelineChart
        rows={shown}
        summary={
          all > shown.length ? `${formatCount(shown.length)} of ${plural(all, 'job')}` : plural(all, 'job')
        }
        closed={closed}
        onToggle={toggle}
        from={window.from}
        to={window.to}
        now={second}
      />
      {all > fewRows && (
        <p className={styles.more}>
          {shown.length < all &&
            `${formatCount(shown.length)} of ${formatCount(all)} jobs: what failed, runs or ran last. `}
          {isAll && shown.length < all && 'Filter for others. '}
          <Button small onClick={() => patch({ rows: isAll ? undefined : 'all' })}>
            {isAll
              ? 'Show fewer'
              : `Show ${all > manyRows ? formatCount(manyRows) : `all ${formatCount(all)}`} jobs`}
          </Button>
        </p>
      )}
    </>
  );
}

/** The window's newest runs, and how many there are beside them. */
function WindowRuns({ data: { latest, counts } }: { readonly data: OverviewData }) {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <>
      <RunsTable runs={latest} />
      {latest.length < all && (
        <p className={styles.more}>
          The latest {formatCount(latest.length)} of {plural(all, 'run')}.{' '}
          <Link to="/runs" className="link">
            All runs
          </Link>
        </p>
      )}
    </>
  );
}

/** The newest runs of the window, below the panels. */
export function LatestRuns({ data }: { readonly data: OverviewData }) {
  return (
    <Section
      title="Latest runs"
      actions={
        <Link to="/runs" className="link">
          All runs
        </Link>
      }
    >
      <RunsTable runs={data.latest} />
    </Section>
  );
}
