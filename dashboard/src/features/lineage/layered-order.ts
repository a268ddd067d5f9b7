/** A graph in arrays: node indices 0 … nodes-1, an edge from `from[e]` to `to[e]`. */
import type { Adjacency, LayeredGraph } from './layered-graph';

/** Sweeps of crossing reduction (down and up), and of coordinate assignment. */
export const orderSweeps = 12;

/** Above this many edges crossings are not counted; the last order is taken. */
export const countLimit = 60_000;

export function orderLayers(graph: LayeredGraph): { order: Int32Array[]; crossings: number } {
  let current = graph.layers.map((each) => each.slice());
  const position = new Float64Array(graph.total);
  const place = (layer: Int32Array) => {
    for (let at = 0; at < layer.length; at += 1) position[layer[at] ?? 0] = at;
  };
  for (const layer of current)
    keepClusters(
      layer,
      graph.cluster,
      Float64Array.from(layer, (_, at) => at),
    );
  current.forEach(place);
  const countable = graph.after.other.length <= countLimit;
  let best = current.map((each) => each.slice());
  let fewest = countable ? countAll(graph, current, position) : -1;
  for (let sweep = 0; sweep < orderSweeps && fewest !== 0; sweep += 1) {
    const down = sweep % 2 === 0;
    for (let step = 0; step < current.length; step += 1) {
      const layer = current[down ? step : current.length - 1 - step];
      if (!layer) continue;
      const neighbours = down ? graph.before : graph.after;
      const keys = Float64Array.from(layer, (node) => medianPosition(node, neighbours, position));
      keepClusters(layer, graph.cluster, keys);
      place(layer);
    }
    if (!countable) {
      best = current;
      continue;
    }
    const crossings = countAll(graph, current, position);
    if (crossings < fewest) {
      fewest = crossings;
      best = current.map((each) => each.slice());
    }
    current = current.map((each) => each.slice());
  }
  return { order: best, crossings: fewest };
}

/** Mean of the two middle neighbours; a node without neighbours keeps its place. */
export function medianPosition(node: number, { start, other }: Adjacency, position: Float64Array): number {
  const begin = start[node] ?? 0;
  const end = start[node + 1] ?? 0;
  if (begin === end) return position[node] ?? 0;
  const values = Float64Array.from(other.subarray(begin, end), (each) => position[each] ?? 0).sort();
  const middle = values.length >> 1;
  const high = values[middle] ?? 0;
  return values.length % 2 === 1 ? high : ((values[middle - 1] ?? high) + high) / 2;
}

/** Sorts a layer by its keys; nodes of a cluster stay together at the cluster's mean key. */
export function keepClusters(layer: Int32Array, cluster: Int32Array, keys: Float64Array): void {
  const sums = new Map<number, { sum: number; count: number }>();
  const keyOf = new Map<number, number>();
  layer.forEach((node, at) => {
    const key = keys[at] ?? 0;
    keyOf.set(node, key);
    const group = cluster[node] ?? -1;
    if (group < 0) return;
    const entry = sums.get(group) ?? { sum: 0, count: 0 };
    entry.sum += key;
    entry.count += 1;
    sums.set(group, entry);
  });
  const groupKey = (node: number) => {
    const entry = sums.get(cluster[node] ?? -1);
    return entry ? entry.sum / entry.count : (keyOf.get(node) ?? 0);
  };
  const before = new Map([...layer].map((node, at) => [node, at]));
  const sorted = [...layer].sort(
    (a, b) =>
      groupKey(a) - groupKey(b) ||
      (cluster[a] ?? -1) - (cluster[b] ?? -1) ||
      (keyOf.get(a) ?? 0) - (keyOf.get(b) ?? 0) ||
      (before.get(a) ?? 0) - (before.get(b) ?? 0),
  );
  layer.set(sorted);
}

export function countAll(graph: LayeredGraph, layers: readonly Int32Array[], position: Float64Array): number {
  let crossings = 0;
  for (let at = 0; at + 1 < layers.length; at += 1) {
    const upper = layers[at];
    const lower = layers[at + 1];
    if (upper && lower) crossings += countBetween(upper, lower.length, graph.after, position);
  }
  return crossings;
}

/** Crossings between two layers: inversions, counted with a binary indexed tree. */
export function countBetween(
  upper: Int32Array,
  lowerSize: number,
  after: Adjacency,
  position: Float64Array,
): number {
  const tree = new Int32Array(lowerSize + 1);
  let seen = 0;
  let crossings = 0;
  for (const node of upper) {
    const ends = Int32Array.from(
      after.other.subarray(after.start[node], after.start[node + 1]),
      (each) => position[each] ?? 0,
    ).sort();
    for (const end of ends) {
      let before = 0;
      for (let at = end + 1; at > 0; at -= at & -at) before += tree[at] ?? 0;
      crossings += seen - before;
    }
    for (const end of ends) {
      for (let at = end + 1; at <= lowerSize; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      seen += 1;
    }
  }
  return crossings;
}
