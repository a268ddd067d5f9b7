import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { daemonName } from '../../components/daemon-name';
import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatSpan } from '../../components/format/duration';
import { formatCount, formatShare, plural } from '../../components/format/number';
import { Scroll, Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { RunTarget } from '../../components/run-target';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { SimpleTable } from '../../components/simple-table';
import { type Stat, StatStrip } from '../../components/stat-strip';
import { progressRunStatuses, runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { useNow } from '../../components/use-now';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { TimelineResult } from '../../graphql/generated';
import { instanceStatusDocument } from '../../graphql/instance.graphql';
import { useLiveQuery } from '../../graphql/use-live-query';
import { type AttentionItem, findAttention, type TimelineRun } from './attention';
import { timelineDocument } from './overview.graphql';
import styles from './overview-page.module.css';
import { queueReason } from './queue-reason';
import { TimelineChart } from './timeline-chart';
import { type ExpectedTicks, timelineRows } from './timeline-rows';

const windows = { '1': '1 h', '6': '6 h', '12': '12 h', '24': '24 h' } as const;
type Hours = keyof typeof windows;
const hourMs = 3_600_000;

export function OverviewPage() {
  const [search, patch] = useUrlState();
  const hours: Hours = Object.keys(windows).find((each): each is Hours => each === search.hours) ?? '12';
  const now = useNow();
  const minute = Math.floor(now / 60_000) * 60_000;
  const from = minute - Number(hours) * hourMs;
  const to = minute + Number(hours) * hourMs * 0.15;
  const query = useLiveQuery(
    timelineDocument,
    {
      window: { updatedAfter: from / 1_000 },
      inProgress: { statuses: progressRunStatuses },
      queued: { statuses: ['QUEUED'] },
      until: to / 1_000,
    },
    { interval: 2_000, select: toOverview },
  );
  return (
    <>
      <PageTitle title="Overview" />
      <Toolbar>
        <span className="small t2 nowrap">
          <Time at={from} /> to <Time at={to} />
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
          {(data) => <Overview data={data} from={from} to={to} now={now} asTable={search.view === 'table'} />}
        </QueryPanel>
      </Scroll>
    </>
  );
}

type OverviewData = ReturnType<typeof toOverview>;

function toOverview(answer: TimelineResult) {
  const window = expectType(answer.window, 'Runs');
  const inProgress = answer.inProgress.__typename === 'Runs' ? answer.inProgress : undefined;
  const queued = answer.queued.__typename === 'Runs' ? answer.queued : undefined;
  const repositories =
    answer.repositoriesOrError.__typename === 'RepositoryConnection' ? answer.repositoriesOrError.nodes : [];
  const entries =
    answer.workspaceOrError.__typename === 'Workspace' ? answer.workspaceOrError.locationEntries : [];
  const runs = new Map<string, TimelineRun>();
  for (const run of [...window.results, ...(queued?.results ?? []), ...(inProgress?.results ?? [])])
    runs.set(run.runId, run);
  const expected = repositories.flatMap((repository): ExpectedTicks[] =>
    repository.schedules
      .filter((schedule) => schedule.scheduleState.status === 'RUNNING')
      .map((schedule) => ({
        jobName: isAdHocJob(schedule.pipelineName) ? schedule.name : schedule.pipelineName,
        location: repository.location.name,
        detail: (cronWords(schedule.cronSchedule) ?? schedule.cronSchedule).toLowerCase(),
        at: schedule.futureTicks.results.flatMap((tick) =>
          tick.timestamp === null ? [] : [tick.timestamp * 1_000],
        ),
      })),
  );
  return {
    runs: [...runs.values()],
    truncated: window.count > window.results.length,
    queued: queued?.results ?? [],
    queuedCount: queued?.count ?? 0,
    active: inProgress?.count ?? 0,
    expected,
    attention: findAttention([...runs.values()], repositories, entries),
    entries,
    hasDefinitions: repositories.length > 0,
  };
}

function Overview({
  data,
  from,
  to,
  now,
  asTable,
}: {
  readonly data: OverviewData;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly asTable: boolean;
}) {
  const second = Math.floor(now / 1_000) * 1_000;
  const rows = useMemo(
    () => timelineRows(data.runs, data.expected, second),
    [data.runs, data.expected, second],
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
        <TimelineChart rows={rows} from={from} to={to} now={second} />
      )}
      {data.truncated && (
        <p className={styles.more}>
          Only the latest {formatCount(data.runs.length)} runs are drawn.{' '}
          <Link to="/runs" className="link">
            See all
          </Link>
        </p>
      )}
      <div className={styles.columns}>
        <Attention items={data.attention} />
        <Queue data={data} now={now} />
        <Daemons />
      </div>
    </>
  );
}

