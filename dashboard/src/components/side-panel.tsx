import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button';
import styles from './side-panel.module.css';

/** Details beside a list. Esc closes it; the focus goes back to where it came from. */
export function SidePanel({
  title,
  children,
  onClose,
}: {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}) {
  const origin = useRef<Element | null>(null);
  useEffect(() => {
    origin.current = document.activeElement;
    return () => {
      if (origin.current instanceof HTMLElement && origin.current.isConnected) origin.current.focus();
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside className={styles.panel} aria-label="Details">
      <header className={styles.header}>
        <div className={styles.title}>{title}</div>
        <Button look="ghost" small icon="close" aria-label="Close details" onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <div className={styles.body} tabIndex={0}>
        {children}
      </div>
    </aside>
  );
}
