import styles from './code-block.module.css';
import { CopyButton } from './copy-text';

/** Text as it is: stack traces, YAML, metadata. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll */}
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <span className={styles.copy}>
        <CopyButton text={text} label={`Copy ${label}`} />
      </span>
    </div>
  );
}
