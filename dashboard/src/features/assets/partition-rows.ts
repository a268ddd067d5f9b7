import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { type PartitionCell, partitionWord } from '../../components/partition-grid';
import type { Status, StatusKind } from '../../components/status';

const separator = '|';
const statuses = ['success', 'failure', 'running', 'missing'] as const;

/** A partition's status as one word of a filter or of a list. */
export const statusWord = (kind: StatusKind): string => partitionWord[kind] ?? kind;

/** The same as a status stands in a list. */
export function partitionStatus(kind: StatusKind): Status {
  const word = statusWord(kind);
  return { kind, word: word.charAt(0).toUpperCase() + word.slice(1) };
}

/** The parts of a key: one for each dimension. */
export function keyParts(key: string, names: readonly string[]): readonly string[] {
  const parts = key.split(separator);
  return names.length > 1 && parts.length === names.length ? parts : [key];
}

/** The filter's keys: `status:`, and of several dimensions each by its name. */
export function partitionFilterKeys(
  cells: readonly PartitionCell[],
  names: readonly string[],
): readonly FilterKey[] {
  const counts = Map.groupBy(cells, ({ kind }) => kind);
  const values = statuses.flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0;
    return count > 0 ? [{ value: statusWord(kind), detail: String(count) }] : [];
  });
  const dimensions = names.length > 1 ? names : [];
  return [
    { key: 'status', values },
    ...dimensions.map((key, index) => ({
      key,
      values: [...new Set(cells.map((cell) => keyParts(cell.key, names)[index] ?? ''))].map((value) => ({
        value,
      })),
    })),
  ];
}

/** A value of a dimension, with how many partitions there are of it and how many of those are made. */
export interface DimensionValue {
  readonly value: string;
  readonly all: number;
  readonly made: number;
}

/** The values of one dimension, in their order. */
export function dimensionValues(
  cells: readonly PartitionCell[],
  names: readonly string[],
  name: string,
): readonly DimensionValue[] {
  const index = names.indexOf(name);
  const byValue = Map.groupBy(cells, ({ key }) => keyParts(key, names)[index] ?? '');
  return [...byValue].map(([value, list]) => ({
    value,
    all: list.length,
    made: list.filter(({ kind }) => kind === 'success').length,
  }));
}

/** The partitions that pass every token; red tokens do not count. `*` stands for anything. */
export function filterPartitions(
  cells: readonly PartitionCell[],
  text: string,
  names: readonly string[],
): readonly PartitionCell[] {
  const keys = ['status', ...names].map((key) => ({ key }));
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  if (tokens.length === 0) return cells;
  return cells.filter((cell) =>
    tokens.every(({ key, values, exclude }) => {
      const held =
        key === ''
          ? values.some((value) => matchesPattern(cell.key, value))
          : key === 'status'
            ? values.includes(statusWord(cell.kind))
            : values.some((value) => isPart(keyParts(cell.key, names)[names.indexOf(key)] ?? '', value));
      return held !== exclude;
    }),
  );
}

const isPart = (part: string, wanted: string): boolean =>
  wanted.includes('*') ? matchesPattern(part, wanted) : part === wanted;
