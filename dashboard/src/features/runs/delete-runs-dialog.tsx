import { useMutation } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { eachRun } from './each-run';
import type { RunRow } from './run-rows';
import { deleteRunDocument } from './runs.graphql';

/** Asks before runs are deleted with their events and logs; what they made stays. */
export function DeleteRunsDialog({
  runs,
  filter,
  onClose,
}: {
  readonly runs: readonly RunRow[];
  readonly filter: string;
  readonly onClose: (done: boolean) => void;
}) {
  const remove = useMutation({
    mutationFn: () =>
      eachRun(runs, async (runId) =>
        expectType((await request(deleteRunDocument, { runId })).deleteRun, 'DeletePipelineRunSuccess'),
      ),
    onSuccess: ({ done, refused }) => {
      if (done > 0) showToast({ kind: 'canceled', title: `Deleted ${plural(done, 'run')}` });
      if (refused.length > 0) {
        showToast({
          kind: 'failure',
          title: `${plural(refused.length, 'run')} could not be deleted`,
          detail: refused[0],
        });
      }
      onClose(true);
    },
  });
  return (
    <Dialog
      title={`Delete ${plural(runs.length, 'run')}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button autoFocus onClick={() => onClose(false)}>
            {runs.length === 1 ? 'Keep it' : 'Keep them'}
          </Button>
          <Button look="danger-solid" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete {plural(runs.length, 'run')}
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
        Their events and the output of their steps go with them. It cannot be undone. What they made stays
        where it is.
      </p>
    </Dialog>
  );
}
