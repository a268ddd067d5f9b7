import { token } from './canvas-colors';
import { statusColor } from './draw-mark';
import type { StatusKind } from './status';

/** A status' silhouette on a canvas, in a box of 14 × 14 (or `size`) whose corner is at x, y. */
export function drawStatusIcon(
  context: CanvasRenderingContext2D,
  kind: StatusKind,
  x: number,
  y: number,
  size = 14,
): void {
  context.save();
  context.translate(x, y);
  context.scale(size / 14, size / 14);
  const color = kind === 'success' ? token('--st-success') : statusColor(kind);
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 1.5;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  shapes[kind](context);
  context.restore();
}

type Shape = (context: CanvasRenderingContext2D) => void;

function ring(context: CanvasRenderingContext2D, dash: readonly number[] = []): void {
  context.setLineDash([...dash]);
  context.beginPath();
  context.arc(7, 7, 5.6, 0, Math.PI * 2);
  context.stroke();
  context.setLineDash([]);
}

function lines(context: CanvasRenderingContext2D, path: string, glyph = false): void {
  if (glyph) {
    context.strokeStyle = token('--on-status');
    context.lineWidth = 1.7;
  }
  context.stroke(new Path2D(path));
}

const triangle: Shape = (context) => {
  const path = new Path2D('M7 1.2 13.4 12.6H.6z');
  context.fill(path);
  lines(context, 'M7 5.2v3.4M7 10.7h.01', true);
};

const shapes: Readonly<Record<StatusKind, Shape>> = {
  queued: (context) => {
    ring(context);
    lines(context, 'M7 4v3.2l2 1.3');
  },
  starting: (context) => {
    ring(context, [2.2, 2.2]);
    context.fill(new Path2D('M5.6 4.6 9.4 7l-3.8 2.4z'));
  },
  running: (context) => {
    context.globalAlpha *= 0.35;
    ring(context);
    context.globalAlpha /= 0.35;
    lines(context, 'M7 1.4A5.6 5.6 0 1 1 1.6 8.5');
    context.beginPath();
    context.arc(7, 7, 1.9, 0, Math.PI * 2);
    context.fill();
  },
  waiting: (context) => {
    context.beginPath();
    context.roundRect(0.8, 0.8, 12.4, 12.4, 3);
    context.fill();
    lines(context, 'M5.3 4.6v4.8M8.7 4.6v4.8', true);
  },
  retry: (context) => {
    context.beginPath();
    context.roundRect(0.8, 0.8, 12.4, 12.4, 3);
    context.fill();
    lines(context, 'M10 7a3 3 0 1 1-1-2.2L10 5.6M10 3.6v2H8', true);
  },
  success: (context) => {
    context.beginPath();
    context.arc(7, 7, 6.4, 0, Math.PI * 2);
    context.fill();
    lines(context, 'M4.2 7.2l2 2 3.6-4.2', true);
  },
  failure: (context) => {
    context.fill(new Path2D('M4.3.6h5.4l3.7 3.7v5.4l-3.7 3.7H4.3L.6 9.7V4.3z'));
    lines(context, 'M4.8 4.8l4.4 4.4M9.2 4.8 4.8 9.2', true);
  },
  canceling: (context) => {
    ring(context, [2.2, 2.2]);
    lines(context, 'M3.4 10.6l7.2-7.2');
  },
  canceled: (context) => {
    ring(context);
    lines(context, 'M3.2 10.8l7.6-7.6');
  },
  skipped: (context) => {
    context.beginPath();
    context.roundRect(1.3, 1.3, 11.4, 11.4, 3);
    context.stroke();
    lines(context, 'M4.6 4.6 7 7 4.6 9.4M7.4 4.6 9.8 7 7.4 9.4');
  },
  none: (context) => ring(context),
  expected: (context) => ring(context, [0.2, 2.4]),
  warn: triangle,
  late: triangle,
  missed: (context) => {
    lines(context, 'M7 1 13 7 7 13 1 7zM4.8 7h4.4');
  },
  stale: (context) => {
    ring(context);
    context.fill(new Path2D('M7 1.3a5.7 5.7 0 0 1 0 11.4z'));
  },
  missing: (context) => ring(context, [2, 2]),
};
