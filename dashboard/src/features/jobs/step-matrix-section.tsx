import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { formatCount, plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { ScrollRegion } from '../../components/scroll-region';
import { Section } from '../../components/section';
import { StatusIcon } from '../../components/status-icon';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { jobStepRunsDocument } from './jobs.graphql';
import { stepMatrix } from './step-matrix';
import styles from './step-matrix.module.css';

/** Columns and rows that the table has at most. */
const mostPartitions = 30;
const mostSteps = 200;

/** The steps of a job over its last partitions; a mark leads to the step in its run. */
export function StepMatrixSection({
  jobName,
  steps,
  titles,
  keys,
}: {
  readonly jobName: string;
  /** In the order of the job. */
  readonly steps: readonly string[];
  /** What readers call a step: its asset's key. */
  readonly titles: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly keys: readonly string[];
}) {
  const query = useLiveQuery(
    jobStepRunsDocument,
    { filter: { pipelineName: jobName } },
    {
      interval: pollInterval.slow,
      select: (answer) => expectType(answer.runsOrError, 'Runs').results,
    },
  );
  return (
    <QueryPanel query={query} title="Steps of the partitions could not be loaded" rows={6}>
      {(runs) => <Matrix steps={steps} titles={titles} keys={keys} runs={runs} />}
    </QueryPanel>
  );
}

function Matrix({
  steps,
  titles,
  keys,
  runs,
}: {
  readonly steps: readonly string[];
  readonly titles: ReadonlyMap<string, string>;
  readonly keys: readonly string[];
  readonly runs: Parameters<typeof stepMatrix>[2];
}) {
  const { partitions, rows } = useMemo(
    () => stepMatrix(steps, keys, runs, mostPartitions),
    [steps, keys, runs],
  );
  const region = useRef<HTMLElement>(null);
  const count = partitions.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest come into view where not all fit
  useEffect(() => region.current?.scrollTo({ left: region.current.scrollWidth }), [count]);
  return (
    <Section
      title="Steps by partition"
      detail={
        count === 0
          ? undefined
          : `the last ${plural(count, 'partition')} with runs, by the last ${plural(runs.length, 'run')}`
      }
    >
      {count === 0 ? (
        <p className={styles.empty}>No partition has run lately. Launch one above: its steps come here.</p>
      ) : (
        <ScrollRegion label="Steps by partition, as a table" regionRef={region} className={styles.scroll}>
          <table className={styles.matrix}>
            <thead>
              <tr>
                <th scope="col">Step</th>
                {partitions.map((partition) => (
                  <th key={partition} scope="col" title={partition}>
                    <span>{partition.replace('|', ' ')}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, mostSteps).map(({ step, cells }) => (
                <tr key={step}>
                  <th scope="row" title={titles.get(step) ?? step}>
                    {titles.get(step) ?? step}
                  </th>
                  {cells.map((cell, index) => (
                    <td key={partitions[index]}>
                      {cell ? (
                        <Link
                          to="/runs/$runId"
                          params={{ runId: cell.runId }}
                          search={{ step }}
                          title={`${titles.get(step) ?? step} in ${partitions[index]}: ${cell.kind}`}
                        >
                          <StatusIcon kind={cell.kind} label={cell.kind} size={13} />
                        </Link>
                      ) : (
                        <span className="hidden-visually">not run</span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {rows.length > mostSteps && (
        <p className={styles.empty}>and {formatCount(rows.length - mostSteps)} more steps</p>
      )}
    </Section>
  );
}
