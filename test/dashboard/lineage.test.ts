import { suggestKeys, suggestSelection } from '../../dashboard/src/features/assets/suggest-selection';
import { layoutHash } from '../../dashboard/src/features/lineage/layout-hash';
import {
  buildLineage,
  type LineageAsset,
  lineageBoxes,
} from '../../dashboard/src/features/lineage/lineage-graph';
import {
  boxView,
  firstView,
  isCropped,
  revealView,
  zoomView,
} from '../../dashboard/src/features/lineage/lineage-view';
import { hitTest, walkTo } from '../../dashboard/src/features/lineage/lineage-walk';
import { formatTraversal, parseTraversal } from '../../dashboard/src/features/lineage/traversal-token';

const asset = (key: string, group: string, upstream: string[], status = 'success'): LineageAsset => ({
  key,
  path: key.split('/'),
  group,
  kinds: ['dbt'],
  upstream,
  status: status as LineageAsset['status'],
  word: 'Fresh',
  detail: '',
});
/** `count` groups of two, each reading the one before. */
const chain = (count: number) =>
  Array.from({ length: count }, (_, at) => [
    asset(`g${at}/a`, `g${at}`, at === 0 ? [] : [`g${at - 1}/a`]),
    asset(`g${at}/b`, `g${at}`, []),
  ]).flat();
const size = { width: 1_200, height: 800 };

describe('levels around an asset', () => {
  it('are read from a filter that is nothing else, and written as they are read', () => {
    expect(parseTraversal('2+raw/orders+1')).toEqual({ key: 'raw/orders', up: 2, down: 1 });
    expect(parseTraversal('+raw/orders')).toEqual({ key: 'raw/orders', up: 99, down: 0 });
    expect(parseTraversal('raw/orders')).toBeUndefined();
    expect(parseTraversal('2+raw/orders kind:dbt')).toBeUndefined();
    for (const text of ['2+a+1', '+a+', '3+a', 'a+2', '0+a']) {
      const traversal = parseTraversal(text);
      expect(traversal && formatTraversal(traversal)).toBe(text);
    }
  });
});

describe('the shape of a lineage', () => {
  const shapeOf = (assets: readonly LineageAsset[]) => layoutHash(lineageBoxes(assets, () => true).input);

  it('does not follow statuses, so that a poll lays nothing out again', () => {
    const later = chain(5).map((each) => ({ ...each, status: 'failure' as const, detail: 'Failed' }));
    expect(shapeOf(later)).toBe(shapeOf(chain(5)));
  });

  it('differs by an asset, an edge and a group', () => {
    const shapes = [
      chain(5),
      chain(6),
      [...chain(5), asset('x', 'g0', [])],
      chain(5).map((each) => (each.key === 'g4/a' ? { ...each, upstream: [] } : each)),
      chain(5).map((each) => (each.key === 'g4/b' ? { ...each, group: 'g3' } : each)),
    ].map(shapeOf);
    expect(new Set(shapes).size).toBe(shapes.length);
  });
});

describe('the view of a lineage', () => {
  it('is whole where that can be read, else begins readable at the sources', () => {
    const small = buildLineage(chain(3), () => false);
    expect(isCropped(firstView(size, small, undefined), size, small)).toBe(false);
    const long = buildLineage(chain(60), () => false);
    const view = firstView(size, long, undefined);
    expect(view.scale).toBeGreaterThanOrEqual(0.6);
    expect(isCropped(view, size, long)).toBe(true);
    expect(view.x).toBeGreaterThanOrEqual(0);
  });

  it('opens around the selected box, and moves no more than brings a box into sight', () => {
    const long = buildLineage(chain(60), () => false);
    const box = long.nodes.find((node) => node.group === 'g30');
    if (!box) throw new Error('no box');
    const middle = firstView(size, long, box).x + (box.x + box.width / 2) * 0.8;
    expect(Math.abs(middle - size.width / 2)).toBeLessThan(1);
    const start = boxView(size, long, box, 1);
    expect(revealView(start, size, box)).toBe(start);
    const far = { ...start, x: start.x - 5_000 };
    const shown = revealView(far, size, box);
    expect(shown.x + box.x).toBeGreaterThanOrEqual(0);
    expect(shown.x + box.x + box.width).toBeLessThanOrEqual(size.width);
  });

  it('keeps the point under the pointer when it zooms', () => {
    const before = { x: 40, y: -20, scale: 0.5 };
    const after = zoomView(before, 1.5, 300, 200);
    expect((300 - after.x) / after.scale).toBeCloseTo((300 - before.x) / before.scale);
    expect((200 - after.y) / after.scale).toBeCloseTo((200 - before.y) / before.scale);
  });
});

