import { Link } from '@tanstack/react-router';
import { formatCount } from '../../components/format/number';
import { runTrigger } from '../../components/run-tags';
import type { StatusKind } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { Duration, Time } from '../../components/time';
import { RunGroupStrip } from './run-group';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';
import { type RunStep, stepStatusWords } from './select-steps';
import type { GroupedRun } from './use-run-group';

/** The one line under the header: when, how long, how its steps stand, who launched it, and what it executes again. */
export function RunFacts({
  run,
  finished,
  steps,
  selection,
  group,
}: {
  readonly run: RunDetail;
  readonly finished: boolean;
  readonly steps: readonly RunStep[];
  /** Of steps, in the address. */
  readonly selection: string | undefined;
  readonly group: readonly GroupedRun[] | undefined;
}) {
  const started = run.startTime === null ? null : run.startTime * 1_000;
  const ended = run.endTime === null ? null : run.endTime * 1_000;
  const since = started ?? run.creationTime * 1_000;
  const location = run.repositoryOrigin?.repositoryLocationName;
  return (
    <ul className={styles.facts} aria-label="Facts">
      <li>
        <span>{started === null ? 'Created' : 'Started'}</span>
        <b className="strong">
          <Time at={since} seconds focusable />
        </b>
        <span className="t3">
          <Time at={since} relative />
        </span>
      </li>
      <li>
        <span>{finished ? 'Took' : started === null ? 'Waiting for' : 'Running for'}</span>
        <b className="strong">
          <Duration from={since} to={ended} />
        </b>
      </li>
      <StepCounts steps={steps} selection={selection} />
      <Trigger run={run} />
      {group && group.length > 1 && <RunGroupStrip group={group} runId={run.runId} />}
      {location && (
        <li>
          <span>Location</span>
          {location}
        </li>
      )}
      {run.attempt > 1 && (
        <li title="Its worker was lost or let go, and another went on">
          <span>Attempt</span>
          {run.attempt}
        </li>
      )}
      {run.pipelineSnapshotId && (
        <li className={styles.bundle}>
          <span>Bundle</span>
          <Link
            to="/runs"
            search={{ q: `bundle:${run.pipelineSnapshotId}` }}
            className={styles.link}
            title="Runs of the same code"
          >
            <span className="mono">{run.pipelineSnapshotId.slice(0, 8)}</span>
          </Link>
        </li>
      )}
    </ul>
  );
}

const countWords: readonly (readonly [StatusKind, string])[] = [
  ['success', 'success'],
  ['running', 'running'],
  ['failure', 'failed'],
  ['skipped', 'skipped'],
  ['none', 'pending'],
];

/** How many steps are in each state; one chooses them in the chart and the log. */
function StepCounts({
  steps,
  selection,
}: {
  readonly steps: readonly RunStep[];
  readonly selection: string | undefined;
}) {
  const counts = countWords.flatMap(([kind, word]) => {
    const count = steps.filter((step) => stepStatusWords[word]?.includes(step.kind)).length;
    return count > 0 ? [{ kind, word, count, query: `status:${word}` }] : [];
  });
  if (counts.length === 0) return null;
  return (
    <li>
      <span>Steps</span>
      {counts.map(({ kind, word, count, query }) => (
        <Link
          key={kind}
          to="."
          search={(old: Record<string, string | undefined>) => ({
            ...old,
            tab: undefined,
            step: undefined,
            steps: selection === query ? undefined : query,
          })}
          className={styles.stepCount}
          aria-label={`${formatCount(count)} ${word}`}
          title={selection === query ? 'Show all steps' : `Show the ${formatCount(count)} ${word}`}
          aria-current={selection === query ? 'true' : undefined}
          activeProps={{}}
        >
          <StatusIcon kind={kind} />
          <b className="strong">{formatCount(count)}</b>
        </Link>
      ))}
    </li>
  );
}

function Trigger({ run }: { readonly run: RunDetail }) {
  const trigger = runTrigger(run.tags);
  return (
    <li>
      <span>Launched by</span>
      {trigger.kind === 'schedule' || trigger.kind === 'sensor' || trigger.kind === 'automation' ? (
        <Link
          to={trigger.kind === 'schedule' ? '/schedules' : '/sensors'}
          search={{ open: `${run.repositoryOrigin?.repositoryLocationName ?? ''}:${trigger.text}` }}
          className={styles.link}
        >
          {trigger.text}
        </Link>
      ) : trigger.kind === 'backfill' ? (
        <Link
          to="/backfills/$backfillId"
          params={{ backfillId: trigger.text }}
          search={{}}
          className={styles.link}
        >
          backfill {trigger.text}
        </Link>
      ) : (
        trigger.text
      )}
    </li>
  );
}
