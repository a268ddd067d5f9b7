import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../components/format/duration';
import { formatShare, median, plural } from '../../components/format/number';
import { EmptyState } from '../../components/panel-states';
import { runTag, runTrigger, tagValue } from '../../components/run-tags';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { Job } from './job-page';
import { successRate } from './success-rate';

/** The last runs of a job, and how many of them succeeded. */
export function JobRuns({ job, limit = 50 }: { readonly job: Job; readonly limit?: number }) {
  const runs = job.runs.slice(0, limit);
  const rate = successRate(job.runs);
  const typical = median(
    job.runs.flatMap((run) =>
      run.startTime === null || run.endTime === null ? [] : [(run.endTime - run.startTime) * 1_000],
    ),
  );
  const detail = [
    runs.length < job.runs.length || runs.length >= limit ? `the last ${runs.length}` : String(runs.length),
    rate && `${formatShare(rate.share)} of ${plural(rate.finished, 'finished run')} succeeded`,
    typical !== undefined && `half within ${formatDuration(typical)}`,
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <Section
      title="Runs"
      detail={detail}
      actions={
        <Link to="/runs" search={{ q: `job:${job.name}` }} className="link">
          All runs
        </Link>
      }
    >
      {runs.length === 0 ? (
        <EmptyState icon="runs" title="This job has not run yet" command={`npx headrace run ${job.name}`}>
          Launch it above, or from a shell:
        </EmptyState>
      ) : (
        <SimpleTable
          label="Runs of this job"
          columns={[
            { header: 'Status', width: '120px' },
            { header: 'Run', width: '110px' },
            { header: 'Partition' },
            { header: 'Launched by' },
            { header: 'Created', right: true },
            { header: 'Duration', right: true },
            { header: 'Again', right: true },
          ]}
          rows={runs.map((run) => ({
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
              <Link
                key="again"
                to="."
                search={{ tab: 'launch', from: run.runId }}
                className="link"
                title="Open the launchpad with this run’s configuration"
              >
                Re-use
              </Link>,
            ],
            narrow: <NarrowRun run={run} />,
          }))}
        />
      )}
    </Section>
  );
}

function NarrowRun({ run }: { readonly run: Job['runs'][number] }) {
  const status = runStatus(run.status);
  const partition = tagValue(run.tags, runTag.partition);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className="grow">
        <TwoLines
          first={
            <Link to="/runs/$runId" params={{ runId: run.runId }} search={{}} className="link mono">
              {run.runId.slice(0, 8)}
            </Link>
          }
          second={[status.word, partition, runTrigger(run.tags).text].filter(Boolean).join(' · ')}
        />
      </span>
      <TwoLines
        end
        first={
          <Duration
            from={run.startTime === null ? null : run.startTime * 1_000}
            to={run.endTime === null ? null : run.endTime * 1_000}
          />
        }
        second={<Time at={run.creationTime * 1_000} seconds />}
      />
    </>
  );
}
