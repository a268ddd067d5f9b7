import { formatDuration } from '../../components/format/duration';
import { formatCount, plural } from '../../components/format/number';
import { runStatus, type Status } from '../../components/status';
import { StatusBadge, StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import styles from './timeline.module.css';
import { onlyRun, runCount, statusText, type TimelineMark } from './timeline-marks';

const ticks: Readonly<Record<string, Status>> = {
  expected: { kind: 'expected', word: 'Expected' },
  late: { kind: 'late', word: 'Late' },
  missed: { kind: 'missed', word: 'Missed' },
};

/** What a mark is: a run, several, or ticks. */
export function TimelineCard({
  mark,
  name,
  x,
  top,
  below,
}: {
  readonly mark: TimelineMark;
  readonly name: string;
  readonly x: number;
  readonly top: number;
  readonly below: boolean;
}) {
  const count = runCount(mark);
  const runId = onlyRun(mark);
  const note = mark.items[0]?.note;
  return (
    <div
      className={styles.card}
      data-below={below || undefined}
      style={{ left: `max(0px, min(${x}px, calc(100% - 276px)))`, top }}
      role="status"
    >
      <div className="row">
        {count === 0 ? (
          <StatusText status={ticks[mark.kind] ?? { kind: mark.kind, word: mark.kind }} />
        ) : count === 1 ? (
          <StatusBadge status={runStatus(mark.items.find(({ runs }) => runs)?.runs?.status ?? '')} />
        ) : (
          <b className="strong">{plural(count, 'run')}</b>
        )}
        {runId && <span className="mono">{runId.slice(0, 8)}</span>}
        {count > 0 && <span className="t2 push nowrap">{formatDuration(mark.to - mark.from)}</span>}
      </div>
      <dl>
        <dt>Job</dt>
        <dd>{name}</dd>
        {count > 1 && (
          <>
            <dt>Status</dt>
            <dd>{statusText(mark.items.flatMap(({ runs }) => (runs ? [runs] : [])))}</dd>
          </>
        )}
        <dt>{count > 0 ? 'Started' : 'Due'}</dt>
        <dd>
          <Time at={mark.from} seconds />
          {count === 1 || mark.items.length === 1 ? (
            <>
              {' · '}
              <Time at={mark.from} relative />
            </>
          ) : (
            <>
              {' to '}
              <Time at={mark.items.at(-1)?.from ?? mark.from} seconds />
            </>
          )}
        </dd>
        {count === 0 && mark.items.length > 1 && (
          <>
            <dt>Here</dt>
            <dd>{formatCount(mark.items.length)} ticks</dd>
          </>
        )}
        {note && (
          <>
            <dt>Why</dt>
            <dd>{note}</dd>
          </>
        )}
      </dl>
      {count > 1 && <p className={styles.hint}>Opens the list of these runs</p>}
    </div>
  );
}
