import { causeText } from '../../components/cause-text';
import { CopyId } from '../../components/copy-text';
import type { GridColumn } from '../../components/data-grid-types';
import { DurationBar } from '../../components/duration-bar';
import { Icon } from '../../components/icon';
import { ownTags, runTrigger } from '../../components/run-tags';
import { RunTarget } from '../../components/run-target';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Tag } from '../../components/tag';
import { Duration, Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { RunRow } from './run-rows';
import styles from './runs-page.module.css';

const ms = (seconds: number | null) => (seconds === null ? null : seconds * 1_000);

/** Start and end of a run's bar: a queued run has none. */
function span(run: RunRow): { from: number | null; to: number | null } {
  return { from: ms(run.startTime), to: ms(run.endTime) };
}

/** What a run waits for, without saying again that it waits. */
const reason = (waitingFor: string): string => waitingFor.replace(/^waiting(?: for|:) /, '');

export function runColumns(medians: ReadonlyMap<string, number>): readonly GridColumn<RunRow>[] {
  return [
    {
      id: 'status',
      header: 'Status',
      width: '96px',
      cell: (run) => <StatusText status={runStatus(run.status)} />,
    },
    { id: 'run', header: 'Run', width: '98px', cell: (run) => <CopyId id={run.runId} /> },
    { id: 'target', header: 'Target', width: 'minmax(180px, 1.9fr)', cell: (run) => <RunTarget run={run} /> },
    {
      id: 'trigger',
      header: 'Launched by',
      width: 'minmax(120px, 1fr)',
      cell: (run) => {
        const trigger = runTrigger(run.tags);
        return (
          <span className={styles.trigger} title={trigger.text}>
            <Icon name={trigger.icon} size={14} />
            <span className={styles.triggerText}>{trigger.text}</span>
          </span>
        );
      },
    },
    {
      id: 'created',
      header: 'Created',
      width: '104px',
      right: true,
      cell: (run) => <Time at={run.creationTime * 1_000} seconds />,
    },
    {
      id: 'duration',
      header: 'Duration against the job’s median',
      width: '196px',
      cell: (run) =>
        run.waitingFor ? (
          <span className={styles.reason} title={run.waitingFor}>
            {reason(run.waitingFor)}
          </span>
        ) : (
          <DurationBar {...span(run)} median={medians.get(run.jobName)} />
        ),
    },
    {
      id: 'tags',
      header: 'Cause, tags',
      width: 'minmax(80px, 1.5fr)',
      cell: (run) => (
        <span className={styles.tags}>
          {run.cause && (
            <span className="t2 ellipsis" title={run.cause}>
              {causeText(run.cause)}
            </span>
          )}
          {ownTags(run.tags)
            .slice(0, 3)
            .map((tag) => (
              <Tag key={tag.key} k={tag.key} value={tag.value} />
            ))}
        </span>
      ),
    },
  ];
}

export function runNarrow(run: RunRow) {
  const status = runStatus(run.status);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className="grow">
        <TwoLines
          first={<RunTarget run={run} />}
          second={
            <>
              {status.word} · <span className="mono">{run.runId.slice(0, 8)}</span>
              {run.waitingFor && ` · ${reason(run.waitingFor)}`}
              {run.cause && ` · ${causeText(run.cause)}`}
            </>
          }
        />
      </span>
      <TwoLines
        end
        first={<Duration {...span(run)} />}
        second={<Time at={run.creationTime * 1_000} seconds />}
      />
    </>
  );
}
