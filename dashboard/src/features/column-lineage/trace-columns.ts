/** A column of an asset. */
export interface ColumnRef {
  /** The asset's key, its parts joined with `/`. */
  readonly asset: string;
  readonly column: string;
}

/** What is known of an asset's columns. */
export interface ColumnFacts {
  readonly asset: string;
  /** Each column with those that it is made from. */
  readonly sources: ReadonlyMap<string, readonly ColumnRef[]>;
  /** Keys of the assets made from this one. */
  readonly downstream: readonly string[];
}

export interface TracedColumn extends ColumnRef {
  /** Steps from the column that was asked for: negative upstream, 0 itself. */
  readonly step: number;
}

export interface ColumnGraph {
  readonly columns: readonly TracedColumn[];
  readonly edges: readonly { readonly from: ColumnRef; readonly to: ColumnRef }[];
  /** Whether there is more beyond the steps that were asked for. */
  readonly more: { readonly up: boolean; readonly down: boolean };
}

export interface Steps {
  readonly up: number;
  readonly down: number;
}

type Load = (assets: readonly string[]) => Promise<readonly ColumnFacts[]>;

/** Columns of a graph at most: more could not be read. What is nearest stays. */
export const mostColumns = 400;

export const columnId = ({ asset, column }: ColumnRef): string => `${asset}\n${column}`;

/**
 * Follows a column up to what it is made from and down to what is made from it, level by level, asking for the assets
 * of a level at once. Only assets that say what their columns come from lead further.
 */
export async function traceColumns(start: ColumnRef, steps: Steps, load: Load): Promise<ColumnGraph> {
  const facts = new Map<string, ColumnFacts>();
  const know = async (assets: Iterable<string>) => {
    const missing = [...new Set(assets)].filter((asset) => !facts.has(asset));
    if (missing.length === 0) return;
    for (const each of await load(missing)) facts.set(each.asset, each);
  };
  const columns = new Map<string, TracedColumn>([[columnId(start), { ...start, step: 0 }]]);
  const edges = new Map<string, { from: ColumnRef; to: ColumnRef }>();

  /** Follows one direction; says whether there was more. */
  async function follow(
    most: number,
    sign: 1 | -1,
    next: (level: readonly ColumnRef[]) => Promise<readonly { from: ColumnRef; to: ColumnRef }[]>,
  ): Promise<boolean> {
    let level: readonly ColumnRef[] = [start];
    for (let step = 1; level.length > 0; step += 1) {
      const found = await next(level);
      if (found.length > 0 && (step > most || columns.size >= mostColumns)) return true;
      const reached: ColumnRef[] = [];
      for (const edge of found) {
        const ref = sign > 0 ? edge.to : edge.from;
        edges.set(`${columnId(edge.from)}\n${columnId(edge.to)}`, edge);
        if (columns.has(columnId(ref))) continue;
        columns.set(columnId(ref), { ...ref, step: sign * step });
        reached.push(ref);
      }
      level = reached;
    }
    return false;
  }

  const up = await follow(steps.up, -1, async (level) => {
    await know(level.map(({ asset }) => asset));
    return level.flatMap((to) =>
      (facts.get(to.asset)?.sources.get(to.column) ?? []).map((from) => ({ from, to })),
    );
  });
  const down = await follow(steps.down, 1, async (level) => {
    await know(level.map(({ asset }) => asset));
    const wanted = new Set(level.map(columnId));
    const candidates = new Set(level.flatMap(({ asset }) => facts.get(asset)?.downstream ?? []));
    await know(candidates);
    return [...candidates].flatMap((asset) =>
      [...(facts.get(asset)?.sources ?? [])].flatMap(([column, sources]) =>
        sources.filter((from) => wanted.has(columnId(from))).map((from) => ({ from, to: { asset, column } })),
      ),
    );
  });
  return { columns: [...columns.values()], edges: [...edges.values()], more: { up, down } };
}
