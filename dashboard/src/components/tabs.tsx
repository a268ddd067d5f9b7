import { Link, type LinkProps } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import styles from './tabs.module.css';

export interface Tab {
  readonly text: string;
  readonly count?: string | number | undefined;
  readonly current: boolean;
  readonly search: LinkProps['search'];
}

/** Sections of a page as links, so that each has an address. */
export function Tabs({
  label,
  tabs,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly children?: React.ReactNode;
}) {
  const nav = useRef<HTMLElement>(null);
  // With the counts, which come later and move what is behind them.
  const shown = tabs.map((tab) => `${tab.text} ${tab.count ?? ''} ${tab.current}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one comes into view where not all fit
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [shown]);
  return (
    <div className={styles.bar}>
      <nav ref={nav} className={styles.tabs} aria-label={label}>
        {tabs.map((tab) => (
          <Link
            key={tab.text}
            to="."
            search={tab.search ?? true}
            aria-current={tab.current ? 'page' : undefined}
            activeOptions={{ exact: true }}
          >
            {tab.text}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Link>
        ))}
      </nav>
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
