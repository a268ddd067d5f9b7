/** A graph in arrays: node indices 0 … nodes-1, an edge from `from[e]` to `to[e]`. */
import { acyclicEdges, addVirtualNodes, assignLayers, type LayeredGraph } from './layered-graph';
import { orderLayers } from './layered-order';

export interface LayoutInput {
  readonly nodes: number;
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  /** Nodes of one cluster stay together within their layer; −1 for none. */
  readonly cluster: ArrayLike<number>;
  readonly height: ArrayLike<number>;
  readonly nodeGap: number;
  /** Extra room between clusters of one layer. */
  readonly clusterGap: number;
  /** Distance between the left sides of two layers. */
  readonly layerStep: number;
}

export interface LayoutResult {
  readonly layer: Int32Array;
  readonly layers: number;
  /** Left and top of every node. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Points that each edge passes between its ends: y per layer in between. */
  readonly bends: readonly Float32Array[];
  readonly height: number;
  readonly crossings: number;
}

const coordinateSweeps = 6;

/**
 * Lays a directed graph out in layers from left to right: longest path, median ordering with clusters kept
 * together, and coordinates by isotonic regression. Cycles are broken at the edges that close them.
 * Deterministic; linear but for the sorts.
 */
export function layoutLayered(input: LayoutInput): LayoutResult {
  const forward = acyclicEdges(input);
  const layer = assignLayers(input, forward);
  const graph = addVirtualNodes(input, forward, layer);
  const { order, crossings } = orderLayers(graph);
  const top = assignTops(graph, order, input);
  const x = new Float32Array(input.nodes);
  const y = new Float32Array(input.nodes);
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let node = 0; node < graph.total; node += 1) min = Math.min(min, top[node] ?? 0);
  for (let node = 0; node < input.nodes; node += 1) {
    x[node] = (layer[node] ?? 0) * input.layerStep;
    y[node] = (top[node] ?? 0) - min;
    max = Math.max(max, (y[node] ?? 0) + (input.height[node] ?? 0));
  }
  const bends = graph.chains.map((chain) => Float32Array.from(chain, (node) => (top[node] ?? 0) - min));
  return { layer, layers: graph.layers.length, x, y, bends, height: max, crossings };
}

/** Tops in the given order, each node as near to its neighbours' middle as the order allows. */
function assignTops(graph: LayeredGraph, order: readonly Int32Array[], input: LayoutInput): Float64Array {
  const top = new Float64Array(graph.total);
  const heightOf = (node: number) => (node < input.nodes ? (input.height[node] ?? 0) : 0);
  const offsets = order.map((layer) => {
    const offset = new Float64Array(layer.length);
    let at = 0;
    layer.forEach((node, index) => {
      const previous = layer[index - 1];
      if (previous !== undefined) {
        const apart = graph.cluster[previous] !== graph.cluster[node] ? input.clusterGap : 0;
        const small = previous >= input.nodes && node >= input.nodes;
        at += heightOf(previous) + (small ? input.nodeGap / 2 : input.nodeGap) + apart;
      }
      offset[index] = at;
    });
    return offset;
  });
  order.forEach((layer, at) => {
    const offset = offsets[at];
    const middle = ((offset?.at(-1) ?? 0) + heightOf(layer.at(-1) ?? 0)) / 2;
    layer.forEach((node, index) => {
      top[node] = (offset?.[index] ?? 0) - middle;
    });
  });
  for (let sweep = 0; sweep < coordinateSweeps; sweep += 1) {
    const down = sweep % 2 === 0;
    for (let step = 0; step < order.length; step += 1) {
      const at = down ? step : order.length - 1 - step;
      const layer = order[at];
      const offset = offsets[at];
      if (!layer || !offset) continue;
      const wanted = Float64Array.from(layer, (node, index) => {
        const sides = [graph.before, graph.after];
        let sum = 0;
        let count = 0;
        for (const side of sides) {
          for (let each = side.start[node] ?? 0; each < (side.start[node + 1] ?? 0); each += 1) {
            const other = side.other[each] ?? 0;
            sum += (top[other] ?? 0) + heightOf(other) / 2;
            count += 1;
          }
        }
        const middle = count > 0 ? sum / count : (top[node] ?? 0) + heightOf(node) / 2;
        return middle - heightOf(node) / 2 - (offset[index] ?? 0);
      });
      const fitted = isotonic(wanted);
      layer.forEach((node, index) => {
        top[node] = (fitted[index] ?? 0) + (offset[index] ?? 0);
      });
    }
  }
  return top;
}

/** The non-decreasing values nearest to the given ones (pool adjacent violators). */
export function isotonic(values: ArrayLike<number>): Float64Array {
  const sums: number[] = [];
  const counts: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    let sum = values[at] ?? 0;
    let count = 1;
    while (sums.length > 0 && (sums.at(-1) ?? 0) / (counts.at(-1) ?? 1) > sum / count) {
      sum += sums.pop() ?? 0;
      count += counts.pop() ?? 0;
    }
    sums.push(sum);
    counts.push(count);
  }
  const result = new Float64Array(values.length);
  let at = 0;
  sums.forEach((sum, block) => {
    const count = counts[block] ?? 0;
    result.fill(sum / count, at, at + count);
    at += count;
  });
  return result;
}
