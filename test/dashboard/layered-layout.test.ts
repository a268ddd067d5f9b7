import fc from 'fast-check';
import { isotonic, layoutLayered } from '../../dashboard/src/features/lineage/layered-layout';

const sizes = { nodeGap: 12, clusterGap: 20, layerStep: 300 };

function layout(nodes: number, edges: readonly (readonly [number, number])[], cluster?: readonly number[]) {
  return layoutLayered({
    nodes,
    from: edges.map(([from]) => from),
    to: edges.map(([, to]) => to),
    cluster: cluster ?? Array.from({ length: nodes }, () => -1),
    height: Array.from({ length: nodes }, () => 46),
    ...sizes,
  });
}

const graphs = fc.integer({ min: 1, max: 40 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 90 }),
    cluster: fc.array(fc.integer({ min: -1, max: 4 }), { minLength: nodes, maxLength: nodes }),
  }),
);

describe('the layered layout', () => {
  it('puts every node right of what it comes from, when nothing closes a cycle', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, cluster }) => {
        const acyclic = edges.filter(([from, to]) => from < to);
        const { layer } = layout(nodes, acyclic, cluster);
        for (const [from, to] of acyclic) expect(layer[to]).toBeGreaterThan(layer[from] ?? 0);
      }),
    );
  });

  it('never lets two nodes of a layer overlap, cycles or not', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, cluster }) => {
        const { layer, y } = layout(nodes, edges, cluster);
        for (let a = 0; a < nodes; a += 1) {
          for (let b = a + 1; b < nodes; b += 1) {
            if (layer[a] !== layer[b]) continue;
            expect(Math.abs((y[a] ?? 0) - (y[b] ?? 0))).toBeGreaterThanOrEqual(46 + sizes.nodeGap - 0.5);
          }
        }
      }),
    );
  });

  it('keeps the nodes of a cluster together within their layer', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, cluster }) => {
        const { layer, y } = layout(nodes, edges, cluster);
        for (const each of new Set(layer)) {
          const ordered = Array.from({ length: nodes }, (_, node) => node)
            .filter((node) => layer[node] === each)
            .sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0))
            .map((node) => cluster[node] ?? -1);
          const blocks = ordered.filter((group, at) => group >= 0 && group !== ordered[at - 1]);
          expect(new Set(blocks).size).toBe(blocks.length);
        }
      }),
    );
  });

  it('finds the order without crossings of two crossed pairs', () => {
    const { crossings } = layout(4, [
      [0, 3],
      [1, 2],
    ]);
    expect(crossings).toBe(0);
  });

  it('bends an edge once for every layer that it passes', () => {
    const { bends } = layout(4, [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ]);
    expect(bends.map((each) => each.length)).toEqual([0, 0, 0, 2]);
  });

  it('draws a line straight', () => {
    const { y } = layout(3, [
      [0, 1],
      [1, 2],
    ]);
    expect([...y]).toEqual([0, 0, 0]);
  });

  it('lays ten thousand nodes out with few passes over the edges', () => {
    const nodes = 10_000;
    const edges = Array.from({ length: 18_000 }, (_, edge) => {
      const to = 1 + ((edge * 7_919) % (nodes - 1));
      return [Math.max(0, to - 1 - ((edge * 31) % 60)), to] as const;
    });
    const result = layout(nodes, edges);
    expect(result.y).toHaveLength(nodes);
    expect(result.y.every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('isotonic regression', () => {
  it('gives the nearest values that never fall', () => {
    expect([...isotonic([1, 3, 2, 4])]).toEqual([1, 2.5, 2.5, 4]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 })), (values) => {
        const fitted = isotonic(values);
        fitted.forEach((value, at) => {
          if (at > 0) expect(value).toBeGreaterThanOrEqual(fitted[at - 1] ?? 0);
        });
        const sum = (list: ArrayLike<number>) => Array.from(list).reduce((total, each) => total + each, 0);
        expect(sum(fitted)).toBeCloseTo(sum(values));
      }),
    );
  });
});
