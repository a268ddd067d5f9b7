import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button } from '../../components/button';
import { CopyId } from '../../components/copy-text';
import { isAdHocJob } from '../../components/format/asset-key';
import { isTyping } from '../../components/is-typing';
import { PageHeader } from '../../components/page';
import { runTrigger } from '../../components/run-tags';
import { runTargetText } from '../../components/run-target-text';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusBadge } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { CancelDialog } from './cancel-dialog';
import { Reexecute, type Reexecution } from './reexecute';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';

export function RunHeader({
  run,
  finished,
  steps,
}: {
  readonly run: RunDetail;
  readonly finished: boolean;
  /** Steps that are chosen on the page; they can be executed again alone. */
  readonly steps: readonly string[];
}) {
  const [asking, setAsking] = useState<Reexecution>();
  const [canceling, setCanceling] = useState(false);
  const target = runTargetText(run);
  const trigger = runTrigger(run.tags);
  const failed = run.status === 'FAILURE' || run.status === 'CANCELED';
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'r' || isTyping(event) || !finished) return;
      setAsking(failed ? 'FROM_FAILURE' : 'ALL_STEPS');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [finished, failed]);
  const counts = stepCounts(run);
  const started = run.startTime === null ? null : run.startTime * 1_000;
  const ended = run.endTime === null ? null : run.endTime * 1_000;
  return (
    <>
      <PageHeader
        actions={
          <>
            {!finished && (
              <Button
                icon="close"
                disabled={!run.canTerminate || run.status === 'CANCELING'}
                title={run.hasTerminatePermission ? undefined : 'Your role may not cancel runs here'}
                onClick={() => setCanceling(true)}
              >
                Cancel…
              </Button>
            )}
            <Reexecute run={run} finished={finished} steps={steps} asking={asking} onAsk={setAsking} />
          </>
        }
      >
        <StatusBadge status={runStatus(run.status)} />
        <h2 className={styles.name}>
          {isAdHocJob(run.jobName) || !run.repositoryOrigin ? (
            target.name
          ) : (
            <Link
              to="/jobs/$location/$name"
              params={{ location: run.repositoryOrigin.repositoryLocationName, name: run.jobName }}
            >
              {target.name}
            </Link>
          )}
          {target.detail && <span className="t3"> {target.detail}</span>}
        </h2>
        <CopyId id={run.runId} />
      </PageHeader>
      <ul className={styles.facts} aria-label="Facts">
        <li>
          <span>{started === null ? 'Created' : 'Started'}</span>
          <b className="strong">
            <Time at={started ?? run.creationTime * 1_000} seconds focusable />
          </b>
          <span className="t3">
            <Time at={started ?? run.creationTime * 1_000} relative />
          </span>
        </li>
        <li>
          <span>{finished ? 'Took' : started === null ? 'Waiting for' : 'Running for'}</span>
          <b className="strong">
            <Duration from={started ?? run.creationTime * 1_000} to={ended} />
          </b>
        </li>
        {counts.length > 0 && (
          <li>
            <span>Steps</span>
            {counts.map((count) => (
              <span key={count.kind} className={styles.stepCount}>
                <StatusIcon kind={count.kind} label={count.word} />
                <b className="strong">{count.count}</b>
              </span>
            ))}
          </li>
        )}
        <li>
          <span>Started by</span>
          {trigger.kind === 'schedule' || trigger.kind === 'sensor' ? (
            <Link
              to={trigger.kind === 'schedule' ? '/schedules' : '/sensors'}
              search={{ open: `${run.repositoryOrigin?.repositoryLocationName ?? ''}:${trigger.text}` }}
              className={styles.link}
            >
              {trigger.text}
            </Link>
          ) : (
            trigger.text
          )}
        </li>
        {run.parentRunId && (
          <li>
            <span>Re-executes</span>
            <Link to="/runs/$runId" params={{ runId: run.parentRunId }} className={styles.link}>
              {run.parentRunId.slice(0, 8)}
            </Link>
          </li>
        )}
        {run.repositoryOrigin && (
          <li>
            <span>Location</span>
            {run.repositoryOrigin.repositoryLocationName}
          </li>
        )}
      </ul>
      {canceling && <CancelDialog run={run} onClose={() => setCanceling(false)} />}
    </>
  );
}

export function stepCounts(run: RunDetail) {
  const words = {
    SUCCESS: ['success', 'done'],
    IN_PROGRESS: ['running', 'running'],
    FAILURE: ['failure', 'failed'],
    SKIPPED: ['skipped', 'skipped'],
  } as const;
  return (Object.keys(words) as (keyof typeof words)[]).flatMap((status) => {
    const count = run.stepStats.filter((step) => step.status === status).length;
    const [kind, word] = words[status];
    return count > 0 ? [{ kind, word: `${count} ${word}`, count }] : [];
  });
}
