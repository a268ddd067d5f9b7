import { Link, type LinkProps } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import styles from './page-title.module.css';

let slot: HTMLElement | null = null;
const listeners = new Set<() => void>();

/** The place in the top bar where pages put their breadcrumb. */
export function PageTitleSlot() {
  return (
    <div
      className={styles.slot}
      ref={(node) => {
        slot = node;
        for (const listener of listeners) listener();
      }}
    />
  );
}

export interface Crumb {
  readonly text: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly search?: Readonly<Record<string, string>>;
}

/** The page's one `h1`, after the crumbs that lead to it; also the window's title. */
export function PageTitle({
  title,
  crumbs = [],
  mono = false,
}: {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  readonly mono?: boolean;
}) {
  const container = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => slot,
  );
  useEffect(() => {
    document.title = `${title} · Headrace`;
  }, [title]);
  if (!container) return null;
  return createPortal(
    <>
      {crumbs.map((crumb, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a key may be alike, and keep their order
        <span key={index} className={styles.crumb}>
          <Link to={crumb.to} search={crumb.search ?? {}} activeProps={{}}>
            {crumb.text}
          </Link>
          <span aria-hidden="true">/</span>
        </span>
      ))}
      <h1 className={mono ? 'mono' : undefined} title={title}>
        {title}
      </h1>
    </>,
    container,
  );
}
