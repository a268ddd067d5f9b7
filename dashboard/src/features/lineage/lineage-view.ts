import { extentOf, type LineageGraph, type LineageNode } from './lineage-graph';

/** Where the graph's origin is on the canvas, and its scale. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const minScale = 0.04;
const maxScale = 2;
/** From this scale on a whole graph is worth showing at first: its words are drawn. */
const readableScale = 0.6;
/** A graph that is too big to be read whole opens at this scale. */
const openingScale = 0.8;
const margin = 24;

export const clampScale = (scale: number): number => Math.min(maxScale, Math.max(minScale, scale));

/** The scale at which all of a graph is in view. */
export function fitScale(size: Size, graph: Size): number {
  const room = Math.min((size.width - 2 * margin) / graph.width, (size.height - 2 * margin) / graph.height);
  return Math.min(1, clampScale(room));
}

/** The graph in the middle; what does not fit begins at its left or top edge. */
export function wholeView(size: Size, graph: Size, scale = fitScale(size, graph)): View {
  return {
    scale,
    x: Math.max(margin, (size.width - graph.width * scale) / 2),
    y: Math.max(margin, (size.height - graph.height * scale) / 2),
  };
}

/** A box in the middle, as far as the graph reaches. */
export function boxView(size: Size, graph: Size, box: LineageNode, scale: number): View {
  const along = (room: number, length: number, middle: number) => {
    if (length * scale + 2 * margin <= room) return (room - length * scale) / 2;
    return Math.min(margin, Math.max(room - margin - length * scale, room / 2 - middle * scale));
  };
  return {
    scale,
    x: along(size.width, graph.width, box.x + box.width / 2),
    y: along(size.height, graph.height, box.y + box.height / 2),
  };
}

/** How a graph opens: whole where it can be read so, else at a readable scale around a box or at its sources. */
export function firstView(size: Size, graph: LineageGraph, box: LineageNode | undefined): View {
  if (fitScale(size, graph) >= readableScale) return wholeView(size, graph);
  const half = (graph.flow === 'down' ? graph.width : graph.height) / 2;
  const fromMiddle = (node: LineageNode) => Math.abs(extentOf(node, graph.flow).middle - half);
  const [source] = graph.nodes.toSorted((a, b) => a.layer - b.layer || fromMiddle(a) - fromMiddle(b));
  const center = box ?? source;
  return center ? boxView(size, graph, center, openingScale) : wholeView(size, graph, openingScale);
}

/** The view after a zoom that keeps a point of the canvas where it is. */
export function zoomView(view: View, factor: number, x: number, y: number): View {
  const scale = clampScale(view.scale * factor);
  const by = scale / view.scale;
  return { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
}

/** The view moved as little as brings a box into sight. */
export function revealView(view: View, size: Size, box: LineageNode): View {
  const shift = (from: number, length: number, room: number) =>
    from < margin ? margin - from : Math.min(0, room - margin - from - length);
  const dx = shift(view.x + box.x * view.scale, box.width * view.scale, size.width);
  const dy = shift(view.y + box.y * view.scale, box.height * view.scale, size.height);
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

/** Whether some of the graph is out of sight. */
export function isCropped(view: View, size: Size, graph: Size): boolean {
  return (
    view.x < 0 ||
    view.y < 0 ||
    view.x + graph.width * view.scale > size.width ||
    view.y + graph.height * view.scale > size.height
  );
}
