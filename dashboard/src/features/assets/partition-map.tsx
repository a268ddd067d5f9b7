import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { canvasFont, token } from '../../components/canvas-colors';
import { statusColor } from '../../components/draw-mark';
import { formatCount } from '../../components/format/number';
import type { StatusKind } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { useCanvas } from '../../components/use-canvas';
import styles from './asset-page.module.css';
import { type PartitionCell, type PartitionLine, partitionLines } from './partition-grid';

const lineHeight = 16;
const labelWidth = 62;
const words: Partial<Record<StatusKind, string>> = {
  success: 'materialized',
  failure: 'failed',
  running: 'materializing',
  missing: 'missing',
};

/** One cell per partition; arrows move, the line below describes the cell. */
export function PartitionMap({
  cells,
  onMaterialize,
}: {
  readonly cells: readonly PartitionCell[];
  readonly onMaterialize: ((keys: readonly string[]) => void) | undefined;
}) {
  const lines = useMemo(() => partitionLines(cells), [cells]);
  const columns = Math.max(1, ...lines.map((line) => line.cells.length));
  const [at, setAt] = useState(() => firstCell(lines));
  const map = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = map.current;
    if (!element) return;
    const top = at[0] * lineHeight;
    if (top < element.scrollTop || top + lineHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
  }, [at]);
  const current = lines[at[0]]?.cells[at[1]];
  const step = (width: number) => Math.min(28, (width - labelWidth) / columns);

  const { ref } = useCanvas((context, width) => {
    context.font = canvasFont(11);
    context.textBaseline = 'middle';
    const size = step(width);
    lines.forEach((line, row) => {
      const top = row * lineHeight;
      context.fillStyle = token('--text-3');
      context.fillText(line.label, 0, top + lineHeight / 2);
      line.cells.forEach((cell, column) => {
        const x = labelWidth + column * size;
        drawCell(context, cell.kind, x, top + 1, Math.max(2, size - 2), lineHeight - 3);
        if (row === at[0] && column === at[1]) {
          context.strokeStyle = token('--accent');
          context.lineWidth = 2;
          context.strokeRect(x - 1, top, Math.max(2, size - 2) + 2, lineHeight - 1);
        }
      });
    });
  });

  const move = (rows: number, cols: number) => {
    const row = Math.min(lines.length - 1, Math.max(0, at[0] + rows));
    const last = (lines[row]?.cells.length ?? 1) - 1;
    const column = at[1] + cols;
    if (column < 0 && row > 0) setAt([row - 1, (lines[row - 1]?.cells.length ?? 1) - 1]);
    else if (column > last && cols > 0 && row < lines.length - 1) setAt([row + 1, 0]);
    else setAt([row, Math.min(last, Math.max(0, column))]);
  };
  const counts = Map.groupBy(cells, (cell) => cell.kind);
  const holes = cells
    .filter((cell) => cell.kind === 'missing' || cell.kind === 'failure')
    .map((cell) => cell.key);
  return (
    <div>
      <ul className={styles.legend} aria-label="Partitions by status">
        {(['success', 'failure', 'running', 'missing'] as const).map((kind) => {
          const count = counts.get(kind)?.length ?? 0;
          return count > 0 ? (
            <li key={kind}>
              <StatusIcon kind={kind} size={12} />
              {formatCount(count)} {words[kind]}
            </li>
          ) : null;
        })}
        {onMaterialize && holes.length > 0 && (
          <li className="push">
            <Button small icon="backfills" onClick={() => onMaterialize(holes)}>
              Backfill {formatCount(holes.length)}…
            </Button>
          </li>
        )}
      </ul>
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas cannot be a fieldset; arrows move, the status line tells the cell */}
      <div
        ref={map}
        className={styles.map}
        role="group"
        aria-label="Partitions, arrow keys move"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the cells
        tabIndex={0}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, readonly [number, number]>> = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
          };
          const way = moves[event.key];
          if (!way) return;
          event.preventDefault();
          move(...way);
        }}
      >
        <canvas
          ref={ref}
          style={{ height: lines.length * lineHeight }}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const row = Math.floor((event.clientY - box.top) / lineHeight);
            const column = Math.floor((event.clientX - box.left - labelWidth) / step(box.width));
            if (lines[row]?.cells[column]) setAt([row, column]);
          }}
        />
      </div>
      {current && (
        <p className={styles.cell} aria-live="polite">
          <b className="strong">{current.key}</b>
          <StatusIcon kind={current.kind} />
          <span className="t2">{words[current.kind] ?? current.kind}</span>
          {onMaterialize && (
            <span className="push">
              <Button small icon="play" onClick={() => onMaterialize([current.key])}>
                Materialize {current.key}…
              </Button>
            </span>
          )}
        </p>
      )}
    </div>
  );
}

/** Where to begin: what failed last, else what was made last, else the end. */
function firstCell(lines: readonly PartitionLine[]): readonly [number, number] {
  for (const kind of ['failure', 'success'] as const) {
    const row = lines.findLastIndex((line) => line.cells.some((cell) => cell.kind === kind));
    if (row >= 0) return [row, lines[row]?.cells.findLastIndex((cell) => cell.kind === kind) ?? 0];
  }
  return [Math.max(0, lines.length - 1), Math.max(0, (lines.at(-1)?.cells.length ?? 1) - 1)];
}

function drawCell(
  context: CanvasRenderingContext2D,
  kind: StatusKind,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, 1.5);
  if (kind === 'missing') {
    context.strokeStyle = statusColor(kind);
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, 1.5);
    context.stroke();
    return;
  }
  context.fillStyle = statusColor(kind);
  context.fill();
  if (kind !== 'failure') return;
  context.strokeStyle = token('--on-status');
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x + width * 0.25, y + height);
  context.lineTo(x + width * 0.75, y);
  context.stroke();
}
