import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button } from '../../components/button';
import { CopyId } from '../../components/copy-text';
import { isAdHocJob } from '../../components/format/asset-key';
import { isTyping } from '../../components/is-typing';
import { PageHeader } from '../../components/page';
import { runTargetText } from '../../components/run-target-text';
import { runStatus } from '../../components/status';
import { StatusBadge } from '../../components/status-text';
import { CancelDialog } from './cancel-dialog';
import { Reexecute, type Reexecution } from './reexecute';
import { RunMenu } from './run-menu';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';

/** What the run is, and what can be done with it. */
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
  const failed = run.status === 'FAILURE' || run.status === 'CANCELED';
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'r' || isTyping(event) || !finished) return;
      setAsking(failed ? 'FROM_FAILURE' : 'ALL_STEPS');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [finished, failed]);
  return (
    <>
      <PageHeader
        actions={
          <>
            {!finished && (
              <Button
                icon="close"
                disabled={!run.hasTerminatePermission}
                title={run.hasTerminatePermission ? undefined : 'Your role may not cancel runs here'}
                onClick={() => setCanceling(true)}
              >
                Cancel…
              </Button>
            )}
            <Reexecute run={run} finished={finished} steps={steps} asking={asking} onAsk={setAsking} />
            <RunMenu run={run} finished={finished} />
          </>
        }
      >
        <StatusBadge status={runStatus(run.status)} />
        <h2 className={styles.name} title={target.name}>
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
      {canceling && <CancelDialog run={run} onClose={() => setCanceling(false)} />}
    </>
  );
}