function stats(data: OverviewData, now: number): Stat[] {
  const finished = data.runs.filter((run) => run.endTime !== null);
  const failed = finished.filter((run) => run.status === 'FAILURE');
  const succeeded = finished.filter((run) => run.status === 'SUCCESS');
  const oldest = Math.min(...data.queued.map((run) => run.creationTime * 1_000));
  const broken = data.entries.filter(
    (entry) => entry.locationOrLoadError?.__typename === 'PythonError',
  ).length;
  const jobs = new Set(failed.map((run) => run.jobName)).size;
  return [
    {
      label: 'Failed runs',
      kind: failed.length > 0 ? 'failure' : 'none',
      value: formatCount(failed.length),
      detail: failed.length > 0 ? plural(jobs, 'job') : 'in this window',
      link: { to: '/runs', search: { tab: 'failed' } },
    },
    {
      label: 'Load errors',
      kind: broken > 0 ? 'warn' : 'none',
      value: formatCount(broken),
      detail: `of ${plural(data.entries.length, 'code location')}`,
      link: { to: '/deployment' },
    },
    {
      label: 'Running',
      kind: data.active > 0 ? 'running' : 'none',
      value: formatCount(data.active),
      detail: 'now',
      link: { to: '/runs', search: { tab: 'progress' } },
    },
    {
      label: 'Queued',
      kind: 'queued',
      value: formatCount(data.queuedCount),
      detail: data.queued.length > 0 ? `oldest ${formatSpan(now - oldest)}` : 'nothing waits',
      link: { to: '/runs', search: { tab: 'queued' } },
    },
    {
      label: 'Succeeded',
      kind: 'success',
      value: formatCount(succeeded.length),
      detail: finished.length > 0 ? formatShare(succeeded.length / finished.length) : 'in this window',
      link: { to: '/runs', search: { q: 'status:success' } },
    },
  ];
}

function RunsTable({ runs }: { readonly runs: readonly TimelineRun[] }) {
  return (
    <SimpleTable
      label="Runs of this window"
      columns={[
        { header: 'Status', width: '120px' },
        { header: 'Run' },
        { header: 'Started' },
        { header: 'Duration', right: true },
      ]}
      rows={[...runs]
        .sort((a, b) => b.creationTime - a.creationTime)
        .slice(0, 200)
        .map((run) => ({
          id: run.runId,
          cells: [
            <StatusText key="status" status={runStatus(run.status)} />,
            <RunTarget key="target" run={run} />,
            <Time key="at" at={(run.startTime ?? run.creationTime) * 1_000} seconds />,
            <Duration
              key="duration"
              from={run.startTime === null ? null : run.startTime * 1_000}
              to={run.endTime === null ? null : run.endTime * 1_000}
            />,
          ],
        }))}
    />
  );
}

function Attention({ items }: { readonly items: readonly AttentionItem[] }) {
  return (
    <Section title="Needs attention" detail={items.length} padded>
      {items.length === 0 ? (
        <p className="t2 small">Nothing: no run, tick or code location failed in this window.</p>
      ) : (
        <ul className={styles.list}>
          {items.slice(0, 12).map((item) => (
            <li key={item.id}>
              <StatusIcon kind={item.kind} />
              <div className="grow">
                <AttentionLink item={item} />
                <div className={styles.reason}>{item.text}</div>
              </div>
              <span className="t2 nowrap">
                <Time at={item.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function AttentionLink({ item }: { readonly item: AttentionItem }) {
  const { link } = item;
  if ('runId' in link) {
    return (
      <Link to={link.to} params={{ runId: link.runId }} className="strong">
        {item.title}
      </Link>
    );
  }
  return (
    <Link to={link.to} search={'open' in link ? { open: link.open } : {}} className="strong">
      {item.title}
    </Link>
  );
}

function Queue({ data, now }: { readonly data: OverviewData; readonly now: number }) {
  const instance = useLiveQuery(
    instanceStatusDocument,
    {},
    { interval: 2_000, select: (answer) => answer.instance },
  );
  return (
    <Section
      title="Queue"
      detail={plural(data.queuedCount, 'run')}
      padded
      actions={
        <Link to="/deployment" className="link">
          Limits
        </Link>
      }
    >
      {data.queued.length === 0 ? (
        <p className="t2 small">Nothing waits: a run starts as soon as it is created.</p>
      ) : (
        <ul className={styles.list}>
          {data.queued.slice(0, 10).map((run) => (
            <li key={run.runId}>
              <StatusIcon kind="queued" />
              <div className="grow">
                <RunTarget run={run} />
                <div className={styles.reason}>
                  {instance.data
                    ? queueReason(run, {
                        active: data.active,
                        maxConcurrentRuns: instance.data.runQueueConfig?.maxConcurrentRuns,
                        pools: instance.data.concurrencyLimits,
                      })
                    : ' '}
                </div>
              </div>
              <span className="t2 nowrap">{formatSpan(now - run.creationTime * 1_000)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Daemons() {
  const query = useLiveQuery(
    instanceStatusDocument,
    {},
    { interval: 2_000, select: (answer) => answer.instance },
  );
  return (
    <Section
      title="Daemons"
      padded
      actions={
        <Link to="/deployment" className="link">
          Deployment
        </Link>
      }
    >
      <QueryPanel query={query} title="Daemons could not be loaded" rows={4}>
        {(instance) => (
          <ul className={styles.daemons}>
            {instance.daemonHealth.allDaemonStatuses
              .filter((daemon) => daemon.required)
              .map((daemon) => (
                <li key={daemon.id}>
                  <StatusIcon
                    kind={daemon.healthy ? 'success' : 'warn'}
                    label={daemon.healthy ? 'Healthy' : 'Overdue'}
                  />
                  <span className="strong">{daemonName(daemon.daemonType)}</span>
                  <span className="t2 push">
                    <Time
                      at={daemon.lastHeartbeatTime === null ? null : daemon.lastHeartbeatTime * 1_000}
                      relative
                    />
                  </span>
                </li>
              ))}
          </ul>
        )}
      </QueryPanel>
    </Section>
  );
}
