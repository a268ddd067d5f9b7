import type { StatusKind } from './status';
import styles from './tick-strip.module.css';

/** The latest ticks or runs as small bars, oldest first. The text beside it carries the meaning. */
export function TickStrip({
  ticks,
  label,
  slots,
}: {
  readonly ticks: readonly StatusKind[];
  readonly label: string;
  /** Fills up with dots to this many. */
  readonly slots?: number;
}) {
  const missing = Math.max(0, (slots ?? 0) - ticks.length);
  const all: readonly StatusKind[] = [...Array.from({ length: missing }, () => 'none' as const), ...ticks];
  return (
    <span className={styles.strip} role="img" aria-label={label}>
      {all.map((kind, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <i key={index} data-st={kind} />
      ))}
    </span>
  );
}
