import { useMutation } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { terminateRunsDocument } from '../../graphql/terminate.graphql';
import { undone } from '../../graphql/undone';
import type { RunRow } from './run-rows';

/** Asks before canceling; names the number and the filter. */
export function CancelRunsDialog({
  runs,
  filter,
  onClose,
}: {
  readonly runs: readonly RunRow[];
  readonly filter: string;
  readonly onClose: (done: boolean) => void;
}) {
  const queued = runs.filter((run) => run.status === 'QUEUED').length;
  const running = runs.length - queued;
  const cancel = useMutation({
    mutationFn: async () => {
      const answer = await request(terminateRunsDocument, { runIds: runs.map((run) => run.runId) });
      return expectType(answer.terminateRuns, 'TerminateRunsResult').terminateRunResults;
    },
    onSuccess: (results) => {
      const refused = results.filter((result) => result.__typename !== 'TerminateRunSuccess');
      const first = refused[0];
      if (first) {
        showToast({
          kind: 'failure',
          title: `${plural(refused.length, 'run')} could not be canceled`,
          detail: 'message' in first ? first.message : undefined,
        });
      }
      const done = results.length - refused.length;
      if (done > 0) showToast({ kind: 'canceling', title: `Canceling ${plural(done, 'run')}` });
      onClose(true);
    },
  });
  return (
    <Dialog
      title={`Cancel ${plural(runs.length, 'run')}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button autoFocus onClick={() => onClose(false)}>
            {runs.length === 1 ? 'Keep it' : 'Keep them'}
          </Button>
          <Button look="danger-solid" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel {plural(runs.length, 'run')}
          </Button>
        </>
      }
    >
      <p>
        {filter ? (
          <>
            Selected among the runs that match <b className="strong">{filter}</b>.{' '}
          </>
        ) : null}
        {running > 0 && `${plural(running, 'run')} in progress will stop at the next safe point. `}
        {queued > 0 && `${plural(queued, 'queued run')} will not start.`}
      </p>
      {cancel.error && (
        <Note kind="failure">{`${cancel.error.message} ${undone(cancel.error, 'canceled')}.`}</Note>
      )}
    </Dialog>
  );
}
