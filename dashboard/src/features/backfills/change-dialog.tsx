import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { formatCount, plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { tagValue } from '../../components/run-tags';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { undone } from '../../graphql/undone';
import { useLiveQuery } from '../../graphql/use-live-query';
import type { BackfillDetail } from './backfill-page';
import styles from './backfill-page.module.css';
import { type Counts, countTargets, notMade } from './backfill-progress';
import { backfillTag } from './backfill-tags';
import { cancelableRunsDocument } from './change-backfill.graphql';
import { type BackfillChange, useChangeBackfill } from './use-change-backfill';

export type BackfillQuestion = 'cancel' | 'resume' | 'priority' | 'retry' | 'again';

interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly change: BackfillChange;
  readonly done: string;
}

const partitions = (count: number) => plural(count, 'partition');

/** Asks before a backfill is changed; the question and its answer name the numbers. */
export function ChangeDialog({
  question: kind,
  backfill,
  onClose,
}: {
  readonly question: BackfillQuestion;
  readonly backfill: BackfillDetail;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const [priority, setPriority] = useState(tagValue(backfill.tags, backfillTag.priority) ?? '0');
  const counts = countTargets(backfill.targetCounts);
  const runs = useLiveQuery(
    cancelableRunsDocument,
    { backfillId: backfill.id },
    {
      enabled: kind === 'cancel',
      interval: 3_000,
      select: (answer) => expectType(answer.partitionBackfillOrError, 'PartitionBackfill').numCancelable,
    },
  ).data;
  const wanted = /^-?\d{1,9}$/.test(priority.trim()) ? Number(priority) : undefined;
  const question = questionOf({ kind, counts, runs, priority: wanted ?? 0 });
  const change = useChangeBackfill(backfill.id);
  const problem = kind === 'priority' && wanted === undefined ? 'Enter a whole number' : undefined;
  const confirm = () =>
    change.mutate(question.change, {
      onSuccess: (backfillId) => {
        showToast({ kind: 'success', title: question.done, detail: backfillId });
        onClose();
        if (backfillId !== backfill.id)
          void navigate({ to: '/backfills/$backfillId', params: { backfillId }, search: {} });
      },
    });
  return (
    <Dialog
      title={question.title}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus={kind !== 'priority'} onClick={onClose}>
            {question.no}
          </Button>
          <Button
            look={question.danger ? 'danger-solid' : 'primary'}
            busy={change.isPending}
            disabled={problem !== undefined}
            title={problem}
            onClick={confirm}
          >
            {question.yes}
          </Button>
        </>
      }
    >
      <p>{question.text}</p>
      {kind === 'priority' && (
        <label className={styles.field}>
          <span>Priority</span>
          <input
            autoFocus
            inputMode="numeric"
            value={priority}
            aria-invalid={problem !== undefined}
            onChange={(event) => setPriority(event.target.value)}
          />
          <small>{problem ?? 'Higher first; runs without one have 0.'}</small>
        </label>
      )}
      {change.error && (
        <Note kind="failure">{`${change.error.message} ${undone(change.error, 'changed')}.`}</Note>
      )}
    </Dialog>
  );
}

function questionOf({
  kind,
  counts,
  runs,
  priority,
}: {
  readonly kind: BackfillQuestion;
  readonly counts: Counts;
  readonly runs: number | undefined;
  readonly priority: number;
}): Question {
  const missed = notMade(counts);
  const left = counts.PENDING + counts.REQUESTED;
  switch (kind) {
    case 'cancel':
      return {
        title: 'Cancel this backfill?',
        text: `${runs === undefined ? 'Its runs that have not ended' : plural(runs, 'run')} will be canceled, and ${partitions(left)} will not be made. ${formatCount(counts.SUCCESS)} already made stay as they are.`,
        yes: runs === undefined ? 'Cancel the backfill' : `Cancel the backfill and ${plural(runs, 'run')}`,
        no: 'Keep it',
        danger: true,
        change: { kind: 'cancel' },
        done: 'Canceling the backfill',
      };
    case 'resume': {
      const never = missed - counts.FAILED;
      return {
        title: 'Go on with this backfill?',
        text: `It makes the ${partitions(never)} that were never made. ${formatCount(counts.FAILED)} that failed are not tried again: retry them as a new backfill.`,
        yes: `Make ${partitions(never)}`,
        no: 'Not now',
        change: { kind: 'resume' },
        done: 'The backfill goes on',
      };
    }
    case 'priority':
      return {
        title: 'Change the priority?',
        text: `Its queued runs move in the queue, and those to come have it: ${partitions(left)} are left.`,
        yes: `Set priority ${priority}`,
        no: 'Not now',
        change: { kind: 'priority', priority },
        done: `Priority is ${priority}`,
      };
    case 'retry':
      return {
        title: `Retry ${partitions(missed)}?`,
        text: `A new backfill makes what this one did not: ${formatCount(counts.FAILED)} failed, ${formatCount(missed - counts.FAILED)} never made. ${formatCount(counts.SUCCESS)} already made are left out.`,
        yes: `Retry ${partitions(missed)}`,
        no: 'Not now',
        change: { kind: 'again', strategy: 'FROM_FAILURE' },
        done: 'Launched a backfill',
      };
    case 'again':
      return {
        title: `Make ${partitions(counts.total)} again?`,
        text: `A new backfill makes all of them, also the ${formatCount(counts.SUCCESS)} that were made.`,
        yes: `Make ${partitions(counts.total)}`,
        no: 'Not now',
        change: { kind: 'again', strategy: 'ALL_STEPS' },
        done: 'Launched a backfill',
      };
  }
}
