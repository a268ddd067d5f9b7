import { useMutation } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { terminateRunsDocument } from '../../graphql/terminate.graphql';
import type { RunDetail } from './run-types';

export function CancelDialog({ run, onClose }: { readonly run: RunDetail; readonly onClose: () => void }) {
  const cancel = useMutation({
    mutationFn: async () => {
      const answer = await request(terminateRunsDocument, { runIds: [run.runId] });
      const [result] = expectType(answer.terminateRuns, 'TerminateRunsResult').terminateRunResults;
      if (result) expectType(result, 'TerminateRunSuccess');
    },
    onSuccess: () => {
      showToast({ kind: 'canceling', title: `Canceling run ${run.runId.slice(0, 8)}` });
      onClose();
    },
  });
  return (
    <Dialog
      title="Cancel this run?"
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger-solid" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel 1 run
          </Button>
        </>
      }
    >
      <p>
        {run.status === 'QUEUED'
          ? 'It will not start.'
          : 'Running steps stop at the next safe point; steps that finished keep their results.'}
      </p>
      {cancel.error && <Note kind="failure">{cancel.error.message} The run was not canceled.</Note>}
    </Dialog>
  );
}
