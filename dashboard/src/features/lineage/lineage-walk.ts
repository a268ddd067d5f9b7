import { extentOf, type Flow, type LineageGraph } from './lineage-graph';

/** The box that an arrow key leads to: with the flow and against it along an edge, else within the layer. */
export function walkTo(graph: LineageGraph, from: number, key: string): number | undefined {
  const node = graph.nodes[from];
  const way = ways[graph.flow][key];
  if (!node || !way) return undefined;
  const middle = (index: number): number => {
    const other = graph.nodes[index];
    return other ? extentOf(other, graph.flow).middle : 0;
  };
  const own = middle(from);
  const nearest = (candidates: readonly number[]) =>
    candidates.reduce<number | undefined>((best, each) => {
      const distance = (index: number) => Math.abs(middle(index) - own);
      return best === undefined || distance(each) < distance(best) ? each : best;
    }, undefined);
  if (way === 'on') return nearest(graph.edges.filter((edge) => edge.from === from).map((edge) => edge.to));
  if (way === 'back') return nearest(graph.edges.filter((edge) => edge.to === from).map((edge) => edge.from));
  return nearest(
    graph.nodes.flatMap((each, index) =>
      each.layer === node.layer && (way === 'after' ? middle(index) > own : middle(index) < own)
        ? [index]
        : [],
    ),
  );
}

const ways: Readonly<Record<Flow, Readonly<Record<string, 'on' | 'back' | 'after' | 'before'>>>> = {
  right: { ArrowRight: 'on', ArrowLeft: 'back', ArrowDown: 'after', ArrowUp: 'before' },
  down: { ArrowDown: 'on', ArrowUp: 'back', ArrowRight: 'after', ArrowLeft: 'before' },
};

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
