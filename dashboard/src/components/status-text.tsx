import type { Status } from './status';
import { StatusIcon } from './status-icon';
import styles from './status-text.module.css';

/** Icon and word, as in table cells. */
export function StatusText({ status }: { readonly status: Status }) {
  return (
    <span className={styles.text} data-st={status.kind}>
      <StatusIcon kind={status.kind} />
      <span className={styles.word}>{status.word}</span>
    </span>
  );
}

/** Icon and word on a wash, as in headers. */
export function StatusBadge({ status }: { readonly status: Status }) {
  return (
    <span className={styles.badge} data-st={status.kind}>
      <StatusIcon kind={status.kind} size={12} />
      {status.word}
    </span>
  );
}
