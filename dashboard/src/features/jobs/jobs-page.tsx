import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { isAdHocJob } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { JobNarrow, jobColumns } from './job-columns';
import { filterJobs, type JobRow, jobFilterKeys } from './job-filter';
import { jobsDocument } from './jobs.graphql';

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
  const text = search.q ?? '';
  const keys = useMemo(() => jobFilterKeys(rows), [rows]);
  const shown = useMemo(() => filterJobs(rows, text), [rows, text]);
  const severalLocations = new Set(rows.map((row) => row.locationName)).size > 1;
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter jobs"
          value={text}
          keys={keys}
          onChange={(q) => patch({ q: q || undefined })}
          trailing={`${formatCount(shown.length)} of ${formatCount(rows.length)}`}
        />
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
          columns={jobColumns}
          getId={(row) => row.id}
          rowLabel={(row) => row.job.name}
          rowHeight={46}
          sort={search.sort}
          onSort={(sort) => patch({ sort })}
          groupOf={severalLocations ? (row) => row.locationName : undefined}
          groupDetail={(members) => <span className="t3">{plural(members.length, 'job')}</span>}
          onOpen={(row) =>
            void navigate({
              to: '/jobs/$location/$name',
              params: { location: row.locationName, name: row.job.name },
            })
          }
          narrow={(row) => <JobNarrow row={row} />}
        />
      )}
    </>
  );
}
