import { runTrigger } from '../../components/run-tags';
import { RunTarget } from '../../components/run-target';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { TimelineRun } from './attention';

/** Runs, newest first. */
export function RunsTable({ runs }: { readonly runs: readonly TimelineRun[] }) {
  return (
    <SimpleTable
      label="Runs of this window"
      columns={[
        { header: 'Status', width: '120px' },
        { header: 'Run' },
        { header: 'Started by' },
        { header: 'Started' },
        { header: 'Duration', right: true },
      ]}
      rows={runs.map((run) => ({
        id: run.runId,
        narrow: <NarrowRun run={run} />,
        cells: [
          <StatusText key="status" status={runStatus(run.status)} />,
          <RunTarget key="target" run={run} focusable />,
          <span key="trigger" className="t2">
            {runTrigger(run.tags).text}
          </span>,
          <Time key="at" at={(run.startTime ?? run.creationTime) * 1_000} seconds />,
          <RunDuration key="duration" run={run} />,
        ],
      }))}
    />
  );
}

/** A run on a phone. */
function NarrowRun({ run }: { readonly run: TimelineRun }) {
  return (
    <>
      <StatusIcon kind={runStatus(run.status).kind} label={runStatus(run.status).word} />
      <span className="grow">
        <TwoLines first={<RunTarget run={run} focusable />} second={runTrigger(run.tags).text} />
      </span>
      <TwoLines
        end
        first={<Time at={(run.startTime ?? run.creationTime) * 1_000} />}
        second={<RunDuration run={run} />}
      />
    </>
  );
}

function RunDuration({ run }: { readonly run: TimelineRun }) {
  return (
    <Duration
      from={run.startTime === null ? null : run.startTime * 1_000}
      to={run.endTime === null ? null : run.endTime * 1_000}
    />
  );
}
