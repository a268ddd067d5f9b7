import { canvasFont, token } from '../../components/canvas-colors';
import { statusColor } from '../../components/draw-mark';
import { drawStatusIcon } from '../../components/draw-status-icon';
import type { StatusKind } from '../../components/status';
import { drawEdges } from './draw-edges';
import type { LineageGraph, LineageNode } from './lineage-graph';
import type { View } from './lineage-view';

/** A stretch of the graph. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Highlight {
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  readonly focused: number | undefined;
  /** Boxes on the selected one's path; undefined highlights all. */
  readonly path: ReadonlySet<number> | undefined;
}

/** Below this scale boxes have a title alone, written larger; below the other one only a status. */
const wordScale = 0.45;
const titleScale = 0.16;
/** Pixels that a title has on the screen when boxes are small. */
const titleSize = 10;

export function drawLineage(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  graph: LineageGraph,
  view: View,
  highlight: Highlight,
): void {
  drawDots(context, size, view);
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  const left = -view.x / view.scale;
  const top = -view.y / view.scale;
  const right = left + size.width / view.scale;
  const bottom = top + size.height / view.scale;
  const visible = (box: { x: number; y: number; width: number; height: number }) =>
    box.x < right && box.x + box.width > left && box.y < bottom && box.y + box.height > top;
  for (const frame of graph.frames) {
    if (!visible(frame)) continue;
    context.fillStyle = token('--surface-2');
    context.strokeStyle = token('--border-strong');
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(frame.x, frame.y, frame.width, frame.height, 8);
    context.fill();
    context.stroke();
    if (view.scale < wordScale) continue;
    context.textBaseline = 'middle';
    context.font = canvasFont(12, 620);
    context.fillStyle = token('--text');
    const title = clip(context, frame.group, frame.width - 90);
    context.fillText(title, frame.x + 26, frame.y + 15);
    const width = context.measureText(title).width;
    context.font = canvasFont(11);
    context.fillStyle = token('--text-3');
    context.fillText(String(frame.count), frame.x + 33 + width, frame.y + 15);
    drawChevron(context, frame.x + 15, frame.y + 15, true);
  }
  drawEdges(context, graph, highlight.path, { left, top, right, bottom }, view.scale);
  graph.nodes.forEach((node, index) => {
    if (!visible(node)) return;
    const dimmed = highlight.path !== undefined && !highlight.path.has(index);
    drawNode(context, node, {
      dimmed,
      selected: index === highlight.selected,
      hovered: index === highlight.hovered,
      focused: index === highlight.focused,
      scale: view.scale,
    });
  });
  context.restore();
}

function drawDots(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  view: View,
): void {
  const gap = 24 * view.scale;
  if (gap < 10) return;
  context.fillStyle = token('--border');
  for (let x = ((view.x % gap) + gap) % gap; x < size.width; x += gap) {
    for (let y = ((view.y % gap) + gap) % gap; y < size.height; y += gap) context.fillRect(x, y, 1, 1);
  }
}

function drawChevron(context: CanvasRenderingContext2D, x: number, y: number, open: boolean): void {
  context.strokeStyle = token('--text-2');
  context.lineWidth = 1.5;
  context.beginPath();
  if (open) {
    context.moveTo(x - 4, y - 2);
    context.lineTo(x, y + 2);
    context.lineTo(x + 4, y - 2);
  } else {
    context.moveTo(x - 2, y - 4);
    context.lineTo(x + 2, y);
    context.lineTo(x - 2, y + 4);
  }
  context.stroke();
}

interface NodeLook {
  readonly dimmed: boolean;
  readonly selected: boolean;
  readonly hovered: boolean;
  readonly focused: boolean;
  readonly scale: number;
}

