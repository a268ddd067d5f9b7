import styles from './code-block.module.css';
import { CopyButton } from './copy-text';
import { ScrollRegion } from './scroll-region';

/** Text as it is: stack traces, YAML, metadata. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className={styles.block}>
      <ScrollRegion label={label}>
        <pre>{text}</pre>
      </ScrollRegion>
      <span className={styles.copy}>
        <CopyButton text={text} label={`Copy ${label}`} />
      </span>
    </div>
  );
}
