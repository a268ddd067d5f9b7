import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { buttonClass } from '../../components/button';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { PanelBoundary } from '../../components/panel-boundary';
import { LoadingRows, QueryPanel } from '../../components/panel-states';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { JobDetailResult } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import { JobBackfillButton } from '../backfills/job-backfill-button';
import { JobFacts } from './job-facts';
import { JobOverview } from './job-overview';
import styles from './job-page.module.css';
import { JobPartitions } from './job-partitions';
import { JobRuns } from './job-runs';
import { jobDetailDocument } from './jobs.graphql';
import { opParents } from './op-boxes';
import { type JobAssets, useJobAssets } from './use-job-assets';
import { type JobParts, type JobSelector, useJobGraph } from './use-job-graph';

/** With its forms and its YAML it is as heavy as the rest of the page, which most visits need alone. */
const Launchpad = lazy(() => import('../launchpad/launchpad'));

export type Job = Extract<JobDetailResult['pipelineOrError'], { readonly __typename: 'Pipeline' }>;

/** Every code location has one repository, of this name. */
const repositoryName = '__repository__';

export function JobPage() {
  const { location = '', name = '' } = useParams({ strict: false });
  const [search] = useUrlState();
  const repository = search.repository ?? repositoryName;
  const selector = useMemo(
    () => ({ pipelineName: name, repositoryName: repository, repositoryLocationName: location }),
    [name, repository, location],
  );
  const query = useLiveQuery(
    jobDetailDocument,
    { params: selector },
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
        {(job) => <JobDetail key={`${location}:${name}`} job={job} selector={selector} />}
      </QueryPanel>
    </>
  );
}

const tabNames = ['launch', 'runs', 'partitions'] as const;

function JobDetail({ job, selector }: { readonly job: Job; readonly selector: JobSelector }) {
  const [search] = useUrlState();
  const parts = useJobGraph(selector);
  const assets = useJobAssets(selector.repositoryLocationName, job.name);
  const isPartitioned = job.hasPartitions.partitionKeys.length > 0;
  const tab = tabNames.find((each) => each === search.tab && (each !== 'partitions' || isPartitioned));
  const toTab = (text: string, wanted: typeof tab) => ({
    text,
    current: tab === wanted,
    search: { ...search, tab: wanted },
  });
  return (
    <>
      <PageHeader
        actions={
          tab !== 'launch' && (
            <>
              {isPartitioned && (
                <JobBackfillButton
                  name={job.name}
                  locationName={selector.repositoryLocationName}
                  repositoryName={selector.repositoryName}
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
      <JobFacts job={job} location={selector.repositoryLocationName} />
      <Tabs
        label="Job sections"
        tabs={[
          toTab('Overview', undefined),
          toTab('Launch', 'launch'),
          toTab('Runs', 'runs'),
          ...(isPartitioned ? [toTab('Partitions', 'partitions')] : []),
        ]}
      />
      {tab === 'runs' ? (
        <Scroll>
          <JobRuns job={job} />
        </Scroll>
      ) : tab === 'partitions' ? (
        <Scroll>
          <JobPartitions
            job={job}
            selector={selector}
            steps={parts.data?.solids.map((op) => op.name)}
            titles={assets.titles}
          />
        </Scroll>
      ) : (
        <QueryPanel query={parts} title="What this job runs could not be loaded" rows={10}>
          {(known) => (
            <JobContent
              job={job}
              parts={known}
              selector={selector}
              assets={assets}
              isLaunch={tab === 'launch'}
            />
          )}
        </QueryPanel>
      )}
    </>
  );
}

/** The launchpad, or what the job runs. */
function JobContent({
  job,
  parts,
  selector,
  assets,
  isLaunch,
}: {
  readonly job: Job;
  readonly parts: JobParts;
  readonly selector: JobSelector;
  readonly assets: JobAssets;
  readonly isLaunch: boolean;
}) {
  const { titles, selectable } = assets;
  const ops = useMemo(
    () => parts.solids.map((op) => ({ key: op.name, deps: opParents(op) })),
    [parts.solids],
  );
  if (!isLaunch) return <JobOverview job={job} parts={parts} selector={selector} assets={assets} />;
  return (
    <PanelBoundary title="The launchpad could not be loaded">
      <Suspense fallback={<LoadingRows rows={12} />}>
        <Launchpad
          target={{
            jobName: job.name,
            repositoryName: selector.repositoryName,
            locationName: selector.repositoryLocationName,
            isAssetJob: job.isAssetJob,
            tags: job.tags,
            runs: job.runs,
            ops,
            assets: selectable,
            titles,
            somePartition: job.hasPartitions.partitionKeys[0] ?? '',
            forbidden: job.hasLaunchExecutionPermission ? undefined : 'Your role may not launch runs here',
          }}
        />
      </Suspense>
    </PanelBoundary>
  );
}
