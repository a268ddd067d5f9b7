import { useMutation } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { reexecuteRunDocument } from '../../graphql/reexecute.graphql';
import { request } from '../../graphql/request';
import { eachRun } from './each-run';
import type { RunRow } from './run-rows';

/** Asks before executing runs again: failed ones from their failure, others whole. */
export function RetryRunsDialog({
  runs,
  filter,
  onClose,
}: {
  readonly runs: readonly RunRow[];
  readonly filter: string;
  readonly onClose: (done: boolean) => void;
}) {
  const succeeded = new Set(runs.filter((run) => run.status === 'SUCCESS').map((run) => run.runId));
  const unfinished = runs.length - succeeded.size;
  const retry = useMutation({
    mutationFn: () =>
      eachRun(runs, async (parentRunId) => {
        const strategy = succeeded.has(parentRunId) ? 'ALL_STEPS' : 'FROM_FAILURE';
        const answer = await request(reexecuteRunDocument, { reexecutionParams: { parentRunId, strategy } });
        expectType(answer.launchRunReexecution, 'LaunchRunSuccess');
      }),
    onSuccess: ({ done, refused }) => {
      if (done > 0) showToast({ kind: 'success', title: `Launched ${plural(done, 'run')}` });
      if (refused.length > 0) {
        showToast({
          kind: 'failure',
          title: `${plural(refused.length, 'run')} could not be executed again`,
          detail: refused[0],
        });
      }
      onClose(true);
    },
  });
  return (
    <Dialog
      title={`Retry ${plural(runs.length, 'run')}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button autoFocus onClick={() => onClose(false)}>
            Not now
          </Button>
          <Button look="primary" icon="play" busy={retry.isPending} onClick={() => retry.mutate()}>
            Launch {plural(runs.length, 'run')}
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
        {unfinished > 0 &&
          `${plural(unfinished, 'run')} that did not succeed ${unfinished === 1 ? 'goes' : 'go'} on from the failure: what succeeded is not repeated. `}
        {succeeded.size > 0 && `${plural(succeeded.size, 'successful run')} will run all steps again.`}
      </p>
    </Dialog>
  );
}
