import { Link } from '@tanstack/react-router';
import { formatCount } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { StatusIcon } from '../../components/status-icon';
import { errorText, type LogLine } from './log-filter';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';
import type { StepTitles } from './step-titles';

/** Why the run stands as it does, in the first line under its facts: what failed, who canceled it, what it waits for. */
export function RunNotes({
  run,
  cause,
  isReading,
  titles,
}: {
  readonly run: RunDetail;
  /** The event that tells why it failed. */
  readonly cause: LogLine | undefined;
  /** Events are still to come that may tell. */
  readonly isReading: boolean;
  readonly titles: StepTitles;
}) {
  if (cause) {
    return (
      <Link
        to="."
        search={(old: Record<string, string | undefined>) => ({
          ...old,
          tab: undefined,
          event: String(cause.index),
          level: undefined,
          type: undefined,
          steps: undefined,
          step: cause.stepKey ?? undefined,
        })}
        className={styles.cause}
        data-st="failure"
        activeProps={{ 'aria-current': undefined }}
      >
        <StatusIcon kind="failure" />
        {cause.stepKey && <b>{titles.get(cause.stepKey) ?? cause.stepKey}</b>}
        <span className="ellipsis">{errorText(cause)}</span>
        <span className={styles.show}>Show event</span>
      </Link>
    );
  }
  if (run.status === 'FAILURE') {
    // The cause has its place before it is known: what is below stays where it is.
    const text = isReading ? 'Reading why it failed…' : run.cause;
    return text ? (
      <div className={styles.cause} data-st="failure">
        <StatusIcon kind="failure" />
        <span>{text}</span>
      </div>
    ) : null;
  }
  if (run.status === 'QUEUED') return <Queued run={run} />;
  if (run.status === 'SUSPENDED') {
    return (
      <Note kind="waiting" className={styles.note}>
        <b>Waiting without a worker.</b> {run.waitingFor}
      </Note>
    );
  }
  if ((run.status === 'CANCELED' || run.status === 'CANCELING') && run.cause) {
    return (
      <Note kind={run.status === 'CANCELED' ? 'canceled' : 'canceling'} className={styles.note}>
        <b>{run.status === 'CANCELED' ? 'Canceled.' : 'Canceling.'}</b> {run.cause}
      </Note>
    );
  }
  return null;
}

function Queued({ run }: { readonly run: RunDetail }) {
  const place = run.queuePlace;
  return (
    <Note kind="queued" className={styles.note}>
      <b>
        {place
          ? place.place === 1
            ? `Next of ${formatCount(place.of)} in the queue.`
            : `Place ${formatCount(place.place)} of ${formatCount(place.of)} in the queue.`
          : 'Queued.'}
      </b>{' '}
      {run.waitingFor ? `${capitalized(run.waitingFor)}.` : 'The next look at the queue takes it.'}{' '}
      <Link to="/deployment" search={{ tab: 'concurrency' }} className="link">
        See what holds slots
      </Link>
    </Note>
  );
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
