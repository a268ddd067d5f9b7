/** A graph in arrays: node indices 0 … nodes-1, an edge from `from[e]` to `to[e]`. */
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

/** Sweeps of crossing reduction (down and up), and of coordinate assignment. */
const orderSweeps = 12;
const coordinateSweeps = 6;
/** Above this many edges crossings are not counted; the last order is taken. */
const countLimit = 60_000;

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

interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 where the edge was turned round to break a cycle. */
  readonly turned: Uint8Array;
}

/** Turns the edges that close a cycle, found by an iterative depth-first walk. */
function acyclicEdges({ nodes, from, to }: LayoutInput): Edges {
  const edges = from.length;
  const out = adjacency(nodes, from, to);
  const state = new Uint8Array(nodes);
  const turned = new Uint8Array(edges);
  const stack = new Int32Array(nodes + 1);
  const cursor = new Int32Array(nodes);
  for (let root = 0; root < nodes; root += 1) {
    if (state[root] !== 0) continue;
    let depth = 0;
    stack[depth++] = root;
    state[root] = 1;
    cursor[root] = out.start[root] ?? 0;
    while (depth > 0) {
      const node = stack[depth - 1] ?? 0;
      const at = cursor[node] ?? 0;
      if (at >= (out.start[node + 1] ?? 0)) {
        state[node] = 2;
        depth -= 1;
        continue;
      }
      cursor[node] = at + 1;
      const next = out.other[at] ?? 0;
      if (state[next] === 1) turned[out.edge[at] ?? 0] = 1;
      else if (state[next] === 0) {
        state[next] = 1;
        cursor[next] = out.start[next] ?? 0;
        stack[depth++] = next;
      }
    }
  }
  const a = Int32Array.from(from);
  const b = Int32Array.from(to);
  for (let edge = 0; edge < edges; edge += 1) {
    if (turned[edge]) {
      a[edge] = to[edge] ?? 0;
      b[edge] = from[edge] ?? 0;
    }
  }
  return { from: a, to: b, turned };
}

interface Adjacency {
  readonly start: Int32Array;
  readonly other: Int32Array;
  readonly edge: Int32Array;
}

/** Compressed lists of what each node leads to. */
function adjacency(nodes: number, from: ArrayLike<number>, to: ArrayLike<number>): Adjacency {
  const start = new Int32Array(nodes + 1);
  for (let edge = 0; edge < from.length; edge += 1) bump(start, (from[edge] ?? 0) + 1);
  for (let node = 0; node < nodes; node += 1) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const at = start.slice();
  const other = new Int32Array(from.length);
  const list = new Int32Array(from.length);
  for (let edge = 0; edge < from.length; edge += 1) {
    const position = bump(at, from[edge] ?? 0);
    other[position] = to[edge] ?? 0;
    list[position] = edge;
  }
  return { start, other, edge: list };
}

function bump(array: Int32Array, index: number): number {
  const value = array[index] ?? 0;
  array[index] = value + 1;
  return value;
}

/** Longest path from the sources; then sources move next to what they feed. */
function assignLayers({ nodes }: LayoutInput, { from, to }: Edges): Int32Array {
  const layer = new Int32Array(nodes);
  const incoming = new Int32Array(nodes);
  const out = adjacency(nodes, from, to);
  for (const node of to) bump(incoming, node);
  const isSource = Uint8Array.from(incoming, (count) => (count === 0 ? 1 : 0));
  const queue = new Int32Array(nodes);
  let tail = 0;
  for (let node = 0; node < nodes; node += 1) if (incoming[node] === 0) queue[tail++] = node;
  for (let head = 0; head < tail; head += 1) {
    const node = queue[head] ?? 0;
    for (let at = out.start[node] ?? 0; at < (out.start[node + 1] ?? 0); at += 1) {
      const next = out.other[at] ?? 0;
      layer[next] = Math.max(layer[next] ?? 0, (layer[node] ?? 0) + 1);
      incoming[next] = (incoming[next] ?? 0) - 1;
      if (incoming[next] === 0) queue[tail++] = next;
    }
  }
  for (let node = 0; node < nodes; node += 1) {
    const begin = out.start[node] ?? 0;
    const end = out.start[node + 1] ?? 0;
    if (!isSource[node] || begin === end) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let at = begin; at < end; at += 1) nearest = Math.min(nearest, layer[out.other[at] ?? 0] ?? 0);
    layer[node] = nearest - 1;
  }
  return layer;
}

