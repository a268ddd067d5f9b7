import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { buttonClass } from '../../components/button';
import { assetOpName, keyText } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { plural } from '../../components/format/number';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { runTag, runTrigger, tagValue } from '../../components/run-tags';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { Tag } from '../../components/tag';
import { Duration, Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { JobDetailResult } from '../../graphql/generated';
import { useAssetCatalog } from '../../graphql/use-assets';
import { useLiveQuery } from '../../graphql/use-live-query';
import { JobGraph } from './job-graph';
import styles from './job-page.module.css';
import { jobDetailDocument } from './jobs.graphql';
import { LaunchForm } from './launch-form';

type Job = Extract<JobDetailResult['pipelineOrError'], { readonly __typename: 'Pipeline' }>;

/** Every code location has one repository, of this name. */
const repositoryName = '__repository__';

export function JobPage() {
  const { location = '', name = '' } = useParams({ strict: false });
  const [search] = useUrlState();
  const repository = search.repository ?? repositoryName;
  const query = useLiveQuery(
    jobDetailDocument,
    { params: { pipelineName: name, repositoryName: repository, repositoryLocationName: location } },
    {
      keepPrevious: false,
      interval: 3_000,
      select: (answer) => ({
        job: expectType(answer.pipelineOrError, 'Pipeline'),
        yaml:
          answer.runConfigSchemaOrError.__typename === 'RunConfigSchema'
            ? answer.runConfigSchemaOrError.rootDefaultYaml
            : '',
      }),
    },
  );
  return (
    <>
      <PageTitle title={name} crumbs={[{ text: 'Jobs', to: '/jobs' }]} />
      <QueryPanel query={query} title="This job could not be loaded" rows={10}>
        {({ job, yaml }) => (
          <JobDetail
            key={`${location}:${name}`}
            job={job}
            yaml={yaml}
            location={location}
            repository={repository}
          />
        )}
      </QueryPanel>
    </>
  );
}

function JobDetail({
  job,
  yaml,
  location,
  repository,
}: {
  readonly job: Job;
  readonly yaml: string;
  readonly location: string;
  readonly repository: string;
}) {
  const [search] = useUrlState();
  const titles = useOpTitles(location);
  const tab = search.tab;
  return (
    <>
      <PageHeader
        actions={
          tab !== 'launch' && (
            <Link
              to="."
              search={{ ...search, tab: 'launch' }}
              className={buttonClass('primary')}
              activeProps={{}}
            >
              Launch…
            </Link>
          )
        }
      >
        <h2 className={styles.name}>{job.name}</h2>
        <span className="t2 ellipsis wide-only">{job.description?.split('\n')[0]}</span>
      </PageHeader>
      <ul className={styles.facts} aria-label="Facts">
        <li>
          <span>Location</span>
          {location}
        </li>
        {job.schedules.map((schedule) => (
          <li key={schedule.id}>
            <span>Schedule</span>
            <Link to="/schedules" search={{ open: `${location}:${schedule.name}` }} className="link">
              {schedule.name}
            </Link>
            <span className="t2">
              {cronWords(schedule.cronSchedule) ?? schedule.cronSchedule},{' '}
              {schedule.scheduleState.status === 'RUNNING' ? 'on' : 'off'}
            </span>
          </li>
        ))}
        {job.sensors.map((sensor) => (
          <li key={sensor.id}>
            <span>Sensor</span>
            <Link to="/sensors" search={{ open: `${location}:${sensor.name}` }} className="link">
              {sensor.name}
            </Link>
          </li>
        ))}
        {job.tags.map((tag) => (
          <li key={tag.key}>
            <Tag k={tag.key} value={tag.value} />
          </li>
        ))}
      </ul>
      <Tabs
        label="Job sections"
        tabs={[
          { text: 'Overview', current: !tab, search: { ...search, tab: undefined } },
          { text: 'Launch', current: tab === 'launch', search: { ...search, tab: 'launch' } },
        ]}
      />
      {tab === 'launch' ? (
        <LaunchForm
          target={{
            jobName: job.name,
            repositoryName: repository,
            locationName: location,
            partitionKeys: job.partitionKeysOrError.partitionKeys,
            defaultYaml: yaml || '{}\n',
            forbidden: job.hasLaunchExecutionPermission ? undefined : 'Your role may not launch runs here',
          }}
        />
      ) : (
        <Scroll>
          <Section title="Graph" detail={plural(job.solids.length, job.isAssetJob ? 'asset' : 'op')}>
            <JobGraph ops={job.solids} titles={titles} />
          </Section>
          <Section
            title="Runs"
            detail={job.runs.length >= 50 ? 'the last 50' : job.runs.length}
            actions={
              <Link to="/runs" search={{ q: `job:${job.name}` }} className="link">
                All runs
              </Link>
            }
          >
            {job.runs.length === 0 ? (
              <EmptyState
                icon="runs"
                title="This job has not run yet"
                command={`npx headrace run ${job.name}`}
              >
                Launch it above, or from a shell:
              </EmptyState>
            ) : (
              <Runs job={job} />
            )}
          </Section>
        </Scroll>
      )}
    </>
  );
}

/** Op name → key of the asset that the op of that name makes. */
function useOpTitles(location: string): ReadonlyMap<string, string> {
  const { data } = useAssetCatalog();
  return useMemo(
    () =>
      new Map(
        (data ?? [])
          .filter((node) => node.repository.location.name === location)
          .map((node) => [assetOpName(node.assetKey), keyText(node.assetKey)]),
      ),
    [data, location],
  );
}

function Runs({ job }: { readonly job: Job }) {
  return (
    <SimpleTable
      label="Runs of this job"
      columns={[
        { header: 'Status', width: '120px' },
        { header: 'Run', width: '110px' },
        { header: 'Partition' },
        { header: 'Started by' },
        { header: 'Created', right: true },
        { header: 'Duration', right: true },
      ]}
      rows={job.runs.map((run) => ({
        id: run.runId,
        cells: [
          <StatusText key="status" status={runStatus(run.status)} />,
          <Link key="run" to="/runs/$runId" params={{ runId: run.runId }} className="link mono">
            {run.runId.slice(0, 8)}
          </Link>,
          tagValue(run.tags, runTag.partition) ?? '—',
          runTrigger(run.tags).text,
          <Time key="at" at={run.creationTime * 1_000} seconds />,
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
