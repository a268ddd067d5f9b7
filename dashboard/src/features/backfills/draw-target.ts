import { token } from '../../components/canvas-colors';
import { statusColor } from '../../components/draw-mark';
import type { StatusKind } from '../../components/status';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Outlined: nothing was made, and nothing is wrong. */
const hollow: ReadonlySet<StatusKind> = new Set(['missing', 'skipped', 'canceled']);
/** Struck through: it will not be made. */
const slashed: ReadonlySet<StatusKind> = new Set(['failure', 'canceled', 'waiting']);

/** One partition: colour and shape say the same. */
export function drawTarget(context: CanvasRenderingContext2D, kind: StatusKind, box: Box): void {
  const { x, y, width, height } = box;
  context.beginPath();
  if (hollow.has(kind)) {
    context.roundRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1, 1.5);
    context.strokeStyle = statusColor(kind);
    context.lineWidth = 1;
    context.stroke();
  } else {
    context.roundRect(x, y, width, height, 1.5);
    context.fillStyle = statusColor(kind);
    context.fill();
  }
  if (!slashed.has(kind) || width < 4) return;
  context.strokeStyle = hollow.has(kind) ? statusColor(kind) : token('--on-status');
  context.lineWidth = kind === 'failure' ? 2 : 1.4;
  context.beginPath();
  context.moveTo(x + width * 0.25, y + height);
  context.lineTo(x + width * 0.75, y);
  context.stroke();
}
