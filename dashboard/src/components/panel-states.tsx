import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button';
import { Command } from './copy-text';
import { cx } from './cx';
import { Icon } from './icon';
import type { IconName } from './icon-paths';
import styles from './panel-states.module.css';
import type { StatusKind } from './status';
import { StatusIcon } from './status-icon';
import { Time } from './time';

/** Still bars in the shape of rows; only after 200 ms, so that a quick answer shows no flicker. */
export function LoadingRows({
  rows = 6,
  immediate = false,
}: {
  readonly rows?: number;
  readonly immediate?: boolean;
}) {
  const [late, setLate] = useState(immediate);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.loading} role="status" aria-label="Loading">
      {late &&
        Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are alike and never move
          <span key={index} className={styles.bar} data-width={index % 4} />
        ))}
    </div>
  );
}

/** Says what belongs here and the next step, with its command or button. */
export function EmptyState({
  icon,
  title,
  children,
  command,
  action,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly command?: string;
  readonly action?: ReactNode;
}) {
  return (
    <div className={styles.message}>
      <Icon name={icon} size={22} />
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {command && <Command text={command} />}
      {action}
    </div>
  );
}

/** An error that stays inside its panel: what failed, why, and a way to try again. */
export function ErrorState({
  title,
  error,
  onRetry,
  retrying = false,
}: {
  readonly title: string;
  readonly error: Error;
  readonly onRetry?: () => void;
  readonly retrying?: boolean;
}) {
  return (
    <div className={styles.message} role="alert">
      <StatusIcon kind="failure" size={18} />
      <h3>{title}</h3>
      <p>{sentence(error.message)} The other panels are not affected.</p>
      {onRetry && (
        <Button icon="retry" busy={retrying} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A message that ends like a sentence. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** A line that tells something about what is below it. */
export function Note({
  kind,
  children,
  className,
}: {
  readonly kind: StatusKind;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}) {
  return (
    <div className={cx(styles.note, className)} data-st={kind}>
      <StatusIcon kind={kind} />
      <div className="grow">{children}</div>
    </div>
  );
}

/** Loading, error or stale around the data of a query; an error with older data keeps showing that data. */
export function QueryPanel<Data>({
  query,
  title,
  rows = 6,
  children,
}: {
  readonly query: UseQueryResult<Data, Error>;
  /** "Runs could not be loaded" */
  readonly title: string;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}) {
  if (query.data === undefined) {
    if (query.error) {
      const retry = () => void query.refetch();
      return <ErrorState title={title} error={query.error} onRetry={retry} retrying={query.isFetching} />;
    }
    return <LoadingRows rows={rows} />;
  }
  return (
    <>
      {query.error && (
        <Note kind="warn" className={styles.stale}>
          <b>
            Data of <Time at={query.dataUpdatedAt} seconds />.
          </b>{' '}
          {query.error.message} Trying again every 5 s.
        </Note>
      )}
      {children(query.data)}
    </>
  );
}
