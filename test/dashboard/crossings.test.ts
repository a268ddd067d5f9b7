import { readFile } from 'node:fs/promises';
import { layoutLayered } from '../../dashboard/src/features/lineage/layered-layout';

/** Of a graph that `makeGraph` makes: what @dagrejs/dagre 3.1.3 (tight tree, left to right) drew of it. */
interface Vector {
  readonly nodes: number;
  readonly seed: number;
  readonly edges: number;
  readonly crossings: number;
}

/** mulberry32: the vectors were measured on graphs of these numbers. */
function randomNumbers(start: number): () => number {
  let seed = start;
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A lineage: each node comes from one to three of those shortly before it. */
function makeGraph(nodes: number, seed: number): [number, number][] {
  const next = randomNumbers(seed);
  const near = Math.max(1, Math.floor(nodes / 6));
  const edges: [number, number][] = [];
  for (let to = 1; to < nodes; to += 1) {
    const count = 1 + Math.floor(next() * 2.6);
    const seen = new Set<number>();
    for (let each = 0; each < count; each += 1) {
      const from = to - 1 - Math.floor(next() * Math.min(to, near));
      if (!seen.has(from)) edges.push([from, to]);
      seen.add(from);
    }
  }
  return edges;
}

type Segment = readonly [x1: number, y1: number, x2: number, y2: number, edge: number];

/** Crossings of the drawn lines, between centres and bends, as they were counted of dagre's. */
function countCrossings(segments: readonly Segment[]): number {
  const sorted = segments.toSorted((a, b) => a[0] - b[0]);
  const side = (a: Segment, x: number, y: number) =>
    Math.sign((a[2] - a[0]) * (y - a[1]) - (a[3] - a[1]) * (x - a[0]));
  const parts = (a: Segment, b: Segment) => side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0;
  let crossings = 0;
  sorted.forEach((a, index) => {
    for (let other = index + 1; other < sorted.length; other += 1) {
      const b = sorted[other];
      if (!b || b[0] >= a[2]) return;
      if (a[4] !== b[4] && parts(a, b) && parts(b, a)) crossings += 1;
    }
  });
  return crossings;
}

function drawnCrossings(nodes: number, edges: readonly (readonly [number, number])[]): number {
  const { layer, y, bends } = layoutLayered({
    nodes,
    from: edges.map(([from]) => from),
    to: edges.map(([, to]) => to),
    cluster: Array.from({ length: nodes }, () => -1),
    height: Array.from({ length: nodes }, () => 46),
    nodeGap: 12,
    clusterGap: 20,
    layerStep: 300,
  });
  const segments = edges.flatMap(([from, to], edge): Segment[] => {
    const start = layer[from] ?? 0;
    const heights = [(y[from] ?? 0) + 23, ...(bends[edge] ?? []), (y[to] ?? 0) + 23];
    return heights.slice(1).map((height, at) => [start + at, heights[at] ?? 0, start + at + 1, height, edge]);
  });
  return countCrossings(segments);
}

test('lineages of 100 to 1,000 nodes cross no more lines than dagre draws of them', async () => {
  const vectors = JSON.parse(await readFile('test/vectors/lineage-crossings.json', 'utf8')) as Vector[];
  const ours = vectors.map(({ nodes, seed, edges }) => {
    const graph = makeGraph(nodes, seed);
    expect(graph).toHaveLength(edges);
    return drawnCrossings(nodes, graph);
  });

  expect(vectors.map(({ nodes }) => nodes)).toEqual([100, 100, 300, 300, 1_000]);
  vectors.forEach(({ crossings }, at) => {
    expect(ours[at]).toBeGreaterThan(0);
    expect(ours[at]).toBeLessThanOrEqual(crossings);
  });
});
