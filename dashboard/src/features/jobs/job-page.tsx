import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { buttonClass } from '../../components/button';
import { assetOpName, keyText } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { plural } from '../../components/format/number';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { PanelBoundary } from '../../components/panel-boundary';
import { LoadingRows, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { Tabs } from '../../components/tabs';
import { Tag } from '../../components/tag';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { JobDetailResult } from '../../graphql/generated';
import { useAssetCatalog } from '../../graphql/use-assets';
import { useLiveQuery } from '../../graphql/use-live-query';
import { JobBackfillButton } from '../backfills/job-backfill-button';
import { JobGraph } from './job-graph';
import styles from './job-page.module.css';
import { JobPartitions } from './job-partitions';
import { JobRuns } from './job-runs';
import { jobDetailDocument } from './jobs.graphql';

/** With its forms and its YAML it is as heavy as the rest of the page, which most visits need alone. */
const Launchpad = lazy(() => import('../launchpad/launchpad'));

export type Job = Extract<JobDetailResult['pipelineOrError'], { readonly __typename: 'Pipeline' }>;

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
      select: (answer) => expectType(answer.pipelineOrError, 'Pipeline'),
    },
  );
  return (
    <>
      <PageTitle title={name} crumbs={[{ text: 'Jobs', to: '/jobs' }]} />
      <QueryPanel query={query} title="This job could not be loaded" rows={10}>
        {(job) => (
          <JobDetail key={`${location}:${name}`} job={job} location={location} repository={repository} />
        )}
      </QueryPanel>
    </>
  );
}

function JobDetail({
  job,
  location,
  repository,
}: {
  readonly job: Job;
  readonly location: string;
  readonly repository: string;
}) {
  const [search] = useUrlState();
  const { titles, assets } = useJobAssets(location, job.name);
  const ops = useMemo(
    () =>
      job.solids.map((op) => ({
        name: op.name,
        parents: op.inputs.flatMap((input) => input.dependsOn.map((each) => each.solid.name)),
      })),
    [job.solids],
  );
  const isPartitioned = job.hasPartitions.partitionKeys.length > 0;
  const tab = search.tab;
  return (
    <>
      <PageHeader
        actions={
          tab !== 'launch' && (
            <>
              {isPartitioned && (
                <JobBackfillButton
                  name={job.name}
                  locationName={location}
                  repositoryName={repository}
                  mayLaunch={job.hasLaunchExecutionPermission}
                />
              )}
              <Link
                to="."
                search={{ ...search, tab: 'launch' }}
                className={buttonClass('primary')}
                activeProps={{}}
              >
                Launch…
              </Link>
            </>
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
          { text: 'Runs', current: tab === 'runs', search: { ...search, tab: 'runs' } },
          ...(isPartitioned
            ? [
                {
                  text: 'Partitions',
                  current: tab === 'partitions',
                  search: { ...search, tab: 'partitions' },
                },
              ]
            : []),
        ]}
      />
      {tab === 'launch' ? (
        <PanelBoundary title="The launchpad could not be loaded">
          <Suspense fallback={<LoadingRows rows={12} />}>
            <Launchpad
              target={{
                jobName: job.name,
                repositoryName: repository,
                locationName: location,
                isAssetJob: job.isAssetJob,
                tags: job.tags,
                runs: job.runs,
                ops,
                assets,
                titles,
                forbidden: job.hasLaunchExecutionPermission
                  ? undefined
                  : 'Your role may not launch runs here',
              }}
            />
          </Suspense>
        </PanelBoundary>
      ) : tab === 'runs' ? (
        <Scroll>
          <JobRuns job={job} />
        </Scroll>
      ) : tab === 'partitions' && isPartitioned ? (
        <Scroll>
          <JobPartitions
            jobName={job.name}
            repositoryName={repository}
            locationName={location}
            mayLaunch={job.hasLaunchExecutionPermission}
          />
        </Scroll>
      ) : (
        <Scroll>
          <Section title="Graph" detail={plural(job.solids.length, job.isAssetJob ? 'asset' : 'op')}>
            <JobGraph ops={job.solids} titles={titles} />
          </Section>
          <JobRuns job={job} limit={10} />
        </Scroll>
      )}
    </>
  );
}

/** The assets that a job makes, and op name → key of the asset that the op of that name makes. */
function useJobAssets(location: string, jobName: string) {
  const { data } = useAssetCatalog();
  return useMemo(() => {
    const nodes = (data ?? []).filter((node) => node.repository.location.name === location);
    return {
      titles: new Map(nodes.map((node) => [assetOpName(node.assetKey), keyText(node.assetKey)])),
      assets: nodes
        .filter((node) => node.jobNames.includes(jobName))
        .map((node) => ({
          key: keyText(node.assetKey),
          group: node.groupName,
          kinds: node.kinds,
          upstream: node.dependencyKeys.map(keyText),
        })),
    };
  }, [data, location, jobName]);
}
