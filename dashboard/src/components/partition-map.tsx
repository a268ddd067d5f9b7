import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from './button';
import { canvasFont, token } from './canvas-colors';
import { statusColor } from './draw-mark';
import { formatCount, plural, truncateMiddle } from './format/number';
import {
  cellsBetween,
  type PartitionCell,
  type PartitionGrid,
  partitionGrid,
  partitionSpans,
} from './partition-grid';
import styles from './partition-map.module.css';
import type { StatusKind } from './status';
import { StatusIcon } from './status-icon';
import { useCanvas } from './use-canvas';

const lineHeight = 16;
const widestCell = 28;
const words: Partial<Record<StatusKind, string>> = {
  success: 'materialized',
  failure: 'failed',
  running: 'materializing',
  missing: 'missing',
  none: 'not a partition',
};
type Place = readonly [row: number, column: number];

/**
 * One cell per partition; arrows move, with Shift they select; the line below describes the cell or the selection.
 * Two dimensions are a table of rows and columns.
 */
export function PartitionMap({
  cells,
  verb = 'Materialize',
  onMaterialize,
  onWipe,
}: {
  readonly cells: readonly PartitionCell[];
  /** What `onMaterialize` does, as a button says it. */
  readonly verb?: string;
  readonly onMaterialize: ((keys: readonly string[]) => void) | undefined;
  readonly onWipe?: ((keys: readonly string[]) => void) | undefined;
}) {
  const grid = useMemo(() => partitionGrid(cells), [cells]);
  const { lines, axis } = grid;
  const columns = Math.max(1, ...lines.map((line) => line.cells.length));
  const [at, setAt] = useState(() => firstCell(grid));
  const [anchor, setAnchor] = useState<Place>();
  const labelWidth = axis ? 116 : 62;
  const headHeight = axis ? 18 : 0;
  const narrowest = axis ? 6 : 0;
  const map = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = map.current;
    if (!element) return;
    const top = headHeight + at[0] * lineHeight;
    if (top < element.scrollTop || top + lineHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
    const left = labelWidth + (at[1] * (element.scrollWidth - labelWidth)) / columns;
    if (
      element.scrollWidth > element.clientWidth &&
      (left < element.scrollLeft + labelWidth || left > element.scrollLeft + element.clientWidth - 20)
    )
      element.scrollLeft = left - element.clientWidth / 2;
  }, [at, columns, headHeight, labelWidth]);
  const selected = useMemo(
    () => (anchor ? cellsBetween(grid, anchor, at).filter((cell) => cell.kind !== 'none') : []),
    [grid, anchor, at],
  );
  const current = lines[at[0]]?.cells[at[1]];
  const step = (width: number) => Math.max(narrowest, Math.min(widestCell, (width - labelWidth) / columns));

  const { ref } = useCanvas((context, width) => {
    context.font = canvasFont(11);
    context.textBaseline = 'middle';
    const size = step(width);
    const chosen = new Set(selected.map((cell) => cell.key));
    if (axis) drawAxis(context, axis, labelWidth, size);
    lines.forEach((line, row) => {
      const top = headHeight + row * lineHeight;
      context.fillStyle = token('--text-3');
      context.fillText(axis ? truncateMiddle(line.label, 17) : line.label, 0, top + lineHeight / 2);
      line.cells.forEach((cell, column) => {
        const x = labelWidth + column * size;
        const box = [x, top + 1, Math.max(2, size - 2), lineHeight - 3] as const;
        drawCell(context, cell.kind, ...box);
        if ((row === at[0] && column === at[1]) || chosen.has(cell.key)) {
          context.strokeStyle = token('--accent');
          context.lineWidth = 2;
          context.strokeRect(x - 1, top, box[2] + 2, lineHeight - 1);
        }
      });
    });
  });

  const goTo = (place: Place, extend: boolean) => {
    setAnchor(extend ? (anchor ?? at) : undefined);
    setAt(place);
  };
  const move = (rows: number, cols: number, extend: boolean) => {
    const row = Math.min(lines.length - 1, Math.max(0, at[0] + rows));
    const last = (lines[row]?.cells.length ?? 1) - 1;
    const column = at[1] + cols;
    if (!axis && column < 0 && row > 0) goTo([row - 1, (lines[row - 1]?.cells.length ?? 1) - 1], extend);
    else if (!axis && column > last && cols > 0 && row < lines.length - 1) goTo([row + 1, 0], extend);
    else goTo([row, Math.min(last, Math.max(0, column))], extend);
  };
  const counts = Map.groupBy(cells, (cell) => cell.kind);
  const holes = cells
    .filter((cell) => cell.kind === 'missing' || cell.kind === 'failure')
    .map((cell) => cell.key);
  const shown = selected.length > 1 ? selected.map((cell) => cell.key) : current ? [current.key] : [];
  const name = shown.length > 1 ? formatCount(shown.length) : (shown[0] ?? '');
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
        aria-label="Partitions, arrow keys move, Shift selects"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the cells
        tabIndex={0}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, Place>> = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
          };
          const way = moves[event.key];
          if (!way) return;
          event.preventDefault();
          move(way[0], way[1], event.shiftKey);
        }}
      >
        <canvas
          ref={ref}
          style={{
            height: headHeight + lines.length * lineHeight,
            minWidth: axis ? labelWidth + columns * narrowest : undefined,
          }}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const row = Math.floor((event.clientY - box.top - headHeight) / lineHeight);
            const column = Math.floor((event.clientX - box.left - labelWidth) / step(box.width));
            if (lines[row]?.cells[column]) goTo([row, column], event.shiftKey);
          }}
        />
      </div>
      <ul className="hidden-visually" aria-label="Partitions in words">
        {partitionSpans(cells)
          .slice(0, 100)
          .map((span) => (
            <li key={span.from}>
              {span.from === span.to ? span.from : `${span.from} to ${span.to}`}: {words[span.kind]}
            </li>
          ))}
      </ul>
      {current && (
        <div className={styles.cell} aria-live="polite">
          {shown.length > 1 ? (
            <>
              <b className="strong">{plural(shown.length, 'partition')}</b>
              <span className="t2">
                {shown[0]} to {shown.at(-1)}
              </span>
            </>
          ) : (
            <>
              <b className="strong">{current.key}</b>
              <StatusIcon kind={current.kind} />
              <span className="t2">{words[current.kind] ?? current.kind}</span>
            </>
          )}
          <span className="push" />
          {onWipe && (
            <Button small look="danger" onClick={() => onWipe(shown)}>
              Wipe {name}…
            </Button>
          )}
          {onMaterialize && (
            <Button small icon="play" onClick={() => onMaterialize(shown)}>
              {verb} {name}…
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** Where to begin: what failed last, else what was made last, else the end. */
function firstCell({ lines }: PartitionGrid): Place {
  for (const kind of ['failure', 'success'] as const) {
    const row = lines.findLastIndex((line) => line.cells.some((cell) => cell.kind === kind));
    if (row >= 0) return [row, lines[row]?.cells.findLastIndex((cell) => cell.kind === kind) ?? 0];
  }
  return [Math.max(0, lines.length - 1), Math.max(0, (lines.at(-1)?.cells.length ?? 1) - 1)];
}

/** Names of the columns, as many as there is room for. */
function drawAxis(
  context: CanvasRenderingContext2D,
  axis: readonly string[],
  left: number,
  size: number,
): void {
  context.fillStyle = token('--text-3');
  let free = left;
  axis.forEach((name, column) => {
    const x = left + column * size;
    if (x < free) return;
    const text = truncateMiddle(name, 14);
    context.fillText(text, x, 8);
    free = x + context.measureText(text).width + 14;
  });
}

function drawCell(
  context: CanvasRenderingContext2D,
  kind: StatusKind,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (kind === 'none') return;
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