interface LayeredGraph {
  readonly total: number;
  readonly layers: readonly Int32Array[];
  readonly layerOf: Int32Array;
  readonly cluster: Int32Array;
  readonly before: Adjacency;
  readonly after: Adjacency;
  /** Virtual nodes of each edge of the input, from its source on. */
  readonly chains: readonly (readonly number[])[];
}

/** Gives edges that pass several layers a virtual node in each, so that they take part in the ordering. */
function addVirtualNodes(input: LayoutInput, edges: Edges, layer: Int32Array): LayeredGraph {
  const from: number[] = [];
  const to: number[] = [];
  const chains: number[][] = [];
  const virtualLayers: number[] = [];
  let total = input.nodes;
  for (let edge = 0; edge < edges.from.length; edge += 1) {
    const source = edges.from[edge] ?? 0;
    const target = edges.to[edge] ?? 0;
    const chain: number[] = [];
    let previous = source;
    for (let at = (layer[source] ?? 0) + 1; at < (layer[target] ?? 0); at += 1) {
      virtualLayers.push(at);
      chain.push(total);
      from.push(previous);
      to.push(total);
      previous = total;
      total += 1;
    }
    from.push(previous);
    to.push(target);
    if (edges.turned[edge]) chain.reverse();
    chains.push(chain);
  }
  const layerOf = new Int32Array(total);
  layerOf.set(layer);
  layerOf.set(virtualLayers, input.nodes);
  const cluster = new Int32Array(total).fill(-1);
  for (let node = 0; node < input.nodes; node += 1) cluster[node] = input.cluster[node] ?? -1;
  const count = layerOf.reduce((most, each) => Math.max(most, each), -1) + 1;
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const node of depthFirst(total, from, to)) lists[layerOf[node] ?? 0]?.push(node);
  return {
    total,
    layers: lists.map((list) => Int32Array.from(list)),
    layerOf,
    cluster,
    after: adjacency(total, from, to),
    before: adjacency(total, to, from),
    chains,
  };
}

/** Nodes in the order of a walk along the edges: a start with few crossings for tree-like graphs. */
function depthFirst(total: number, from: readonly number[], to: readonly number[]): Int32Array {
  const both = adjacency(total, [...from, ...to], [...to, ...from]);
  const seen = new Uint8Array(total);
  const result = new Int32Array(total);
  const stack: number[] = [];
  let length = 0;
  for (let root = 0; root < total; root += 1) {
    if (seen[root]) continue;
    stack.push(root);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (seen[node]) continue;
      seen[node] = 1;
      result[length++] = node;
      for (let at = (both.start[node + 1] ?? 0) - 1; at >= (both.start[node] ?? 0); at -= 1) {
        const next = both.other[at] ?? 0;
        if (!seen[next]) stack.push(next);
      }
    }
  }
  return result;
}

function orderLayers(graph: LayeredGraph): { order: Int32Array[]; crossings: number } {
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
function medianPosition(node: number, { start, other }: Adjacency, position: Float64Array): number {
  const begin = start[node] ?? 0;
  const end = start[node + 1] ?? 0;
  if (begin === end) return position[node] ?? 0;
  const values = Float64Array.from(other.subarray(begin, end), (each) => position[each] ?? 0).sort();
  const middle = values.length >> 1;
  const high = values[middle] ?? 0;
  return values.length % 2 === 1 ? high : ((values[middle - 1] ?? high) + high) / 2;
}

/** Sorts a layer by its keys; nodes of a cluster stay together at the cluster's mean key. */
function keepClusters(layer: Int32Array, cluster: Int32Array, keys: Float64Array): void {
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

function countAll(graph: LayeredGraph, layers: readonly Int32Array[], position: Float64Array): number {
  let crossings = 0;
  for (let at = 0; at + 1 < layers.length; at += 1) {
    const upper = layers[at];
    const lower = layers[at + 1];
    if (upper && lower) crossings += countBetween(upper, lower.length, graph.after, position);
  }
  return crossings;
}

/** Crossings between two layers: inversions, counted with a binary indexed tree. */
function countBetween(
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
