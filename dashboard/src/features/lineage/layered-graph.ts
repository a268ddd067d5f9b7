/** A graph in arrays: node indices 0 … nodes-1, an edge from `from[e]` to `to[e]`. */
import type { LayoutInput } from './layered-layout';

export interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 where the edge was turned round to break a cycle. */
  readonly turned: Uint8Array;
}

/** Turns the edges that close a cycle, found by an iterative depth-first walk. */
export function acyclicEdges({ nodes, from, to }: LayoutInput): Edges {
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

export interface Adjacency {
  readonly start: Int32Array;
  readonly other: Int32Array;
  readonly edge: Int32Array;
}

/** Compressed lists of what each node leads to. */
export function adjacency(nodes: number, from: ArrayLike<number>, to: ArrayLike<number>): Adjacency {
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

export function bump(array: Int32Array, index: number): number {
  const value = array[index] ?? 0;
  array[index] = value + 1;
  return value;
}

/** Longest path from the sources; then sources move next to what they feed. */
export function assignLayers({ nodes }: LayoutInput, { from, to }: Edges): Int32Array {
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

export interface LayeredGraph {
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
export function addVirtualNodes(input: LayoutInput, edges: Edges, layer: Int32Array): LayeredGraph {
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
export function depthFirst(total: number, from: readonly number[], to: readonly number[]): Int32Array {
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
