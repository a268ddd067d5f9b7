import { token } from './canvas-colors';
import type { StatusKind } from './status';

const statusToken: Readonly<Record<StatusKind, string>> = {
  queued: 'queued',
  starting: 'running',
  running: 'running',
  waiting: 'waiting',
  retry: 'waiting',
  success: 'success',
  failure: 'failure',
  canceling: 'off',
  canceled: 'off',
  skipped: 'none',
  none: 'none',
  expected: 'none',
  warn: 'warn',
  late: 'warn',
  missed: 'failure',
  stale: 'warn',
  missing: 'none',
};

/** Solid colour of a status in the current theme. */
export function statusColor(kind: StatusKind): string {
  return token(kind === 'success' ? '--st-success-bar' : `--st-${statusToken[kind]}`);
}

export interface Mark {
  readonly kind: StatusKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** An earlier try that failed: outlined. */
  readonly outlined?: boolean;
}

/**
 * One bar on a time axis, centred on `y`. Each status has its own look beside its colour: failure is taller,
 * waiting hatched, canceled slashed, queued and skipped hollow, running ends in an arrow; a tick that is late is a
 * triangle, a missed one a hollow diamond.
 */
export function drawMark(context: CanvasRenderingContext2D, mark: Mark): void {
  const { kind, x, y } = mark;
  const width = Math.max(3, mark.width);
  const failed = kind === 'failure';
  const height = failed && !mark.outlined ? 20 : 14;
  const top = y - height / 2;
  const color = statusColor(kind);
  if (kind === 'expected') {
    context.strokeStyle = color;
    context.lineWidth = 1.2;
    context.setLineDash([1, 2.2]);
    context.beginPath();
    context.arc(x, y, 5, 0, Math.PI * 2);
    context.stroke();
    context.setLineDash([]);
    return;
  }
  if (kind === 'missed' || kind === 'late') {
    context.beginPath();
    context.moveTo(x, y - 7);
    context.lineTo(x + 7, kind === 'late' ? y + 6 : y);
    if (kind === 'missed') context.lineTo(x, y + 7);
    context.lineTo(x - 7, kind === 'late' ? y + 6 : y);
    context.closePath();
    context.fillStyle = kind === 'late' ? color : token('--surface');
    context.fill();
    context.strokeStyle = color;
    context.lineWidth = 1.6;
    context.stroke();
    return;
  }
  const hollow =
    mark.outlined || kind === 'queued' || kind === 'skipped' || kind === 'none' || kind === 'missing';
  context.beginPath();
  context.roundRect(x, top, width, height, 2);
  if (hollow) {
    context.fillStyle = token(`--st-${statusToken[kind]}-tint`);
    context.fill();
    context.strokeStyle = color;
    context.lineWidth = 1.3;
    context.beginPath();
    context.roundRect(x + 0.65, top + 0.65, Math.max(1.7, width - 1.3), height - 1.3, 1.5);
    context.stroke();
    return;
  }
  if (kind === 'waiting' || kind === 'retry' || kind === 'canceled' || kind === 'canceling') {
    drawHatched(context, { x, top, width, height, color, wide: kind.startsWith('cancel') });
    return;
  }
  context.fillStyle = color;
  context.fill();
  if (kind === 'running' || kind === 'starting') {
    context.beginPath();
    context.moveTo(x + width, top);
    context.lineTo(x + width + 5, y);
    context.lineTo(x + width, top + height);
    context.fill();
  }
}

function drawHatched(
  context: CanvasRenderingContext2D,
  box: { x: number; top: number; width: number; height: number; color: string; wide: boolean },
): void {
  const { x, top, width, height, color, wide } = box;
  context.save();
  context.clip();
  context.fillStyle = token(wide ? '--surface' : '--st-waiting-tint');
  context.fillRect(x, top, width, height);
  context.strokeStyle = color;
  context.lineWidth = wide ? 4.5 : 1.8;
  const gap = wide ? 8 : 5;
  context.beginPath();
  for (let at = x - height; at < x + width + height; at += gap) {
    context.moveTo(at, top + height);
    context.lineTo(at + height, top);
  }
  context.stroke();
  context.restore();
  if (wide) return;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, top + 0.5, width - 1, height - 1);
}
