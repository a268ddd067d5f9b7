import { layoutLayered } from '../lineage/layered-layout';
import { type ColumnGraph, type ColumnRef, columnId, type TracedColumn } from './trace-columns';

/** An asset with those of its columns that are part of the lineage. */
export interface ColumnBox {
  readonly asset: string;
  readonly columns: readonly TracedColumn[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedColumns {
  readonly boxes: readonly ColumnBox[];
  /** Lines as SVG paths. */
  readonly lines: readonly { readonly id: string; readonly path: string }[];
  readonly width: number;
  readonly height: number;
}

export const columnBox = { width: 228, head: 34, row: 26, foot: 6 } as const;
const layerStep = columnBox.width + 84;
const margin = 2;

/** Assets in layers from left to right, lines from column to column. */
export function placeColumns(graph: ColumnGraph): PlacedColumns {
  const assets = [...Map.groupBy(graph.columns, ({ asset }) => asset)].map(([asset, columns]) => ({
    asset,
    columns: columns.toSorted((a, b) => a.column.localeCompare(b.column)),
  }));
  const indexOf = new Map(assets.map(({ asset }, index) => [asset, index]));
  const pairs = new Map<string, { readonly from: number; readonly to: number }>();
  const pairId = (from: ColumnRef, to: ColumnRef) => `${from.asset}\n${to.asset}`;
  for (const { from, to } of graph.edges) {
    const pair = { from: indexOf.get(from.asset) ?? 0, to: indexOf.get(to.asset) ?? 0 };
    if (pair.from !== pair.to) pairs.set(pairId(from, to), pair);
  }
  const ends = [...pairs.values()];
  const heights = assets.map(
    ({ columns }) => columnBox.head + columns.length * columnBox.row + columnBox.foot,
  );
  const layout = layoutLayered({
    nodes: assets.length,
    from: ends.map(({ from }) => from),
    to: ends.map(({ to }) => to),
    cluster: assets.map(() => -1),
    height: heights,
    nodeGap: 22,
    clusterGap: 0,
    layerStep,
  });
  const boxes = assets.map(
    ({ asset, columns }, index): ColumnBox => ({
      asset,
      columns,
      x: margin + (layout.x[index] ?? 0),
      y: margin + (layout.y[index] ?? 0),
      height: heights[index] ?? 0,
    }),
  );
  const bendsOf = new Map([...pairs.keys()].map((id, index) => [id, layout.bends[index]]));
  const lines = graph.edges.flatMap((edge) => {
    const from = boxes[indexOf.get(edge.from.asset) ?? -1];
    const to = boxes[indexOf.get(edge.to.asset) ?? -1];
    if (!from || !to || from === to) return [];
    const bends = bendsOf.get(pairId(edge.from, edge.to)) ?? new Float32Array();
    const id = `${columnId(edge.from)}\n${columnId(edge.to)}`;
    return [{ id, path: linePath(from, to, edge, bends) }];
  });
  return {
    boxes,
    lines,
    width: Math.max(0, layout.layers - 1) * layerStep + columnBox.width + 2 * margin,
    height: layout.height + 2 * margin,
  };
}

function rowMiddle(box: ColumnBox, { column }: ColumnRef): number {
  const row = box.columns.findIndex((each) => each.column === column);
  return box.y + columnBox.head + (row + 0.5) * columnBox.row;
}

function linePath(
  from: ColumnBox,
  to: ColumnBox,
  edge: { readonly from: ColumnRef; readonly to: ColumnRef },
  bends: Float32Array,
): string {
  let x = from.x + columnBox.width;
  let y = rowMiddle(from, edge.from);
  let path = `M${x} ${y}`;
  const curveTo = (nextX: number, nextY: number) => {
    const half = (nextX - x) / 2;
    path += ` C${x + half} ${y} ${nextX - half} ${nextY} ${nextX} ${nextY}`;
    x = nextX;
    y = nextY;
  };
  bends.forEach((bend, step) => {
    // Past the boxes of a layer in between the line stays level.
    const left = from.x + (step + 1) * layerStep;
    curveTo(left, margin + bend);
    path += ` H${left + columnBox.width}`;
    x = left + columnBox.width;
  });
  curveTo(to.x, rowMiddle(to, edge.to));
  return path;
}
