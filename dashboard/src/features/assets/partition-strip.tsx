import { useMemo } from 'react';
import { token } from '../../components/canvas-colors';
import { statusColor } from '../../components/draw-mark';
import { formatCount } from '../../components/format/number';
import type { PartitionCell } from '../../components/partition-grid';
import { worstStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { useCanvas } from '../../components/use-canvas';
import styles from './asset-page.module.css';
import { statusWord } from './partition-rows';

/** A stretch of the strip is at least so wide, in pixels; it shows the worst of its partitions. */
const minStep = 3;

/** All partitions from the first to the last in one line; a press opens the one that is there. The list is its twin. */
export function PartitionStrip({
  cells,
  onOpen,
}: {
  readonly cells: readonly PartitionCell[];
  readonly onOpen: (partition: string) => void;
}) {
  const counts = useMemo(() => Map.groupBy(cells, ({ kind }) => kind), [cells]);
  const { ref } = useCanvas((context, width, height) => {
    const steps = Math.min(cells.length, Math.max(1, Math.floor(width / minStep)));
    for (let step = 0; step < steps; step += 1) {
      const from = Math.floor((step * cells.length) / steps);
      const to = Math.max(from + 1, Math.floor(((step + 1) * cells.length) / steps));
      const kind = worstStatus(cells.slice(from, to).map((cell) => cell.kind));
      const left = (step * width) / steps;
      const right = ((step + 1) * width) / steps;
      const gap = right - left > 6 ? 1 : 0;
      context.fillStyle = kind === 'missing' ? token('--surface-3') : statusColor(kind);
      const top = kind === 'failure' ? 0 : 3;
      context.fillRect(left, top, Math.max(1, right - left - gap), height - 2 * top);
    }
  });
  const words = (['success', 'failure', 'running', 'missing'] as const).flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0;
    return count > 0 ? [{ kind, text: `${formatCount(count)} ${statusWord(kind)}` }] : [];
  });
  return (
    <div className={styles.strip}>
      <canvas
        ref={ref}
        role="img"
        aria-label={`All partitions in their order: ${words.map(({ text }) => text).join(', ')}`}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const cell = cells[Math.floor(((event.clientX - box.left) / box.width) * cells.length)];
          if (cell) onOpen(cell.key);
        }}
      />
      <p className={styles.stripWords}>
        <span className="t3">{cells[0]?.key}</span>
        <span className={styles.stripCounts}>
          {words.map(({ kind, text }) => (
            <span key={kind} className="nowrap">
              <StatusIcon kind={kind} size={12} /> {text}
            </span>
          ))}
        </span>
        <span className="t3">{cells.at(-1)?.key}</span>
      </p>
    </div>
  );
}
