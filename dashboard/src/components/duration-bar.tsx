import styles from './duration-bar.module.css';
import { Duration } from './time';
import { useNow } from './use-now';

/** A duration against its job's median: amber above twice the median. */
export function DurationBar({
  from,
  to,
  median,
}: {
  readonly from: number | null;
  readonly to: number | null;
  readonly median: number | undefined;
}) {
  const now = useNow();
  if (from === null) {
    return (
      <span className={styles.cell}>
        <span className="right t3">—</span>
      </span>
    );
  }
  const length = Math.max(0, (to ?? now) - from);
  const full = median ? Math.max(median * 1.6, 1) : undefined;
  return (
    <span className={styles.cell}>
      <span className="right">
        <Duration from={from} to={to} />
      </span>
      {full && median ? (
        <span className={styles.track}>
          <i
            className={length > median * 2 ? styles.slow : styles.bar}
            style={{ width: `${Math.min(100, (length / full) * 100)}%` }}
          />
          <b style={{ left: `${(median / full) * 100}%` }} />
        </span>
      ) : (
        <span />
      )}
    </span>
  );
}
