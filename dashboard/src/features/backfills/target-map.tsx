import { useEffect, useMemo, useRef, useState } from 'react';
import { canvasFont, token } from '../../components/canvas-colors';
import { truncateMiddle } from '../../components/format/number';
import { StatusIcon } from '../../components/status-icon';
import { useCanvas } from '../../components/use-canvas';
import styles from './backfill-page.module.css';
import { targetStatuses } from './backfill-progress';
import { drawTarget } from './draw-target';
import { shownStatuses, type TargetLine, worstTarget } from './target-lines';
import { TargetsInWords } from './targets-in-words';

const lineHeight = 18;
/** Height of the map at most, in pixels; beyond that it scrolls, and only what is in view is drawn. */
const tallest = 420;
/** Narrower cells share the room of one, which shows the worst of them. */
const minCell = 4;
const maxCell = 28;
/** Room for a label's character. */
const letter = 6.2;

/** Assets over partitions, a cell each; arrows move, the line below describes the cell. */
export function TargetMap({ lines }: { readonly lines: readonly TargetLine[] }) {
  const columns = Math.max(1, ...lines.map((line) => line.cells.length));
  const [at, setAt] = useState<readonly [number, number]>(() => firstCell(lines));
  const map = useRef<HTMLDivElement>(null);
  const longest = useMemo(() => Math.max(0, ...lines.map(({ label }) => label.length)), [lines]);
  const layout = (width: number) => {
    const labelWidth = Math.min(longest * letter + 14, width * 0.34);
    const exact = (width - labelWidth) / columns;
    const perCell = exact < minCell ? Math.ceil(minCell / exact) : 1;
    return { labelWidth, perCell, step: Math.min(maxCell, exact * perCell) };
  };
  useEffect(() => {
    const element = map.current;
    if (!element) return;
    const top = at[0] * lineHeight;
    if (top < element.scrollTop || top + lineHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
  }, [at]);

  const { ref, redraw } = useCanvas((context, width, height) => {
    const scrolled = map.current?.scrollTop ?? 0;
    const first = Math.floor(scrolled / lineHeight);
    context.translate(0, first * lineHeight - scrolled);
    context.font = canvasFont(11);
    context.textBaseline = 'middle';
    const { labelWidth, perCell, step } = layout(width);
    lines.slice(first, first + Math.ceil(height / lineHeight) + 1).forEach(({ label, cells }, index) => {
      const row = first + index;
      const top = index * lineHeight;
      context.fillStyle = token(row === at[0] ? '--text' : '--text-2');
      const room = Math.max(4, Math.floor((labelWidth - 10) / letter));
      context.fillText(truncateMiddle(label, room), 0, top + lineHeight / 2);
      for (let column = 0; column < cells.length; column += perCell) {
        const status = worstTarget(cells.slice(column, column + perCell));
        const box = {
          x: labelWidth + (column / perCell) * step,
          y: top + 2,
          width: Math.max(2, step - (step > 8 ? 2 : 1)),
          height: lineHeight - 4,
        };
        if (status) drawTarget(context, targetStatuses[status].kind, box);
        if (row !== at[0] || at[1] < column || at[1] >= column + perCell) continue;
        context.strokeStyle = token('--accent');
        context.lineWidth = 2;
        context.strokeRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
      }
    });
  });

  const move = (rows: number, step: number) => {
    const row = Math.min(lines.length - 1, Math.max(0, at[0] + rows));
    const last = (lines[row]?.cells.length ?? 1) - 1;
    setAt([row, Math.min(last, Math.max(0, at[1] + step))]);
  };
  const current = lines[at[0]]?.cells[at[1]];
  return (
    <div>
      <ul className={styles.legend} aria-label="Legend">
        {shownStatuses(lines).map((status) => (
          <li key={status}>
            <StatusIcon kind={targetStatuses[status].kind} size={12} />
            {targetStatuses[status].word}
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas cannot be a fieldset; arrows move, the status line tells the cell */}
      <div
        ref={map}
        className={styles.map}
        role="group"
        aria-label="Partitions of the backfill, arrow keys move"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the cells
        tabIndex={0}
        style={{ maxHeight: tallest }}
        onScroll={redraw}
        onKeyDown={(event) => {
          const ways: Readonly<Record<string, readonly [number, number]>> = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
          };
          const way = ways[event.key];
          if (!way) return;
          event.preventDefault();
          move(...way);
        }}
      >
        <div style={{ height: lines.length * lineHeight }}>
          <canvas
            ref={ref}
            style={{ height: Math.min(tallest, lines.length * lineHeight) }}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const { labelWidth, perCell, step } = layout(box.width);
              const scrolled = map.current?.scrollTop ?? 0;
              const row = Math.floor((event.clientY - box.top + scrolled) / lineHeight);
              const column = Math.floor((event.clientX - box.left - labelWidth) / step) * perCell;
              if (column >= 0 && column < (lines[row]?.cells.length ?? 0)) setAt([row, column]);
            }}
          />
        </div>
      </div>
      <TargetsInWords lines={lines} />
      <p className={styles.cell} aria-live="polite">
        {lines[at[0]]?.isAsset && <span className="t2">{lines[at[0]]?.label}</span>}
        {current ? (
          <>
            {current.partition && <b className="strong">{current.partition}</b>}
            <StatusIcon kind={targetStatuses[current.status].kind} />
            <span className="t2">{targetStatuses[current.status].word}</span>
          </>
        ) : (
          <span className="t3">not asked for</span>
        )}
      </p>
    </div>
  );
}

/** Where to begin: what failed first, else the last cell that something happened to. */
function firstCell(lines: readonly TargetLine[]): readonly [number, number] {
  for (const status of ['FAILED', 'REQUESTED', 'SUCCESS'] as const) {
    const row = lines.findIndex(({ cells }) => cells.some((cell) => cell?.status === status));
    if (row >= 0) return [row, lines[row]?.cells.findIndex((cell) => cell?.status === status) ?? 0];
  }
  return [0, 0];
}
