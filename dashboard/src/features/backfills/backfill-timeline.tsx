import { Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { formatDuration } from '../../components/format/duration';
import { formatCount, plural } from '../../components/format/number';
import { formatTime } from '../../components/format/time';
import { Scroll } from '../../components/page';
import { EmptyState } from '../../components/panel-states';
import { runStatus } from '../../components/status';
import { useZone } from '../../components/time';
import { roundTimes } from '../../components/time-scale';
import { useNow } from '../../components/use-now';
import type { RunRow } from '../runs/run-rows';
import styles from './backfill-timeline.module.css';
import { placeRuns } from './place-runs';

/** Runs that are drawn at most. */
const most = 300;
const ticks = 6;
const laneHeight = 18;

/** Round instants, at least a second apart; none at the end, where its label has no room. */
const ticksOf = (from: number, to: number): readonly number[] =>
  roundTimes(from, to, Math.min(ticks, Math.max(1, (to - from) / 1_000))).filter(
    (at) => at < to - (to - from) * 0.08,
  );

/** When the runs of a backfill ran, side by side as they did; the list is its twin. */
export function BackfillTimeline({
  runs,
  count,
  loadUpTo,
}: {
  readonly runs: readonly RunRow[];
  /** Of all runs. */
  readonly count: number;
  readonly loadUpTo: (most: number) => Promise<unknown>;
}) {
  useEffect(() => void loadUpTo(most), [loadUpTo]);
  const zone = useZone();
  const now = useNow();
  const placed = useMemo(() => placeRuns(runs.slice(0, most), now), [runs, now]);
  if (placed.length === 0)
    return (
      <EmptyState icon="runs" title="None of them has begun">
        Runs are drawn from when they begin. The list shows those that wait.
      </EmptyState>
    );
  const from = Math.min(...placed.map((each) => each.from));
  const to = Math.max(from + 1, ...placed.map((each) => each.to));
  const share = (span: number) => `${((span / (to - from)) * 100).toFixed(3)}%`;
  const lanes = Math.max(...placed.map(({ lane }) => lane)) + 1;
  return (
    <Scroll>
      <p className={styles.words}>
        {formatCount(placed.length)} of {plural(count, 'run')}, {formatCount(lanes)} side by side at most, in{' '}
        {formatDuration(to - from)}
      </p>
      <div className={styles.box}>
        <div className={styles.axis} aria-hidden="true">
          {ticksOf(from, to).map((at) => (
            <span key={at} style={{ left: share(at - from) }}>
              {formatTime(at, { zone, now, seconds: to - from < 600_000 })}
            </span>
          ))}
        </div>
        <ul className={styles.lanes} style={{ height: lanes * laneHeight }} aria-label="Runs over time">
          {placed.map(({ run, from: start, to: end, lane }) => {
            const status = runStatus(run.status);
            const text = `${run.runId.slice(0, 8)}: ${status.word}, ${formatDuration(end - start)}`;
            return (
              <li
                key={run.runId}
                data-st={status.kind}
                style={{ left: share(start - from), width: share(end - start), top: lane * laneHeight }}
              >
                <Link
                  to="/runs/$runId"
                  params={{ runId: run.runId }}
                  search={{}}
                  title={text}
                  aria-label={`Run ${text}`}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </Scroll>
  );
}
