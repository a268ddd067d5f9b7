import styles from './meter.module.css';
import type { StatusKind } from './status';

/** A share of a whole in parts; the text beside it tells the numbers. */
export function Meter({
  parts,
  total,
  label,
}: {
  readonly parts: readonly { readonly kind: StatusKind; readonly value: number }[];
  readonly total: number;
  readonly label: string;
}) {
  return (
    <span className={styles.meter} role="img" aria-label={label}>
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <i
            key={part.kind}
            data-st={part.kind}
            style={{ width: `${(part.value / Math.max(1, total)) * 100}%` }}
          />
        ))}
    </span>
  );
}
