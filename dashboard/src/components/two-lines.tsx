import type { ReactNode } from 'react';
import styles from './two-lines.module.css';

/** A cell of two lines: what matters, and what explains it. */
export function TwoLines({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) {
  return (
    <span className={styles.cell}>
      <span className="ellipsis">{first}</span>
      <span className={styles.second}>{second}</span>
    </span>
  );
}
