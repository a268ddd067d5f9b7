import { useNavigate } from '@tanstack/react-router';
import { plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { PartitionMap } from '../../components/partition-map';
import { Section } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { dimensionNames, writePartitions } from '../launchpad/partition-choice';
import type { Job } from './job-page';
import { jobPartitionCells } from './job-partition-cells';
import { jobPartitionsDocument } from './jobs.graphql';
import { StepMatrixSection } from './step-matrix-section';
import type { JobSelector } from './use-job-graph';

/** A job's partitions by their last run, and the steps in each; what is missing or failed can be launched. */
export function JobPartitions({
  job,
  selector,
  steps,
  titles,
}: {
  readonly job: Job;
  readonly selector: JobSelector;
  /** Undefined until they are known. */
  readonly steps: readonly string[] | undefined;
  readonly titles: ReadonlyMap<string, string>;
}) {
  const navigate = useNavigate();
  const somePartition = job.hasPartitions.partitionKeys[0] ?? '';
  const query = useLiveQuery(
    jobPartitionsDocument,
    { params: selector, runs: { pipelineName: job.name }, somePartition },
    {
      interval: pollInterval.slow,
      select: (answer) => {
        const { partitionKeysOrError, partition } = expectType(answer.pipelineOrError, 'Pipeline');
        const runs = expectType(answer.runsOrError, 'Runs');
        const tags = partition && expectType(partition.tagsOrError, 'PartitionTags').results;
        return {
          cells: jobPartitionCells(partitionKeysOrError.partitionKeys, runs.results),
          names: dimensionNames(somePartition, tags ?? []),
          seen: runs.results.length,
          all: runs.count,
        };
      },
    },
  );
  return (
    <QueryPanel query={query} title="Partitions could not be loaded" rows={8}>
      {({ cells, names, seen, all }) => (
        <>
          <Section
            title="Partitions"
            detail={`${plural(cells.length, 'partition')}, by ${all > seen ? `the last ${seen} of ${all} runs` : plural(seen, 'run')}`}
            padded
          >
            <PartitionMap
              cells={cells}
              names={names}
              verb="Launch"
              onMaterialize={
                job.hasLaunchExecutionPermission
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
          {steps && (
            <StepMatrixSection
              jobName={job.name}
              steps={steps}
              titles={titles}
              keys={cells.map((cell) => cell.key)}
            />
          )}
        </>
      )}
    </QueryPanel>
  );
}
