import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../components/button';
import type { GridColumn } from '../../components/data-grid-types';
import { cronWords } from '../../components/format/cron-words';
import { formatDuration } from '../../components/format/duration';
import { formatShare, median, plural } from '../../components/format/number';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { TickStrip } from '../../components/tick-strip';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { JobRow } from './job-filter';
import { successRate } from './success-rate';

function automationText(row: JobRow): string {
  const schedules = row.job.schedules.map(
    (schedule) => cronWords(schedule.cronSchedule) ?? schedule.cronSchedule,
  );
  const sensors = row.job.sensors.map((sensor) => sensor.name);
  return [...schedules, ...sensors].join(', ') || 'by hand';
}

function runLengths(row: JobRow): readonly number[] {
  return row.job.runs.flatMap((run) =>
    run.status === 'SUCCESS' && run.startTime !== null && run.endTime !== null
      ? [(run.endTime - run.startTime) * 1_000]
      : [],
  );
}

export const jobColumns: readonly GridColumn<JobRow>[] = [
  {
    id: 'name',
    header: 'Job',
    width: 'minmax(180px, 1.6fr)',
    sort: (row) => row.job.name,
    cell: (row) => (
      <TwoLines
        first={
          <Link
            to="/jobs/$location/$name"
            params={{ location: row.locationName, name: row.job.name }}
            className="strong"
            tabIndex={-1}
          >
            {row.job.name}
          </Link>
        }
        second={row.job.description?.split('\n')[0] ?? row.locationName}
      />
    ),
  },
  {
    id: 'automation',
    header: 'Started by',
    width: 'minmax(150px, 1.2fr)',
    cell: (row) => {
      const on =
        row.job.schedules.some((schedule) => schedule.scheduleState.status === 'RUNNING') ||
        row.job.sensors.some((sensor) => sensor.sensorState.status === 'RUNNING');
      const any = row.job.schedules.length + row.job.sensors.length > 0;
      return <TwoLines first={automationText(row)} second={any ? (on ? 'on' : 'off') : ''} />;
    },
  },
  {
    id: 'runs',
    header: 'Last 10 runs',
    width: '76px',
    cell: (row) => {
      const last = row.job.runs.slice(0, 10);
      const kinds = last.map((run) => runStatus(run.status).kind).reverse();
      const failed = kinds.filter((kind) => kind === 'failure').length;
      return (
        <TickStrip ticks={kinds} slots={10} label={`${plural(kinds.length, 'run')}, ${failed} failed`} />
      );
    },
  },
  {
    id: 'rate',
    header: 'Success',
    width: '72px',
    right: true,
    sort: (row) => successRate(row.job.runs)?.share ?? 2,
    cell: (row) => {
      const rate = successRate(row.job.runs);
      if (!rate) return <span className="t3">—</span>;
      return (
        <span className="t2" title={`Of the last ${plural(rate.finished, 'finished run')}`}>
          {formatShare(rate.share)}
        </span>
      );
    },
  },
  {
    id: 'last',
    header: 'Last run',
    width: '170px',
    sort: (row) => row.job.runs[0]?.creationTime ?? 0,
    cell: (row) => {
      const last = row.job.runs[0];
      if (!last) return <span className="t3">never</span>;
      return (
        <Link to="/runs/$runId" params={{ runId: last.runId }} className="row" tabIndex={-1}>
          <StatusText status={runStatus(last.status)} />
          <span className="t2">
            <Time at={last.creationTime * 1_000} />
          </span>
        </Link>
      );
    },
  },
  {
    id: 'median',
    header: 'Median',
    width: '72px',
    right: true,
    sort: (row) => median(runLengths(row)) ?? 0,
    cell: (row) => <span className="t2">{formatDuration(median(runLengths(row)))}</span>,
  },
  {
    id: 'launch',
    header: '',
    width: '92px',
    right: true,
    cell: (row) =>
      row.job.hasLaunchExecutionPermission ? (
        <Link
          to="/jobs/$location/$name"
          params={{ location: row.locationName, name: row.job.name }}
          search={{ tab: 'launch' }}
          className={buttonClass('plain', true)}
          tabIndex={-1}
        >
          Launch…
        </Link>
      ) : (
        <span className="t3 tiny">no permission</span>
      ),
  },
];

/** A job on a phone. */
export function JobNarrow({ row }: { readonly row: JobRow }) {
  const last = row.job.runs[0];
  return (
    <>
      <StatusIcon
        kind={last ? runStatus(last.status).kind : 'none'}
        label={last ? runStatus(last.status).word : 'Never run'}
      />
      <span className="grow">
        <TwoLines first={<span className="strong">{row.job.name}</span>} second={automationText(row)} />
      </span>
      {last && (
        <TwoLines end first={runStatus(last.status).word} second={<Time at={last.creationTime * 1_000} />} />
      )}
    </>
  );
}
