import type { AssetPartitionsResult } from '../graphql/generated';
import { cronWords } from './format/cron-words';
import { formatCount } from './format/number';
import type { StatusKind } from './status';

type Node = Extract<AssetPartitionsResult['assetNodeOrError'], { readonly __typename: 'AssetNode' }>;
export type PartitionStatuses = Node['assetPartitionStatuses'];

export interface PartitionCell {
  readonly key: string;
  readonly kind: StatusKind;
}

export interface PartitionLine {
  readonly label: string;
  readonly cells: readonly PartitionCell[];
}

/** What a partition's status is called. */
export const partitionWord: Partial<Record<StatusKind, string>> = {
  success: 'materialized',
  failure: 'failed',
  running: 'materializing',
  missing: 'missing',
  none: 'not a partition',
};

/** Parts the keys of two dimensions. */
const separator = '|';

const rangeKinds: Readonly<Record<string, StatusKind>> = {
  MATERIALIZED: 'success',
  FAILED: 'failure',
  MATERIALIZING: 'running',
};

/** Statuses of one dimension; of two, those of the second one for a stretch of the first. */
type FlatStatuses = Exclude<PartitionStatuses, { readonly __typename: 'MultiPartitionStatuses' }>;

/**
 * The status of every partition key. Ranges run over the keys' order.
 *
 * @param primary of two dimensions: which part of a key the ranges are of, 0 or 1
 */
export function partitionCells(
  keys: readonly string[],
  statuses: PartitionStatuses,
  primary = 0,
): PartitionCell[] {
  const kinds = statusKinds(keys, statuses, primary);
  return keys.map((key) => ({ key, kind: kinds.get(key) ?? 'missing' }));
}

function statusKinds(
  keys: readonly string[],
  statuses: PartitionStatuses,
  primary: number,
): ReadonlyMap<string, StatusKind> {
  if (statuses.__typename !== 'MultiPartitionStatuses') return flatKinds(keys, statuses);
  const kinds = new Map<string, StatusKind>();
  const sides = [0, 1].map((part) => [...new Set(keys.map((key) => key.split(separator)[part] ?? ''))]);
  const [across = [], down = []] = primary === 0 ? sides : sides.toReversed();
  for (const range of statuses.ranges) {
    const first = across.indexOf(range.primaryDimStartKey);
    const last = across.indexOf(range.primaryDimEndKey);
    if (first < 0 || last < 0) continue;
    for (const [other, kind] of flatKinds(down, range.secondaryDim))
      for (const own of across.slice(first, last + 1))
        kinds.set((primary === 0 ? [own, other] : [other, own]).join(separator), kind);
  }
  return kinds;
}

function flatKinds(keys: readonly string[], statuses: FlatStatuses): ReadonlyMap<string, StatusKind> {
  const kinds = new Map<string, StatusKind>();
  if (statuses.__typename === 'TimePartitionStatuses') {
    const positions = new Map(keys.map((key, position) => [key, position]));
    for (const range of statuses.ranges) {
      const from = positions.get(range.startKey);
      const to = positions.get(range.endKey);
      if (from === undefined || to === undefined) continue;
      const kind = rangeKinds[range.status] ?? 'none';
      for (let position = from; position <= to; position += 1) kinds.set(keys[position] ?? '', kind);
    }
    return kinds;
  }
  for (const key of statuses.materializedPartitions) kinds.set(key, 'success');
  for (const key of statuses.failedPartitions) kinds.set(key, 'failure');
  for (const key of statuses.materializingPartitions) kinds.set(key, 'running');
  return kinds;
}