describe('keys in a lineage', () => {
  it('walk along the edges and within a layer, and points find boxes and heads of groups', () => {
    const graph = buildLineage(chain(3), (group) => group !== 'g2');
    const at = (id: string) => graph.nodes.findIndex((node) => node.id === id);
    expect(walkTo(graph, at('g0/a'), 'ArrowRight')).toBe(at('g1/a'));
    expect(walkTo(graph, at('g1/a'), 'ArrowRight')).toBe(at('group:g2'));
    expect(walkTo(graph, at('g1/a'), 'ArrowLeft')).toBe(at('g0/a'));
    expect(walkTo(graph, at('g0/a'), 'x')).toBeUndefined();
    const node = graph.nodes[at('g0/a')];
    expect(node && hitTest(graph, node.x + 5, node.y + 5).node).toBe(at('g0/a'));
    const frame = graph.frames.find((each) => each.group === 'g0');
    expect(frame && hitTest(graph, frame.x + 5, frame.y + 5).group).toBe('g0');
  });
});

describe('a lineage drawn from top to bottom', () => {
  const graph = buildLineage(chain(3), (group) => group !== 'g2', 'down');
  const at = (id: string) => graph.nodes.findIndex((node) => node.id === id);
  const box = (id: string) => {
    const found = graph.nodes[at(id)];
    if (!found) throw new Error(`no box ${id}`);
    return found;
  };

  it('has its layers below one another, boxes of a layer side by side, in frames around them', () => {
    expect(box('g1/a').y).toBeGreaterThan(box('g0/a').y + box('g0/a').height);
    expect(box('g0/b').y).toBe(box('g0/a').y);
    for (const frame of graph.frames) {
      const members = graph.nodes.filter((node) => node.group === frame.group && node.y > frame.y);
      for (const node of members.filter((each) => each.y < frame.y + frame.height)) {
        expect(node.x).toBeGreaterThan(frame.x);
        expect(node.x + node.width).toBeLessThan(frame.x + frame.width);
        expect(node.x + node.width).toBeLessThanOrEqual(graph.width);
      }
    }
    expect(box('group:g2').y + box('group:g2').height).toBeLessThanOrEqual(graph.height);
  });

  it('keeps boxes of a layer apart, whatever is in it', () => {
    const layers = Map.groupBy(graph.nodes, (node) => node.layer);
    for (const layer of layers.values()) {
      const sorted = layer.toSorted((a, b) => a.x - b.x);
      sorted.slice(1).forEach((node, index) => {
        const before = sorted[index];
        expect(node.x).toBeGreaterThan((before?.x ?? 0) + (before?.width ?? 0));
      });
    }
  });

  it('is walked down along the edges, and sideways within a layer', () => {
    expect(walkTo(graph, at('g0/a'), 'ArrowDown')).toBe(at('g1/a'));
    expect(walkTo(graph, at('g1/a'), 'ArrowUp')).toBe(at('g0/a'));
    const [left, right] = [at('g0/a'), at('g0/b')].toSorted(
      (a, b) => (graph.nodes[a]?.x ?? 0) - (graph.nodes[b]?.x ?? 0),
    );
    expect(walkTo(graph, left ?? 0, 'ArrowRight')).toBeDefined();
    expect(walkTo(graph, right ?? 0, 'ArrowLeft')).toBeDefined();
  });
});

describe('suggestions while a selection is typed', () => {
  const graph = ['raw/orders', 'raw/customers', 'marts/orders_total'].map((key) => ({
    key,
    deps: [],
    group: key.split('/')[0] ?? '',
    kinds: [key.startsWith('raw') ? 'rest' : 'dbt'],
    owners: ['team:data'],
    tags: {},
    external: false,
  }));
  const texts = (typed: string) => suggestSelection(graph, typed).map(({ value }) => value);

  it('are keys that hold the word, the best first, with the levels around it', () => {
    const keys = graph.map(({ key }) => key);
    expect(suggestKeys(keys, 'orders').map(({ value }) => value)).toEqual([
      'raw/orders',
      'marts/orders_total',
    ]);
    expect(suggestKeys(keys, '2+cust').map(({ value }) => value)).toEqual(['2+raw/customers']);
    expect(suggestKeys(keys, '')).toEqual([]);
  });

  it('are attributes, their values, and then how it goes on', () => {
    expect(texts('gr')).toEqual(['"group:']);
    expect(texts('"group:')).toEqual(['"group:marts ', '"group:raw ']);
    expect(texts('"group:raw ')).toEqual(['"group:raw and ', '"group:raw or ', '"group:raw and not ']);
    expect(texts('"group:raw and not kind:d')).toEqual(['"group:raw and not kind:dbt ']);
    expect(texts('"+(raw/cu')).toEqual(['"+(raw/customers ']);
  });

  it('leave out what would have to stand in quotes of its own', () => {
    expect(texts('"owner:')).toEqual([]);
  });
});
