import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { formatDay, zoneOffset } from '../../components/format/time';
import { Scroll, Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { StatStrip } from '../../components/stat-strip';
import { finishedRunStatuses, progressRunStatuses } from '../../components/status';
import { Time, useZone } from '../../components/time';
import { useNow } from '../../components/use-now';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { RunStatus, RunsFilter, TimelineResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { Freshness } from './freshness-panel';
import { overdueAttention, overdueTicks } from './overdue-ticks';
import { lateDocument, timelineDocument } from './overview.graphql';
import { olderCursor, stats, toOverview } from './overview-data';
import styles from './overview-page.module.css';
import { Attention, Daemons, Queue } from './overview-panels';
import { RunsTable } from './runs-table';
import { TimelineChart } from './timeline-chart';
import { busiestRows, timelineRows } from './timeline-rows';
import { useOlderRuns } from './use-older-runs';

const windows = { '1': '1 h', '6': '6 h', '12': '12 h', '24': '24 h' } as const;
type Hours = keyof typeof windows;
const hourMs = 3_600_000;
/** Rows of the timeline before somebody asks for all, and then. */
const fewRows = 24;
const allRows = 1_000;
const ended = [...finishedRunStatuses] as readonly RunStatus[];

export function OverviewPage() {
  const [search, patch] = useUrlState();
  const hours: Hours = Object.keys(windows).find((each): each is Hours => each === search.hours) ?? '12';
  const now = useNow();
  const zone = useZone();
  const minute = Math.floor(now / 60_000) * 60_000;
  const from = minute - Number(hours) * hourMs;
  const to = minute + Number(hours) * hourMs * 0.15;
  const window = { updatedAfter: from / 1_000, statuses: ended };
  const query = useLiveQuery(
    timelineDocument,
    {
      window,
      failed: { ...window, statuses: ['FAILURE'] },
      succeeded: { ...window, statuses: ['SUCCESS'] },
      inProgress: { statuses: progressRunStatuses },
      queued: { statuses: ['QUEUED'] },
      until: to / 1_000,
    },
    {
      interval: (answer: TimelineResult | undefined) =>
        answer && olderCursor(answer) ? pollInterval.slow : 2_000,
      select: (answer): TimelineResult => {
        expectType(answer.window, 'Runs');
        return answer;
      },
    },
  );
  return (
    <>
      <PageTitle title="Overview" />
      <Toolbar>
        <b className="small strong nowrap wide-only">{formatDay(now, zone)}</b>
        <span className="small t2 nowrap">
          <Time at={from} /> to <Time at={to} />
          <span className="wide-only"> {zoneOffset(now, zone)}</span>
        </span>
        <span className="push" />
        <Segmented
          label="Window"
          value={hours}
          options={Object.entries(windows).map(([value, text]) => ({ value: value as Hours, text }))}
          onChange={(value) => patch({ hours: value === '12' ? undefined : value })}
        />
        <Button
          icon="table"
          aria-pressed={search.view === 'table'}
          onClick={() => patch({ view: search.view === 'table' ? undefined : 'table' })}
        >
          {search.view === 'table' ? 'Timeline' : 'Table'}
        </Button>
      </Toolbar>
      <Scroll>
        <QueryPanel query={query} title="The overview could not be loaded" rows={12}>
          {(answer) => (
            <Overview answer={answer} window={window} hours={hours} from={from} to={to} now={now} />
          )}
        </QueryPanel>
      </Scroll>
    </>
  );
}

function Overview({
  answer,
  window,
  hours,
  from,
  to,
  now,
}: {
  readonly answer: TimelineResult;
  readonly window: RunsFilter;
  readonly hours: Hours;
  readonly from: number;
  readonly to: number;
  readonly now: number;
}) {
  const [search, patch] = useUrlState();
  const asTable = search.view === 'table';
  const older = useOlderRuns(window, hours, olderCursor(answer));
  const data = useMemo(() => toOverview(answer, older.runs), [answer, older.runs]);
  const second = Math.floor(now / 1_000) * 1_000;
  const late = useLiveQuery(lateDocument, {}, { interval: pollInterval.still, select: (answer) => answer });
  const minute = Math.floor(now / 60_000) * 60_000;
  const overdue = useMemo(() => (late.data ? overdueTicks(late.data, minute) : []), [late.data, minute]);
  const rows = useMemo(
    () =>
      timelineRows(
        data.runs,
        data.expected,
        second,
        overdue.filter((tick) => tick.at >= from),
      ),
    [data.runs, data.expected, second, overdue, from],
  );
  const shownRows = useMemo(
    () => busiestRows(rows, search.rows === 'all' ? allRows : fewRows),
    [rows, search.rows],
  );
  const attention = useMemo(
    () => [...data.attention, ...overdueAttention(overdue, from)].sort((a, b) => b.at - a.at),
    [data.attention, overdue, from],
  );
  return (
    <>
      <StatStrip label="Now" stats={stats(data, now)} />
      {rows.length === 0 ? (
        <EmptyState
          icon="overview"
          title="Nothing ran in this window"
          command="npx headrace run raw/earthquakes"
        >
          Runs and expected ticks appear here over time. Start a run:
        </EmptyState>
      ) : asTable ? (
        <RunsTable runs={data.runs} />
      ) : (
        <TimelineChart rows={shownRows} of={rows.length} from={from} to={to} now={second} />
      )}
      {!asTable && rows.length > fewRows && (
        <p className={styles.more}>
          {search.rows === 'all'
            ? rows.length > allRows && `Only ${formatCount(allRows)} jobs are drawn. `
            : `${formatCount(fewRows)} of ${formatCount(rows.length)} jobs: what failed, runs or ran last. `}
          <Button small onClick={() => patch({ rows: search.rows === 'all' ? undefined : 'all' })}>
            {search.rows === 'all' ? 'Show fewer' : `Show all ${formatCount(rows.length)} jobs`}
          </Button>
        </p>
      )}
      {!older.isComplete && older.runs.length > 0 && (
        <p className={styles.more}>
          Only the latest {formatCount(data.runs.length)} runs are drawn.{' '}
          <Link to="/runs" className="link">
            See all
          </Link>
        </p>
      )}
      <div className={styles.columns}>
        <Attention items={attention} />
        <Queue data={data} now={now} />
        <Freshness query={late} />
        <Daemons instance={data.instance} />
      </div>
      {data.runs.length > 0 && !asTable && (
        <Section
          title="Latest runs"
          actions={
            <Link to="/runs" className="link">
              All runs
            </Link>
          }
        >
          <RunsTable runs={data.runs} limit={8} />
        </Section>
      )}
    </>
  );
}
