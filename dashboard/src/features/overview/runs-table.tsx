import { runTrigger } from '../../components/run-tags';
import { RunTarget } from '../../components/run-target';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
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
        cells: [
          <StatusText key="status" status={runStatus(run.status)} />,
          <RunTarget key="target" run={run} focusable />,
          <span key="trigger" className="t2">
            {runTrigger(run.tags).text}
          </span>,
          <Time key="at" at={(run.startTime ?? run.creationTime) * 1_000} seconds />,
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
