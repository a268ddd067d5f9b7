import type { ReactNode } from 'react';
import styles from './bulk-bar.module.css';
import { Button } from './button';

/** Floats over a list while rows are selected; each of its buttons names its number. */
export function BulkBar({
  text,
  children,
  onClear,
}: {
  readonly text: string;
  readonly children: ReactNode;
  readonly onClear: () => void;
}) {
  return (
    <section className={styles.bar} aria-label="Selection">
      <span className="strong nowrap">{text}</span>
      {children}
      <Button look="ghost" small icon="close" aria-label="Clear selection" onClick={onClear} />
    </section>
  );
}
