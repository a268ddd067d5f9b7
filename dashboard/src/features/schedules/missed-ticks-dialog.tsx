import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { instigatorRunsDocument, instigatorTicksDocument } from '../instigators/instigator-details.graphql';
import styles from './schedule-panel.module.css';
import { type ScheduleRow, scheduleSelector } from './schedule-row';
import { evaluateMissedTickDocument, scheduleMissedTicksDocument } from './schedules.graphql';

export interface MissedTick {
  /** Epoch s. */
  readonly timestamp: number;
  readonly reason: string | null;
}

interface Outcome {
  readonly runs: number;
  readonly skipped: number;
  readonly problems: readonly { readonly timestamp: number; readonly message: string }[];
}

/** Makes up for the ticks that a schedule missed, oldest first; one that fails stays missed, and says why. */
export function MissedTicksDialog({
  row,
  missed,
  onClose,
}: {
  readonly row: ScheduleRow;
  /** Newest first. */
  readonly missed: readonly MissedTick[];
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const launch = useMutation({
    mutationFn: () => makeUpFor(row, missed.toReversed()),
    onSuccess: ({ runs, skipped, problems }) => {
      if (runs + skipped > 0) {
        const detail = skipped > 0 ? `${plural(skipped, 'tick')} had nothing to launch` : row.schedule.name;
        showToast({ kind: 'success', title: `Launched ${plural(runs, 'run')}`, detail });
      }
      if (problems.length === 0) onClose();
    },
    onSettled: () =>
      Promise.all(
        [scheduleMissedTicksDocument, instigatorTicksDocument, instigatorRunsDocument].map(({ name }) =>
          client.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
  const problems = launch.data?.problems ?? [];
  return (
    <Dialog
      title={`Backfill ${plural(missed.length, 'missed tick')} of ${row.schedule.name}?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Not now
          </Button>
          <Button look="primary" icon="play" busy={launch.isPending} onClick={() => launch.mutate()}>
            Evaluate {plural(missed.length, 'tick')}
          </Button>
        </>
      }
    >
      <p>Each is evaluated as of its own time, and what it asks for is launched: once, whoever else asks.</p>
      <ul className={styles.missed} aria-label="Missed ticks">
        {missed.map(({ timestamp, reason }) => (
          <li key={timestamp}>
            <b className="strong">
              <Time at={timestamp * 1_000} seconds />
            </b>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
      {launch.error && <Note kind="failure">{launch.error.message}</Note>}
      {problems.map(({ timestamp, message }) => (
        <Note key={timestamp} kind="failure" className={styles.problem}>
          <b>
            <Time at={timestamp * 1_000} seconds />
          </b>{' '}
          {message}
        </Note>
      ))}
    </Dialog>
  );
}

async function makeUpFor(row: ScheduleRow, ticks: readonly MissedTick[]): Promise<Outcome> {
  const selector = scheduleSelector(row);
  let runs = 0;
  let skipped = 0;
  const problems: { timestamp: number; message: string }[] = [];
  for (const { timestamp } of ticks) {
    try {
      const answer = await request(evaluateMissedTickDocument, { selector, timestamp });
      const { tick } = expectType(answer.evaluateMissedTick, 'EvaluateMissedTickSuccess');
      runs += tick.runIds.length;
      if (tick.runIds.length === 0) skipped += 1;
    } catch (error) {
      problems.push({ timestamp, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { runs, skipped, problems };
}
