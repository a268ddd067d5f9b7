import { useState } from 'react';
import styles from './copy-text.module.css';
import { cx } from './cx';
import { Icon } from './icon';

/** A copy button that says that it copied. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const name = copied ? 'Copied' : (label ?? `Copy ${text}`);
  return (
    <button
      type="button"
      className={cx('hit', styles.button)}
      aria-label={name}
      title={name}
      onClick={async (event) => {
        event.stopPropagation();
        event.preventDefault();
        await navigator.clipboard.writeText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 1_500);
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} size={13} />
    </button>
  );
}

/** An id, 8 characters in mono, that copies whole. */
export function CopyId({ id, length = 8 }: { readonly id: string; readonly length?: number }) {
  return (
    <span className={styles.id}>
      <span title={id}>{id.slice(0, length)}</span>
      <CopyButton text={id} label={`Copy ${id.slice(0, length)}`} />
    </span>
  );
}

/** A command to run, with a copy button. */
export function Command({ text }: { readonly text: string }) {
  return (
    <span className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} label="Copy command" />
    </span>
  );
}
