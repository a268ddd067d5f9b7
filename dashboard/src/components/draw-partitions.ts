import { canvasFont, token } from './canvas-colors';
import { statusColor } from './draw-mark';
import { truncateMiddle } from './format/number';
import type { PartitionCell, PartitionGrid } from './partition-grid';
import type { StatusKind } from './status';

/** Sizes of a heat map, in pixels. */
export interface MapSizes {
  readonly label: number;
  readonly head: number;
  readonly line: number;
  /** Width of a cell with the room to the next one. */
  readonly cell: number;
}

export interface MapScroll {
  readonly left: number;
  readonly top: number;
}

const lineHeight = 16;
const widestCell = 28;
const narrowestCell = 6;
/** Of a row's name; a longer one gives up its middle. */
const mostLetters = 17;
/** What a letter of a row's name takes at most, on average, in pixels. */
const letterWidth = 6.5;

/** Sizes for a box: cells share its width, as far as they stay wide enough to be hit. */
export function mapSizes({ lines, axis }: PartitionGrid, width: number): MapSizes {
  const columns = Math.max(1, ...lines.map((line) => line.cells.length));
  const longest = Math.min(mostLetters, Math.max(...lines.map((line) => line.label.length)));
  const label = axis ? 14 + longest * letterWidth : 62;
  const cell = Math.max(narrowestCell, Math.min(widestCell, (width - label) / columns));
  return { label, head: axis ? 18 : 0, line: lineHeight, cell };
}

/** What is in view of a heat map, whatever its whole size; labels and axis stay when it is scrolled. */
export function drawPartitions(
  context: CanvasRenderingContext2D,
  box: { readonly width: number; readonly height: number },
  { lines, axis }: PartitionGrid,
  { label, head, line, cell: size }: MapSizes,
  scroll: MapScroll,
  isMarked: (row: number, column: number, cell: PartitionCell) => boolean,
): void {
  context.font = canvasFont(11);
  context.textBaseline = 'middle';
  const firstRow = Math.max(0, Math.floor(scroll.top / line));
  const lastRow = Math.min(lines.length - 1, Math.floor((scroll.top + box.height - head) / line));
  const firstColumn = Math.max(0, Math.floor(scroll.left / size));
  const lastColumn = Math.floor((scroll.left + box.width - label) / size);
  const leftOf = (column: number) => label + column * size - scroll.left;
  context.save();
  context.beginPath();
  context.rect(label - 1, head, box.width, box.height);
  context.clip();
  for (let row = firstRow; row <= lastRow; row += 1) {
    const top = head + row * line - scroll.top;
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const cell = lines[row]?.cells[column];
      if (!cell) break;
      const x = leftOf(column);
      const width = Math.max(2, size - 2);
      drawCell(context, cell.kind, x, top + 1, width, line - 3);
      if (!isMarked(row, column, cell)) continue;
      context.strokeStyle = token('--accent');
      context.lineWidth = 2;
      context.strokeRect(x - 1, top, width + 2, line - 1);
    }
  }
  context.restore();
  context.save();
  context.beginPath();
  context.rect(0, head, label - 2, box.height);
  context.clip();
  context.fillStyle = token('--text-3');
  for (let row = firstRow; row <= lastRow; row += 1) {
    const text = lines[row]?.label ?? '';
    const middle = head + row * line - scroll.top + line / 2;
    context.fillText(axis ? truncateMiddle(text, mostLetters) : text, 0, middle);
  }
  context.restore();
  if (axis) drawAxis(context, axis, box.width, label, firstColumn, lastColumn, leftOf);
}

/** Names of the columns, as many as there is room for; the last one ends where the map ends. */
function drawAxis(
  context: CanvasRenderingContext2D,
  axis: readonly string[],
  width: number,
  left: number,
  firstColumn: number,
  lastColumn: number,
  leftOf: (column: number) => number,
): void {
  context.fillStyle = token('--text-3');
  let free = left;
  for (let column = firstColumn; column <= Math.min(lastColumn, axis.length - 1); column += 1) {
    const x = leftOf(column);
    const text = truncateMiddle(axis[column] ?? '', 14);
    const length = context.measureText(text).width;
    if (x < free || x + length > width) continue;
    context.fillText(text, x, 8);
    free = x + length + 14;
  }
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
  if (kind === 'missing') {
    context.strokeStyle = statusColor(kind);
    context.lineWidth = 1;
    context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, 1.5);
    context.stroke();
    return;
  }
  context.roundRect(x, y, width, height, 1.5);
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