function drawNode(context: CanvasRenderingContext2D, node: LineageNode, look: NodeLook): void {
  const { x, y, width, height } = node;
  const words = look.scale >= wordScale;
  const titled = words || look.scale >= titleScale;
  context.globalAlpha = look.dimmed ? 0.45 : 1;
  if (!titled && !look.selected && !look.focused) {
    context.fillStyle = statusColor(node.status);
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    return;
  }
  if (node.isGroup) {
    context.fillStyle = token('--surface');
    context.strokeStyle = token('--border-strong');
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x + 4, y + 4, width, height, 8);
    context.fill();
    context.stroke();
  }
  context.fillStyle = token(look.hovered ? '--surface-2' : '--surface');
  context.strokeStyle = token(look.selected || look.focused ? '--accent' : '--border-strong');
  context.lineWidth = look.selected || look.focused ? 2.5 : 1;
  context.beginPath();
  context.roundRect(x, y, width, height, node.isGroup ? 8 : 6);
  context.fill();
  context.stroke();
  if (!node.isGroup || !words) {
    const bar = words ? 3 : titled ? 3 / look.scale : width;
    context.fillStyle = statusColor(node.status);
    context.beginPath();
    context.roundRect(x, y, bar, height, titled ? [6, 0, 0, 6] : 6);
    context.fill();
  }
  if (titled && !words) drawTitle(context, node, look.scale);
  if (words) {
    context.textBaseline = 'middle';
    if (node.isGroup) drawGroupWords(context, node);
    else drawAssetWords(context, node);
  }
  context.globalAlpha = 1;
}

/** The title alone, as large as can be read at a small scale and fits. */
function drawTitle(context: CanvasRenderingContext2D, node: LineageNode, scale: number): void {
  context.textBaseline = 'middle';
  context.font = canvasFont(Math.min(titleSize / scale, node.height - 4), node.isGroup ? 620 : 480);
  context.fillStyle = token('--text');
  const left = 7 / scale;
  context.fillText(
    clip(context, node.title, node.width - left - 3 / scale),
    node.x + left,
    node.y + node.height / 2,
  );
}

function drawAssetWords(context: CanvasRenderingContext2D, node: LineageNode): void {
  const [asset] = node.assets;
  if (!asset) return;
  drawStatusIcon(context, node.status, node.x + 11, node.y + 8);
  context.font = canvasFont(12, 520);
  context.fillStyle = token('--text');
  context.fillText(clip(context, node.title, node.width - 42), node.x + 31, node.y + 15.5);
  context.font = canvasFont(11);
  context.fillStyle = token(
    asset.status === 'success' || asset.status === 'missing' ? '--text-3' : textToken(asset.status),
  );
  const kind = asset.kinds[0] ?? '';
  context.fillText(clip(context, asset.detail, node.width - 80), node.x + 12, node.y + 33.5);
  context.fillStyle = token('--text-3');
  context.textAlign = 'right';
  context.fillText(clip(context, kind, 66), node.x + node.width - 9, node.y + 33.5);
  context.textAlign = 'left';
}

function textToken(kind: StatusKind): string {
  if (kind === 'failure') return '--st-failure-text';
  if (kind === 'stale' || kind === 'warn' || kind === 'late') return '--st-warn-text';
  if (kind === 'running' || kind === 'starting') return '--st-running-text';
  return '--text-3';
}

function drawGroupWords(context: CanvasRenderingContext2D, node: LineageNode): void {
  drawChevron(context, node.x + 15, node.y + 18, false);
  context.font = canvasFont(11);
  const countWidth = context.measureText(node.count).width;
  context.fillStyle = token('--text-3');
  context.fillText(node.count, node.x + node.width - 11 - countWidth, node.y + 18);
  context.font = canvasFont(12, 620);
  context.fillStyle = token('--text');
  context.fillText(clip(context, node.title, node.width - 52 - countWidth), node.x + 27, node.y + 18);
  const counts = Map.groupBy(node.assets, (asset) => asset.status);
  let x = node.x + 12;
  context.font = canvasFont(11);
  for (const [kind, list] of [...counts].sort((a, b) => b[1].length - a[1].length).slice(0, 4)) {
    drawStatusIcon(context, kind, x, node.y + 33, 12);
    context.fillStyle = token('--text-2');
    const text = String(list.length);
    context.fillText(text, x + 17, node.y + 39.5);
    x += 30 + context.measureText(text).width;
  }
}

/** Cuts the middle, so that the distinguishing end stays. */
function clip(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let keep = text.length;
  while (keep > 4) {
    keep -= 1;
    const tail = Math.ceil(keep * 0.6);
    const cut = `${text.slice(0, keep - tail)}…${text.slice(-tail)}`;
    if (context.measureText(cut).width <= width) return cut;
  }
  return text.slice(0, 3);
}
