import type { ReactNode } from 'react';
import styles from './section.module.css';

/** A part of a page under a hairline: heading, count, actions at the right, content. */
export function Section({
  title,
  detail,
  actions,
  children,
  padded = false,
}: {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly padded?: boolean;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.header}>
        <h2>{title}</h2>
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={padded ? styles.padded : undefined}>{children}</div>
    </section>
  );
}

/** Names and values in two columns. */
export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [string, ReactNode] | undefined | null | false)[];
}) {
  return (
    <dl className={styles.facts}>
      {rows.map(
        (row) =>
          row && (
            <div key={row[0]}>
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
