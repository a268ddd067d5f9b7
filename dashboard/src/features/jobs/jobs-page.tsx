import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { Button, buttonClass } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatDuration } from '../../components/format/duration';
import { formatShare, median, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { TextInput } from '../../components/text-input';
import { TickStrip } from '../../components/tick-strip';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useFilterKey } from '../../components/use-filter-key';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { JobsResult } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import { jobsDocument } from './jobs.graphql';
import { successRate } from './success-rate';

type Repository = Extract<
  JobsResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];

interface JobRow {
  readonly id: string;
  readonly job: Repository['jobs'][number];
  readonly repositoryName: string;
  readonly locationName: string;
}

export function JobsPage() {
  const query = useLiveQuery(
    jobsDocument,
    {},
    {
      interval: 2_000,
      select: (answer) =>
        expectType(answer.repositoriesOrError, 'RepositoryConnection').nodes.flatMap((repository) =>
          repository.jobs
            .filter((job) => !isAdHocJob(job.name))
            .map(
              (job): JobRow => ({
                id: `${repository.location.name}:${job.name}`,
                job,
                repositoryName: repository.name,
                locationName: repository.location.name,
              }),
            ),
        ),
    },
  );
  return (
    <>
      <PageTitle title="Jobs" />
      <QueryPanel query={query} title="Jobs could not be loaded" rows={10}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="jobs"
              title="No jobs yet"
              command="defineAssetJob({ name: 'refresh', select: 'group:example' })"
            >
              A job names what runs together: a selection of assets, or ops. Declare one in your code
              location:
            </EmptyState>
          ) : (
            <Jobs rows={rows} />
          )
        }
      </QueryPanel>
    </>
  );
}

function Jobs({ rows }: { readonly rows: readonly JobRow[] }) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const filter = useRef<HTMLInputElement>(null);
  useFilterKey(filter);
  const text = (search.q ?? '').toLowerCase();
  const shown = useMemo(
    () => rows.filter((row) => `${row.job.name} ${row.locationName}`.toLowerCase().includes(text)),
    [rows, text],
  );
  const severalLocations = new Set(rows.map((row) => row.locationName)).size > 1;
  return (
    <>
      <Toolbar>
        <TextInput
          label="Filter jobs"
          inputRef={filter}
          icon="filter"
          placeholder="Filter jobs by name or location"
          value={search.q ?? ''}
          onChange={(event) => patch({ q: event.target.value || undefined })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <span className="small t2 nowrap wide-only">{plural(shown.length, 'job')}</span>
      </Toolbar>
      {shown.length === 0 ? (
        <EmptyState
          icon="search"
          title="No job matches"
          action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
        >
          Without the filter there are {plural(rows.length, 'job')}.
        </EmptyState>
      ) : (
        <DataGrid<JobRow>
          label="Jobs"
          rows={shown}
          columns={columns}
          getId={(row) => row.id}
          rowLabel={(row) => row.job.name}
          rowHeight={46}
          sort={search.sort}
          onSort={(sort) => patch({ sort })}
          groupOf={severalLocations ? (row) => row.locationName : undefined}
          describeGroup={(group, members) => ({
            title: group,
            detail: <span className="t3">{plural(members.length, 'job')}</span>,
          })}
          onOpen={(row) =>
            void navigate({
              to: '/jobs/$location/$name',
              params: { location: row.locationName, name: row.job.name },
            })
          }
          narrow={(row) => {
            const last = row.job.runs[0];
            return (
              <>
                <StatusIcon
                  kind={last ? runStatus(last.status).kind : 'none'}
                  label={last ? runStatus(last.status).word : 'Never run'}
                />
                <span className="grow">
                  <TwoLines
                    first={<span className="strong">{row.job.name}</span>}
                    second={automationText(row)}
                  />
                </span>
                {last && (
                  <TwoLines
                    end
                    first={runStatus(last.status).word}
                    second={<Time at={last.creationTime * 1_000} />}
                  />
                )}
              </>
            );
          }}
        />
      )}
    </>
  );
}

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

const columns: readonly GridColumn<JobRow>[] = [
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
