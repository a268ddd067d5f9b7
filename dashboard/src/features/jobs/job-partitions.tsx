import { useNavigate } from '@tanstack/react-router';
import { plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { PartitionMap } from '../../components/partition-map';
import { Section } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { writePartitions } from '../launchpad/partition-choice';
import { jobPartitionCells } from './job-partition-cells';
import { jobPartitionsDocument } from './jobs.graphql';

/** A job's partitions by their last run; what is missing or failed can be launched. */
export function JobPartitions({
  jobName,
  repositoryName,
  locationName,
  mayLaunch,
}: {
  readonly jobName: string;
  readonly repositoryName: string;
  readonly locationName: string;
  readonly mayLaunch: boolean;
}) {
  const navigate = useNavigate();
  const query = useLiveQuery(
    jobPartitionsDocument,
    {
      params: { pipelineName: jobName, repositoryName, repositoryLocationName: locationName },
      runs: { pipelineName: jobName },
    },
    {
      interval: pollInterval.slow,
      select: (answer) => {
        const job = expectType(answer.pipelineOrError, 'Pipeline');
        const runs = expectType(answer.runsOrError, 'Runs');
        return {
          cells: jobPartitionCells(job.partitionKeysOrError.partitionKeys, runs.results),
          seen: runs.results.length,
          all: runs.count,
        };
      },
    },
  );
  return (
    <QueryPanel query={query} title="Partitions could not be loaded" rows={8}>
      {({ cells, seen, all }) => (
        <Section
          title="Partitions"
          detail={`${plural(cells.length, 'partition')}, by ${all > seen ? `the last ${seen} of ${all} runs` : plural(seen, 'run')}`}
          padded
        >
          <PartitionMap
            cells={cells}
            verb="Launch"
            onMaterialize={
              mayLaunch
                ? (keys) =>
                    void navigate({
                      to: '.',
                      search: {
                        tab: 'launch',
                        partitions: writePartitions(
                          keys,
                          cells.map((cell) => cell.key),
                        ),
                      },
                    })
                : undefined
            }
          />
        </Section>
      )}
    </QueryPanel>
  );
}
