import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './page.module.css';
import { ScrollRegion } from './scroll-region';

/** Header of a single thing: badge, name, id; actions at the right. */
export function PageHeader({
  children,
  actions,
}: {
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className={styles.header}>
      <div className={styles.lead}>{children}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** One line of filters and view options under the header. */
export function Toolbar({ children }: { readonly children: ReactNode }) {
  return <div className={styles.toolbar}>{children}</div>;
}

/** The only part of a page that scrolls. */
export function Scroll({
  children,
  className,
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <ScrollRegion label="Content" className={cx(styles.scroll, className)}>
      {children}
    </ScrollRegion>
  );
}

/** A list with a panel beside it that answers "why"; on narrow screens the panel covers the list. */
export function WithSidePanel({
  children,
  panel,
}: {
  readonly children: ReactNode;
  readonly panel?: ReactNode;
}) {
  return (
    <div className={styles.split}>
      <div className={styles.main}>{children}</div>
      {panel}
    </div>
  );
}
