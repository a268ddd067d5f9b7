import { token } from '../../components/canvas-colors';
import type { Area } from './draw-lineage';
import { bendX, type LineageEdge, type LineageGraph, type LineageNode } from './lineage-graph';

/** Below this scale a line is straight and has no tip: nobody could see the difference, and it is drawn at once. */
const curvedScale = 0.16;
/** Lines of one stroke: the work of a stroke grows faster than its length. */
const atOnce = 100;

type Trace = (context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge) => void;

/** Statuses of a box that make what comes from it doubtful. */
const doubtful: ReadonlySet<LineageNode['status']> = new Set(['failure', 'stale', 'missing', 'warn', 'late']);

/**
 * The lines in view: first those beside the focus path, all in one stroke, then those on it. On the path a line from
 * a box that is not fresh is dashed.
 */
export function drawEdges(
  context: CanvasRenderingContext2D,
  graph: LineageGraph,
  path: ReadonlySet<number> | undefined,
  area: Area,
  scale: number,
): void {
  const weak: LineageEdge[] = [];
  const strong: LineageEdge[] = [];
  const dashed: LineageEdge[] = [];
  for (const edge of graph.edges) {
    if (!isInView(graph, edge, area)) continue;
    const onPath = path?.has(edge.from) && path.has(edge.to);
    const source = graph.nodes[edge.from];
    if (!onPath) weak.push(edge);
    else if (source && doubtful.has(source.status)) dashed.push(edge);
    else strong.push(edge);
  }
  const trace = scale < curvedScale ? traceLine : traceEdge;
  const widen = scale < curvedScale ? 0.5 / scale : 1 / Math.min(1, Math.max(0.5, scale));
  stroke(context, graph, weak, '--border-strong', 1.2 * widen, trace);
  stroke(context, graph, strong, '--accent', 1.8 * widen, trace);
  context.setLineDash([5 * widen, 4 * widen]);
  stroke(context, graph, dashed, '--st-warn', 1.8 * widen, trace);
  context.setLineDash([]);
}

function isInView(graph: LineageGraph, edge: LineageEdge, area: Area): boolean {
  const from = graph.nodes[edge.from];
  const to = graph.nodes[edge.to];
  if (!from || !to) return false;
  if (Math.max(from.x, to.x) + from.width < area.left || Math.min(from.x, to.x) > area.right) return false;
  let top = Math.min(from.y, to.y);
  let bottom = Math.max(from.y, to.y) + from.height;
  for (const bend of edge.bends) {
    top = Math.min(top, bend);
    bottom = Math.max(bottom, bend);
  }
  return bottom >= area.top && top <= area.bottom;
}

function stroke(
  context: CanvasRenderingContext2D,
  graph: LineageGraph,
  edges: readonly LineageEdge[],
  color: string,
  width: number,
  trace: Trace,
): void {
  context.strokeStyle = token(color);
  context.fillStyle = context.strokeStyle;
  context.lineWidth = width;
  for (let at = 0; at < edges.length; at += atOnce) {
    const batch = edges.slice(at, at + atOnce);
    context.beginPath();
    for (const edge of batch) trace(context, graph, edge);
    context.stroke();
    if (trace === traceLine) continue;
    context.beginPath();
    for (const edge of batch) traceTip(context, graph, edge);
    context.fill();
  }
}

function traceLine(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const from = graph.nodes[edge.from];
  const to = graph.nodes[edge.to];
  if (!from || !to) return;
  context.moveTo(from.x + from.width, from.y + from.height / 2);
  context.lineTo(to.x, to.y + to.height / 2);
}

function traceEdge(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const from = graph.nodes[edge.from];
  const to = graph.nodes[edge.to];
  if (!from || !to) return;
  const forward = to.layer > from.layer;
  const endX = forward ? to.x : to.x + to.width;
  const endY = to.y + to.height / 2;
  let x = forward ? from.x + from.width : from.x;
  let y = from.y + from.height / 2;
  context.moveTo(x, y);
  edge.bends.forEach((bendY, step) => {
    const nextX = forward ? bendX(from, step) : bendX(to, edge.bends.length - 1 - step);
    const half = (nextX - x) / 2;
    context.bezierCurveTo(x + half, y, nextX - half, bendY, nextX, bendY);
    x = nextX;
    y = bendY;
  });
  const half = (endX - x) / 2;
  context.bezierCurveTo(x + half, y, endX - half, endY, endX - (forward ? 5 : -5), endY);
}

function traceTip(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const from = graph.nodes[edge.from];
  const to = graph.nodes[edge.to];
  if (!from || !to) return;
  const forward = to.layer > from.layer;
  const tip = forward ? 1 : -1;
  const x = forward ? to.x : to.x + to.width;
  const y = to.y + to.height / 2;
  context.moveTo(x - tip, y);
  context.lineTo(x - 7 * tip, y - 3.5);
  context.lineTo(x - 7 * tip, y + 3.5);
}
