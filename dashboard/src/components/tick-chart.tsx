import { formatDuration } from './format/duration';
import { plural } from './format/number';
import { tickStatus } from './status';
import styles from './tick-chart.module.css';
import { type TickLike, tickText } from './tick-text';
import { Time } from './time';

/** Share of the height that a bar has at least, so that a quick tick is seen. */
const SHORTEST = 0.22;

/**
 * The ticks of a history as bars, oldest first; the height is how long after its instant a tick was done. The history
 * below is its twin: every bar is a line there.
 */
export function TickChart({ ticks }: { readonly ticks: readonly TickLike[] }) {
  const shown = ticks.toReversed();
  const longest = Math.max(...shown.map(lengthOf), 1);
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return null;
  return (
    <div className={styles.chart}>
      <div className={styles.bars} role="img" aria-label={summary(shown)}>
        {shown.map((tick) => {
          const { kind, word } = tickStatus(tick.status);
          const length = lengthOf(tick);
          return (
            <i
              key={tick.id}
              data-st={kind}
              data-level={Math.ceil((SHORTEST + (1 - SHORTEST) * (length / longest)) * 10)}
              title={`${word}: ${tickText(tick)}${length > 0 ? `, done after ${formatDuration(length)}` : ''}`}
            />
          );
        })}
      </div>
      <div className={styles.axis} aria-hidden="true">
        <Time at={first.timestamp * 1_000} />
        <span>height: time until done, at most {formatDuration(longest)}</span>
        <Time at={last.timestamp * 1_000} />
      </div>
    </div>
  );
}

function lengthOf(tick: TickLike): number {
  return tick.endTimestamp ? Math.max(0, (tick.endTimestamp - tick.timestamp) * 1_000) : 0;
}

/** `40 ticks: 37 success, 2 missed, 1 error` */
function summary(ticks: readonly TickLike[]): string {
  const counts = new Map<string, number>();
  for (const { status } of ticks) {
    const word = tickStatus(status).word.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return `${plural(ticks.length, 'tick')}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
}
