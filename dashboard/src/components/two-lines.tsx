import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './two-lines.module.css';

/** A cell of two lines: what matters, and what explains it; `end` sets it to the right, quieter, as on a phone. */
export function TwoLines({
  first,
  second,
  end = false,
}: {
  readonly first: ReactNode;
  readonly second: ReactNode;
  readonly end?: boolean;
}) {
  return (
    <span className={cx(styles.cell, end && styles.end)}>
      <span className="ellipsis">{first}</span>
      <span className={styles.second}>{second}</span>
    </span>
  );
}