/** `0 0 * * * UTC, from 2018-01-31` → `Daily at 00:00, UTC, from 2018-01-31`; other descriptions as they are. */
export function partitionWords(description: string | null | undefined): string | undefined {
  const match = /^((?:\S+ ){4}\S+) (\S+, from .*)$/.exec(description ?? '');
  const words = match?.[1] && cronWords(match[1]);
  return words ? `${words}, ${match[2]}` : (description ?? undefined);
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const daily = /^(\d{4})-(\d{2})-(\d{2})$/;
const hourly = /^(\d{4}-\d{2}-\d{2})[-T ](\d{2})(:\d{2})?$/;

export interface PartitionGrid {
  readonly lines: readonly PartitionLine[];
  /** Keys of the columns, where two dimensions make them mean something. */
  readonly axis: readonly string[] | undefined;
}

/** The heat map's lines: two dimensions as a table with the longer one across, else days, hours or plain lines. */
export function partitionGrid(cells: readonly PartitionCell[]): PartitionGrid {
  if (!cells[0]?.key.includes(separator)) return { lines: partitionLines(cells), axis: undefined };
  const kinds = new Map(cells.map((cell) => [cell.key, cell]));
  const first = [...new Set(cells.map((cell) => cell.key.slice(0, cell.key.indexOf(separator))))];
  const second = [...new Set(cells.map((cell) => cell.key.slice(cell.key.indexOf(separator) + 1)))];
  const across = first.length >= second.length;
  const [rows, columns] = across ? [second, first] : [first, second];
  return {
    axis: columns,
    lines: rows.map((row) => ({
      label: row,
      cells: columns.map((column) => {
        const key = across ? `${column}${separator}${row}` : `${row}${separator}${column}`;
        return kinds.get(key) ?? { key, kind: 'none' };
      }),
    })),
  };
}

/** Cells between two places: a rectangle where there are two dimensions, else everything in between. */
export function cellsBetween(
  { lines, axis }: PartitionGrid,
  a: readonly [number, number],
  b: readonly [number, number],
): readonly PartitionCell[] {
  const [top, bottom] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  if (axis) {
    const [left, right] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
    return lines.slice(top, bottom + 1).flatMap((line) => line.cells.slice(left, right + 1));
  }
  const [from, to] = a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? [a, b] : [b, a];
  return lines
    .slice(from[0], to[0] + 1)
    .flatMap((line, row) =>
      line.cells.slice(row === 0 ? from[1] : 0, row === to[0] - from[0] ? to[1] + 1 : undefined),
    );
}

export interface PartitionSpan {
  readonly from: string;
  readonly to: string;
  readonly kind: StatusKind;
  readonly count: number;
}

/** Neighbours of one status as spans: the heat map in words. */
export function partitionSpans(cells: readonly PartitionCell[]): PartitionSpan[] {
  const spans: PartitionSpan[] = [];
  for (const { key, kind } of cells) {
    const last = spans.at(-1);
    if (last?.kind === kind) spans[spans.length - 1] = { ...last, to: key, count: last.count + 1 };
    else spans.push({ from: key, to: key, kind, count: 1 });
  }
  return spans;
}

/** Lines of the heat map: months of days, days of hours, or plain lines of `width` cells. */
export function partitionLines(cells: readonly PartitionCell[], width = 31): PartitionLine[] {
  const first = cells[0];
  if (!first) return [];
  if (daily.test(first.key)) {
    return groupLines(
      cells,
      (key) => {
        const match = daily.exec(key);
        const month = monthNames[Number(match?.[2]) - 1] ?? '';
        return match?.[2] === '01' ? `${month} ${match[1]}` : month;
      },
      (key) => key.slice(0, 7),
    );
  }
  if (hourly.test(first.key))
    return groupLines(
      cells,
      (key) => key.slice(5, 10),
      (key) => key.slice(0, 10),
    );
  const lines: PartitionLine[] = [];
  for (let at = 0; at < cells.length; at += width)
    lines.push({
      label: cells.length > width ? formatCount(at + 1) : '',
      cells: cells.slice(at, at + width),
    });
  return lines;
}

function groupLines(
  cells: readonly PartitionCell[],
  label: (key: string) => string,
  group: (key: string) => string,
): PartitionLine[] {
  const groups = Map.groupBy(cells, (cell) => group(cell.key));
  return [...groups.values()].map((line) => ({ label: label(line[0]?.key ?? ''), cells: line }));
}
