import styles from './legend.module.css';
import type { LegendEntry } from './legend-entry';

/** What the bars of a chart mean: only those that it shows. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  return (
    <ul className={styles.legend} aria-label="Legend">
      {entries.map(({ kind, word, outlined }) => (
        <li key={word}>
          <span
            className={styles.swatch}
            data-kind={outlined ? `${kind}-outlined` : kind}
            aria-hidden="true"
          />
          {word}
        </li>
      ))}
    </ul>
  );
}
