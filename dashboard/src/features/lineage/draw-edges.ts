import { token } from '../../components/canvas-colors';
import type { Area } from './draw-lineage';
import {
  bendAt,
  extentOf,
  type Flow,
  type LineageEdge,
  type LineageGraph,
  type LineageNode,
} from './lineage-graph';

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
  let { left, top, right, bottom } = {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x + from.width, to.x + to.width),
    bottom: Math.max(from.y + from.height, to.y + to.height),
  };
  for (const bend of edge.bends) {
    if (graph.flow === 'down') {
      left = Math.min(left, bend);
      right = Math.max(right, bend);
    } else {
      top = Math.min(top, bend);
      bottom = Math.max(bottom, bend);
    }
  }
  return right >= area.left && left <= area.right && bottom >= area.top && top <= area.bottom;
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

/** The ends of an edge, along the flow and across it; `tip` is the way in which it arrives. */
function endsOf({ nodes, flow }: LineageGraph, edge: LineageEdge) {
  const source = nodes[edge.from];
  const target = nodes[edge.to];
  if (!source || !target) return undefined;
  const from = extentOf(source, flow);
  const to = extentOf(target, flow);
  const forward = target.layer > source.layer;
  return {
    source,
    target,
    forward,
    tip: forward ? 1 : -1,
    from: { main: forward ? from.start + from.length : from.start, cross: from.middle },
    to: { main: forward ? to.start : to.start + to.length, cross: to.middle },
  };
}

function traceLine(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const ends = endsOf(graph, edge);
  if (!ends) return;
  const { from, to } = ends;
  context.moveTo(...pointOf(graph.flow, from.main, from.cross));
  context.lineTo(...pointOf(graph.flow, to.main, to.cross));
}

/** A point of the canvas, from one along the flow and across it. */
const pointOf = (flow: Flow, main: number, cross: number): [x: number, y: number] =>
  flow === 'down' ? [cross, main] : [main, cross];

function traceEdge(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const ends = endsOf(graph, edge);
  if (!ends) return;
  const { source, target, forward, tip, to } = ends;
  const { flow } = graph;
  let { main, cross } = ends.from;
  const curveTo = (nextMain: number, nextCross: number, end = nextMain) => {
    const half = (nextMain - main) / 2;
    context.bezierCurveTo(
      ...pointOf(flow, main + half, cross),
      ...pointOf(flow, nextMain - half, nextCross),
      ...pointOf(flow, end, nextCross),
    );
    main = nextMain;
    cross = nextCross;
  };
  context.moveTo(...pointOf(flow, main, cross));
  edge.bends.forEach((bend, step) => {
    curveTo(forward ? bendAt(source, step, flow) : bendAt(target, edge.bends.length - 1 - step, flow), bend);
  });
  curveTo(to.main, to.cross, to.main - 5 * tip);
}

function traceTip(context: CanvasRenderingContext2D, graph: LineageGraph, edge: LineageEdge): void {
  const ends = endsOf(graph, edge);
  if (!ends) return;
  const { to, tip } = ends;
  context.moveTo(...pointOf(graph.flow, to.main - tip, to.cross));
  context.lineTo(...pointOf(graph.flow, to.main - 7 * tip, to.cross - 3.5));
  context.lineTo(...pointOf(graph.flow, to.main - 7 * tip, to.cross + 3.5));
}
