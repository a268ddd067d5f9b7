import fc from 'fast-check';
import { columnBox, placeColumns } from '../../dashboard/src/features/column-lineage/place-columns';
import {
  type ColumnFacts,
  columnId,
  traceColumns,
} from '../../dashboard/src/features/column-lineage/trace-columns';

/** asset → column → `asset.column` of its sources. */
type Shop = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const shop: Shop = {
  orders: { id: [], amount: [] },
  rates: { rate: [] },
  staged: { id: ['orders.id'], euros: ['orders.amount', 'rates.rate'] },
  facts: { id: ['staged.id'], euros: ['staged.euros'] },
  report: { total: ['facts.euros'], orders: ['facts.id'] },
};

function toFacts(tables: Shop): ReadonlyMap<string, ColumnFacts> {
  const sourcesOf = (columns: Shop[string]) =>
    new Map(
      Object.entries(columns).map(([name, sources]) => [
        name,
        sources.map((source) => {
          const [asset = '', column = ''] = source.split('.');
          return { asset, column };
        }),
      ]),
    );
  const readsFrom = (columns: Shop[string], asset: string) =>
    Object.values(columns).some((sources) => sources.some((source) => source.startsWith(`${asset}.`)));
  return new Map(
    Object.entries(tables).map(([asset, columns]) => [
      asset,
      {
        asset,
        sources: sourcesOf(columns),
        downstream: Object.keys(tables).filter((other) => readsFrom(tables[other] ?? {}, asset)),
      },
    ]),
  );
}

async function trace(tables: Shop, asset: string, column: string, up: number, down: number) {
  const facts = toFacts(tables);
  const asked: (readonly string[])[] = [];
  const graph = await traceColumns({ asset, column }, { up, down }, async (assets) => {
    asked.push(assets);
    return assets.flatMap((each) => facts.get(each) ?? []);
  });
  return { graph, asked };
}

const names = (columns: readonly { asset: string; column: string; step: number }[]) =>
  columns.map(({ asset, column, step }) => `${step} ${asset}.${column}`).sort();

describe('the lineage of a column', () => {
  it('goes up to what it is made from and down to what is made from it, and takes no other columns', async () => {
    const { graph } = await trace(shop, 'staged', 'euros', 9, 9);
    expect(names(graph.columns)).toEqual([
      '-1 orders.amount',
      '-1 rates.rate',
      '0 staged.euros',
      '1 facts.euros',
      '2 report.total',
    ]);
    expect(graph.edges).toHaveLength(4);
    expect(graph.more).toEqual({ up: false, down: false });
  });

  it('ends after the steps that were asked for, and says where there is more', async () => {
    const { graph } = await trace(shop, 'facts', 'euros', 1, 0);
    expect(names(graph.columns)).toEqual(['-1 staged.euros', '0 facts.euros']);
    expect(graph.more).toEqual({ up: true, down: true });
  });

  it('asks for each asset once, those of a level together', async () => {
    const { asked } = await trace(shop, 'report', 'total', 9, 9);
    expect(asked.flat().sort()).toEqual([...new Set(asked.flat())].sort());
    expect(asked).toContainEqual(['orders', 'rates']);
  });

  it('ends where nothing is known, and where columns go round in a circle', async () => {
    const unknown = await trace(shop, 'nowhere', 'x', 9, 9);
    expect(names(unknown.graph.columns)).toEqual(['0 nowhere.x']);
    const circle: Shop = { a: { x: ['b.x'] }, b: { x: ['a.x'] } };
    const { graph } = await trace(circle, 'a', 'x', 99, 99);
    expect(graph.columns.map(columnId).sort()).toEqual(['a\nx', 'b\nx']);
    expect(graph.edges).toHaveLength(2);
  });
});

/** Tables in layers, each column of which is made from some of the layer before. */
const layeredTables = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 5 })
  .chain((widths) =>
    fc.array(fc.nat(), { minLength: 60, maxLength: 60 }).map((picks): { tables: Shop; width: number } => {
      const tables: Record<string, Record<string, readonly string[]>> = {};
      let at = 0;
      widths.forEach((width, layer) => {
        for (let table = 0; table < width; table += 1) {
          const columns: Record<string, readonly string[]> = {};
          for (const column of ['a', 'b']) {
            const before = widths[layer - 1];
            const pick = picks[at++ % picks.length] ?? 0;
            columns[column] =
              before === undefined ? [] : [`t${layer - 1}_${pick % before}.${pick % 2 === 0 ? 'a' : 'b'}`];
          }
          tables[`t${layer}_${table}`] = columns;
        }
      });
      return { tables, width: widths.length };
    }),
  );

describe('the drawing of a lineage of columns', () => {
  it('has every column and line once, boxes apart from each other, and lines from left to right', async () => {
    await fc.assert(
      fc.asyncProperty(layeredTables, async ({ tables }) => {
        const { graph } = await trace(tables, 't0_0', 'a', 9, 9);
        const { boxes, lines, width, height } = placeColumns(graph);
        expect(boxes.flatMap((box) => box.columns.map(columnId)).sort()).toEqual(
          graph.columns.map(columnId).sort(),
        );
        expect(lines).toHaveLength(graph.edges.length);
        for (const box of boxes) {
          expect(box.x + columnBox.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height + 0.01);
          for (const other of boxes) {
            if (other === box || other.x !== box.x) continue;
            expect(other.y >= box.y + box.height || box.y >= other.y + other.height).toBe(true);
          }
        }
        for (const { path } of lines) {
          const numbers = (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
          expect(numbers.at(-2)).toBeGreaterThan(numbers[0] ?? 0);
        }
      }),
    );
  });
});
