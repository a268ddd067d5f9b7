import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { canvasFont, token } from '../../components/canvas-colors';
import { cx } from '../../components/cx';
import { drawMark } from '../../components/draw-mark';
import { formatDuration } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { StatusIcon } from '../../components/status-icon';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { roundTimes } from '../../components/time-scale';
import { useCanvas } from '../../components/use-canvas';
import { useNarrow } from '../../components/use-media';
import styles from './gantt.module.css';
import type { GanttRow } from './gantt-layout';
import type { GanttProps } from './gantt-props';
import { stepWords as words } from './gantt-props';

export const rowHeight = 24;
/** Room for the arrow of a bar that still runs; the axis keeps it too. */
const rightMargin = 12;

export function Chart(
  props: GanttProps & {
    readonly rows: readonly GanttRow[];
    readonly onZoomBy: (factor: number, at: number) => void;
  },
) {
  const { layout, rows, live } = props;
  const narrow = useNarrow();
  const nameWidth = narrow ? 150 : 300;
  const scroller = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<{ row: number; x: number; at: number }>();
  const isTimed = layout.axis === 'time';
  const [zoomFrom, zoomTo] = (isTimed && props.zoom) || [0, 1];
  const span = layout.to - layout.from;
  const from = layout.from + span * zoomFrom;
  const to = layout.from + span * zoomTo;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });

  const ticks = useMemo(
    () => (isTimed ? axis(from, to, layout.from, narrow ? 270 : 720) : []),
    [isTimed, from, to, layout.from, narrow],
  );
  const isPale = (row: GanttRow): boolean =>
    props.chosen !== undefined && row.stepKey !== undefined && !props.chosen.has(row.stepKey);
  const { ref, redraw } = useCanvas((context, width, height) => {
    const scale = (width - rightMargin) / Math.max(1, to - from);
    const x = (at: number) => (at - from) * scale;
    context.strokeStyle = token('--viz-grid');
    context.lineWidth = 1;
    for (const at of ticks) {
      const line = Math.round(x(at)) + 0.5;
      context.beginPath();
      context.moveTo(line, 0);
      context.lineTo(line, height);
      context.stroke();
    }
    const top = scroller.current?.scrollTop ?? 0;
    const first = Math.floor(top / rowHeight);
    const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight));
    for (let index = first; index < last; index += 1) {
      const row = rows[index];
      if (!row) continue;
      const y = index * rowHeight - top + rowHeight / 2;
      context.globalAlpha = isPale(row) ? 0.35 : 1;
      for (const bar of row.bars) {
        const start = x(bar.from);
        const end = x(bar.to);
        if (end < -8 || start > width + 8) continue;
        const left = Math.max(-8, start);
        drawMark(context, {
          kind: bar.kind,
          x: left,
          y,
          width: Math.min(width + 8, end) - left,
          outlined: bar.outlined,
        });
      }
      if (isTimed) drawLabel(context, row, y, x, width);
    }
    context.globalAlpha = 1;
    if (live && isTimed) {
      const line = x(layout.to);
      context.strokeStyle = token('--accent');
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(line, 0);
      context.lineTo(line, height);
      context.stroke();
    }
  });

  const hovered = hover ? rows[hover.row] : undefined;
  const bar = hovered?.bars.find((each) => hover && each.from <= hover.at && each.to >= hover.at);
  const height = Math.min(rows.length, 13) * rowHeight;

  return (
    <>
      <div className={styles.axis} style={{ paddingLeft: nameWidth }}>
        <span className={styles.count}>
          {plural(rows.filter((row) => row.stepKey !== undefined).length, 'step')}
        </span>
        {!isTimed && <span className={styles.levels}>what waits for nothing first; widths say nothing</span>}
        <span className={styles.ticks} aria-hidden="true">
          {ticks
            .filter((at) => (at - from) / (to - from) < 0.96)
            .map((at) => (
              <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
                {at === layout.from ? '0 s' : formatDuration(at - layout.from).replace(/m 00s$/, 'm')}
              </span>
            ))}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the step buttons are the keyboard's way */}
      <div
        ref={scroller}
        className={styles.scroller}
        style={{ height }}
        onScroll={redraw}
        onWheel={(event) => {
          if (!isTimed || (!event.ctrlKey && !event.metaKey)) return;
          const box = event.currentTarget.getBoundingClientRect();
          const at = (event.clientX - box.left - nameWidth) / Math.max(1, box.width - nameWidth);
          props.onZoomBy(event.deltaY > 0 ? 1.2 : 1 / 1.2, Math.min(1, Math.max(0, at)));
        }}
        onMouseMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const x = event.clientX - box.left - nameWidth;
          const y = event.clientY - box.top + event.currentTarget.scrollTop;
          const width = Math.max(1, box.width - nameWidth - rightMargin);
          setHover(
            x < 0 ? undefined : { row: Math.floor(y / rowHeight), x, at: from + (x / width) * (to - from) },
          );
        }}
        onMouseLeave={() => setHover(undefined)}
      >
        <div className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const current = row.stepKey !== undefined && row.stepKey === props.selected;
            return (
              <button
                key={row.stepKey ?? row.label}
                type="button"
                className={cx(styles.row, current && styles.current, isPale(row) && styles.pale)}
                style={{ transform: `translateY(${item.start}px)` }}
                aria-pressed={row.stepKey === undefined ? undefined : current}
                onClick={() => props.onSelect(current ? undefined : row.stepKey)}
              >
                <span className={styles.name} style={{ width: nameWidth }}>
                  <StatusIcon kind={row.kind} label={words[row.kind] ?? row.kind} />
                  <span className="ellipsis" title={row.label}>
                    {row.label}
                  </span>
                  {row.tries > 1 && !narrow && <Tag value={`${row.tries} tries`} />}
                  <span className={styles.length}>{formatDuration(row.duration)}</span>
                </span>
              </button>
            );
          })}
        </div>
        <div
          className={styles.layer}
          style={{ height, marginTop: -virtualizer.getTotalSize(), paddingLeft: nameWidth }}
        >
          <canvas ref={ref} className={styles.canvas} />
        </div>
      </div>
      {bar && hover && hovered && (
        <div
          className={styles.card}
          style={{
            left: Math.min(nameWidth + hover.x + 12, 1_000),
            top: hover.row * rowHeight + 72 - (scroller.current?.scrollTop ?? 0),
          }}
        >
          <div className="row">
            <StatusIcon kind={bar.kind} />
            <b className="strong">{hovered.label}</b>
            <span className="t2">{formatDuration(isTimed ? bar.to - bar.from : hovered.duration)}</span>
          </div>
          {bar.text && <div className="t2">{bar.text}</div>}
          <div className="t2">
            <Time at={isTimed ? bar.from : hovered.startedAt} milliseconds />
          </div>
        </div>
      )}
    </>
  );
}

export function axis(from: number, to: number, zero: number, width: number): number[] {
  return roundTimes(from, to, Math.max(2, Math.floor(width / 90)), -zero).filter((at) => at >= from);
}

/** What a bar cannot say: why it waited, or that it never started. */
export function drawLabel(
  context: CanvasRenderingContext2D,
  row: GanttRow,
  y: number,
  x: (at: number) => number,
  width: number,
): void {
  const last = row.bars.at(-1);
  if (!last) return;
  const waited = row.bars
    .filter((bar) => bar.kind === 'retry')
    .reduce((sum, bar) => sum + bar.to - bar.from, 0);
  const text =
    row.bars[0]?.kind === 'queued'
      ? `queued ${formatDuration(row.duration)}`
      : row.kind === 'failure' && row.tries > 1
        ? `failed on all ${row.tries} tries`
        : waited > 0
          ? `waited ${formatDuration(waited)} before trying again`
          : '';
  const at = x(last.to) + 12;
  if (!text || at > width - 60) return;
  context.font = canvasFont(11);
  context.fillStyle = token('--text-2');
  context.textBaseline = 'middle';
  context.fillText(text, at, y + 0.5);
}
