import type { LineageGraph } from './lineage-graph';

/** The box that an arrow key leads to: along an edge sideways, within the layer up and down. */
export function walkTo(graph: LineageGraph, from: number, key: string): number | undefined {
  const node = graph.nodes[from];
  if (!node) return undefined;
  const nearest = (candidates: readonly number[]) =>
    candidates.reduce<number | undefined>((best, each) => {
      const distance = (index: number) => Math.abs((graph.nodes[index]?.y ?? 0) - node.y);
      return best === undefined || distance(each) < distance(best) ? each : best;
    }, undefined);
  if (key === 'ArrowRight')
    return nearest(graph.edges.filter((edge) => edge.from === from).map((edge) => edge.to));
  if (key === 'ArrowLeft')
    return nearest(graph.edges.filter((edge) => edge.to === from).map((edge) => edge.from));
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const down = key === 'ArrowDown';
  return nearest(
    graph.nodes.flatMap((each, index) =>
      each.layer === node.layer && (down ? each.y > node.y : each.y < node.y) ? [index] : [],
    ),
  );
}

/** What is at a point of the graph: a box, or the head of an open group's frame. */
export function hitTest(
  graph: LineageGraph,
  x: number,
  y: number,
): { readonly node: number | undefined; readonly group: string | undefined } {
  const inside = (box: { x: number; y: number; width: number; height: number }, height = box.height) =>
    x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + height;
  const node = graph.nodes.findIndex((each) => inside(each));
  if (node >= 0) return { node, group: undefined };
  return { node: undefined, group: graph.frames.find((frame) => inside(frame, 28))?.group };
}
