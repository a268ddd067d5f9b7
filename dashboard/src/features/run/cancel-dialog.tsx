import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Checkbox } from '../../components/checkbox';
import { Dialog } from '../../components/dialog';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { terminateRunsDocument } from '../../graphql/terminate.graphql';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';

const FORCE = 'Mark it as canceled now, without waiting for its worker';

/** Asks before a run is canceled; one that does not stop by itself can be marked as canceled. */
export function CancelDialog({ run, onClose }: { readonly run: RunDetail; readonly onClose: () => void }) {
  const isQueued = run.status === 'QUEUED';
  const isCanceling = run.status === 'CANCELING';
  const [isForced, setForced] = useState(isCanceling);
  const cancel = useMutation({
    mutationFn: async () => {
      const policy = isForced ? 'MARK_AS_CANCELED_IMMEDIATELY' : 'SAFE_TERMINATE';
      const answer = await request(terminateRunsDocument, { runIds: [run.runId], policy });
      const [result] = expectType(answer.terminateRuns, 'TerminateRunsResult').terminateRunResults;
      if (result) expectType(result, 'TerminateRunSuccess');
    },
    onSuccess: () => {
      const id = run.runId.slice(0, 8);
      showToast(
        isForced
          ? { kind: 'canceled', title: `Run ${id} is marked as canceled` }
          : { kind: 'canceling', title: `Canceling run ${id}` },
      );
      onClose();
    },
  });
  return (
    <Dialog
      title={isCanceling ? 'Stop waiting for this run’s worker?' : 'Cancel this run?'}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            {isCanceling ? 'Wait' : 'Keep it'}
          </Button>
          <Button look="danger-solid" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {isForced ? 'Mark 1 run as canceled' : 'Cancel 1 run'}
          </Button>
        </>
      }
    >
      <p>
        {isQueued
          ? 'It will not start.'
          : isForced
            ? 'It is canceled at once, whatever its worker does: what that still says is refused. The worker is stopped, but what it does until then, it does.'
            : 'Running steps stop at the next safe point; steps that finished keep their results.'}
      </p>
      {!isQueued && !isCanceling && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is its input
        <label className={styles.force}>
          <Checkbox label={FORCE} checked={isForced} onChange={setForced} />
          {FORCE}
        </label>
      )}
      {cancel.error && <Note kind="failure">{cancel.error.message} The run was not canceled.</Note>}
    </Dialog>
  );
}
