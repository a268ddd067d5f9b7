import { canvasFont, token } from '../../components/canvas-colors';
import { drawMark } from '../../components/draw-mark';
import { formatCount } from '../../components/format/number';
import { formatAxis, formatTime } from '../../components/format/time';
import type { StatusKind } from '../../components/status';
import { roundTimes } from '../../components/time-scale';
import { runCount, type TimelineMark, timelineMarks } from './timeline-marks';
import type { TimelineLine } from './timeline-rows';

/** Height of the axis, px. */
export const headHeight = 24;
/** Of what belongs together, px. */
const gap = 2;
const batch = 34;
const tick = 12;

export interface PlacedMark {
  readonly mark: TimelineMark;
  /** Its number from the top. */
  readonly line: number;
  readonly x: number;
  readonly width: number;
}

export interface TimelineDrawing {
  readonly lines: readonly TimelineLine[];
  readonly rowHeight: number;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly zone: string;
  readonly width: number;
  readonly height: number;
  readonly isFocused: (mark: PlacedMark) => boolean;
}

/** Draws the axis, now, and the marks of each line; answers where the marks are. */
export function drawTimeline(context: CanvasRenderingContext2D, drawing: TimelineDrawing): PlacedMark[] {
  const { lines, rowHeight, from, to, now, width, height } = drawing;
  const scale = width / (to - from);
  const x = (at: number) => (at - from) * scale;
  if (now < to) {
    context.fillStyle = token('--surface-2');
    context.fillRect(Math.max(0, x(now)), headHeight, width - Math.max(0, x(now)), height);
  }
  lines.forEach(({ kind }, index) => {
    if (kind !== 'group') return;
    context.fillStyle = token('--surface-2');
    context.fillRect(0, headHeight + index * rowHeight, width, rowHeight);
  });
  drawAxis(context, drawing, x);
  const placed: PlacedMark[] = [];
  lines.forEach(({ items }, line) => {
    const y = headHeight + line * rowHeight + rowHeight / 2;
    for (const mark of timelineMarks(items, { gap: gap / scale, batch: batch / scale, tick: tick / scale })) {
      if (mark.to < from || mark.from > to) continue;
      const left = Math.max(0, x(mark.from));
      const each = { mark, line, x: left, width: Math.max(4, Math.min(width, x(mark.to)) - left) };
      placed.push(each);
      drawMark(context, { kind: mark.kind, x: left, y, width: each.width });
      drawCount(context, each, y);
      if (drawing.isFocused(each)) drawFocus(context, each, y);
    }
  });
  drawNow(context, drawing, x(now));
  return placed.sort((a, b) => a.line - b.line || a.x - b.x);
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { from, to, now, zone, width, height }: TimelineDrawing,
  x: (at: number) => number,
): void {
  context.font = canvasFont(11);
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const offset = zoneOffsetMs(to, zone);
  for (const at of roundTimes(from, to, Math.max(2, Math.floor(width / 78)), offset)) {
    const line = Math.round(x(at)) + 0.5;
    context.strokeStyle = token('--viz-grid');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(line, headHeight);
    context.lineTo(line, height);
    context.stroke();
    if (Math.abs(line - x(now)) < 40 || line < 16 || line > width - 16) continue;
    context.fillStyle = token('--text-3');
    context.fillText(formatAxis(at, zone), line, headHeight / 2);
  }
}

const filled: ReadonlySet<StatusKind> = new Set(['success', 'failure', 'running', 'starting']);

/** How many runs a mark has, where it is wide enough to say so. */
function drawCount(context: CanvasRenderingContext2D, { mark, x, width }: PlacedMark, y: number): void {
  const count = runCount(mark);
  if (count < 2) return;
  const text = formatCount(count);
  context.font = canvasFont(10, 620);
  const room = context.measureText(text).width + 4;
  if (room > width) return;
  const isFilled = filled.has(mark.kind);
  if (!isFilled && mark.kind !== 'queued') {
    // Stripes are no ground for a number.
    context.fillStyle = token('--surface');
    context.fillRect(x + (width - room) / 2, y - 5, room, 10);
  }
  context.fillStyle = token(isFilled ? '--on-status' : '--text');
  context.fillText(text, x + width / 2, y + 0.5);
}

function drawFocus(context: CanvasRenderingContext2D, { mark, x, width }: PlacedMark, y: number): void {
  // Ticks are drawn around their instant, runs from it on.
  const isTick = runCount(mark) === 0;
  context.strokeStyle = token('--accent');
  context.lineWidth = 2;
  context.strokeRect(isTick ? x - 9 : x - 2.5, y - 12, isTick ? 18 : width + 5, 24);
}

function drawNow(
  context: CanvasRenderingContext2D,
  { from, to, now, zone, width, height }: TimelineDrawing,
  line: number,
): void {
  if (now < from || now > to) return;
  context.strokeStyle = token('--accent');
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(line, headHeight - 2);
  context.lineTo(line, height);
  context.stroke();
  const middle = Math.min(Math.max(line, 20), width - 20);
  context.fillStyle = token('--accent');
  context.beginPath();
  context.roundRect(middle - 20, 4, 40, 17, 3);
  context.fill();
  context.fillStyle = token('--surface');
  context.font = canvasFont(11, 520);
  context.fillText(formatTime(now, { zone, now }), middle, 13);
}

function zoneOffsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(
    parts.find((part) => part.type === 'timeZoneName')?.value ?? '',
  );
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}
