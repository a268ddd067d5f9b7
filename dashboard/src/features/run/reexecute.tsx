import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Menu } from '../../components/menu';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import type { ReexecutionStrategy } from '../../graphql/generated';
import { reexecuteRunDocument, reexecuteStepsDocument } from '../../graphql/reexecute.graphql';
import { request } from '../../graphql/request';
import { undone } from '../../graphql/undone';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';

/** What is executed again: a strategy of the API, or the steps that are chosen on the page. */
export type Reexecution = ReexecutionStrategy | 'STEPS';

const words: Readonly<Record<Reexecution, { button: string; explain: string }>> = {
  ALL_STEPS: {
    button: 'Re-execute all steps',
    explain: 'Every step runs again, with the same configuration and tags.',
  },
  FROM_FAILURE: {
    button: 'Re-execute from failure',
    explain: 'Failed and skipped steps run again; successful ones are not repeated.',
  },
  FROM_ASSET_FAILURE: {
    button: 'Re-execute unfinished assets',
    explain:
      'Assets that were not materialized are made, and checks that were not evaluated are, also those of a step that did a part of its assets.',
  },
  STEPS: {
    button: 'Re-execute chosen steps',
    explain: 'Only these steps run again; what they need of the others is taken from this run.',
  },
};

/** The run's primary action: a new run of the same; asks first. */
export function Reexecute({
  run,
  finished,
  steps,
  asking,
  onAsk,
}: {
  readonly run: RunDetail;
  readonly finished: boolean;
  /** Steps that are chosen on the page. */
  readonly steps: readonly string[];
  readonly asking: Reexecution | undefined;
  readonly onAsk: (asked: Reexecution | undefined) => void;
}) {
  const failed = run.status === 'FAILURE' || run.status === 'CANCELED';
  const main: ReexecutionStrategy = failed ? 'FROM_FAILURE' : 'ALL_STEPS';
  const reason = run.hasReExecutePermission
    ? finished
      ? undefined
      : 'The run is not finished'
    : 'Your role may not launch runs here';
  return (
    <>
      <span className={styles.split}>
        <Button
          look="primary"
          icon="retry"
          disabled={Boolean(reason)}
          title={reason}
          onClick={() => onAsk(main)}
        >
          {words[main].button}
        </Button>
        <Menu
          caption="Re-execute"
          trigger={
            <Button
              look="primary"
              icon="chevronDown"
              aria-label="More ways to re-execute"
              disabled={Boolean(reason)}
            />
          }
          items={(['FROM_FAILURE', 'FROM_ASSET_FAILURE', 'ALL_STEPS', 'STEPS'] as const).map((asked) => ({
            text: words[asked].button,
            icon: 'retry' as const,
            disabled:
              asked === 'STEPS'
                ? steps.length === 0 && 'click a step first'
                : asked !== 'ALL_STEPS' && !failed && 'nothing failed',
            ...(asked === 'STEPS' && steps.length > 0 ? { detail: plural(steps.length, 'step') } : {}),
            onSelect: () => onAsk(asked),
          }))}
        />
      </span>
      {asking && <ReexecuteDialog run={run} asked={asking} steps={steps} onClose={() => onAsk(undefined)} />}
    </>
  );
}

function ReexecuteDialog({
  run,
  asked,
  steps,
  onClose,
}: {
  readonly run: RunDetail;
  readonly asked: Reexecution;
  readonly steps: readonly string[];
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const launch = useMutation({
    mutationFn: async () => {
      const answer =
        asked === 'STEPS'
          ? await request(reexecuteStepsDocument, { executionParams: stepsParams(run, steps) })
          : await request(reexecuteRunDocument, {
              reexecutionParams: { parentRunId: run.runId, strategy: asked },
            });
      return expectType(answer.launchRunReexecution, 'LaunchRunSuccess').run.runId;
    },
    onSuccess: (runId) => {
      showToast({ kind: 'success', title: `Launched run ${runId.slice(0, 8)}`, detail: run.jobName });
      onClose();
      void navigate({ to: '/runs/$runId', params: { runId } });
    },
  });
  return (
    <Dialog
      title={`${words[asked].button}?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Not now
          </Button>
          <Button look="primary" icon="play" busy={launch.isPending} onClick={() => launch.mutate()}>
            Launch 1 run
          </Button>
        </>
      }
    >
      <p>{words[asked].explain}</p>
      {asked === 'STEPS' && (
        <ul className={styles.steps} aria-label="Chosen steps">
          {steps.map((step) => (
            <li key={step} className="mono">
              {step}
            </li>
          ))}
        </ul>
      )}
      {launch.error && (
        <Note kind="failure">{`${launch.error.message} ${undone(launch.error, 'launched')}.`}</Note>
      )}
    </Dialog>
  );
}

function stepsParams(run: RunDetail, stepKeys: readonly string[]) {
  return {
    selector: {
      jobName: run.jobName,
      repositoryName: run.repositoryOrigin?.repositoryName ?? '',
      repositoryLocationName: run.repositoryOrigin?.repositoryLocationName ?? '',
    },
    executionMetadata: { parentRunId: run.runId },
    stepKeys,
  };
}
