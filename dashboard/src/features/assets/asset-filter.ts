import { ownerText } from '../../components/asset-status';
import {
  type FilterKey,
  type FilterToken,
  matchesPattern,
  parseFilter,
  tokenProblem,
} from '../../components/filter-tokens';
import { keyText } from '../../components/format/asset-key';
import type { Status } from '../../components/status';
import type { AssetCatalogNode } from '../../graphql/use-assets';

export interface AssetRow {
  readonly id: string;
  readonly key: string;
  readonly node: AssetCatalogNode;
  readonly status: Status;
  readonly updatedAt: number | undefined;
}

/** The texts of a row that a filter key looks at. */
const readers: Readonly<Record<string, (row: AssetRow) => readonly string[]>> = {
  key: (row) => [row.key],
  group: (row) => [row.node.groupName],
  kind: (row) => row.node.kinds,
  status: (row) => [row.status.word.toLowerCase()],
  owner: (row) => row.node.owners.map(ownerText),
  tag: (row) => row.node.tags.map((tag) => `${tag.key}=${tag.value}`),
  location: (row) => [row.node.repository.location.name],
};

/** The filter's keys, with what the catalog holds as suggestions. */
export function assetFilterKeys(rows: readonly AssetRow[]): readonly FilterKey[] {
  return Object.entries(readers).map(([key, read]) => {
    if (key === 'key') return { key };
    const counts = countValues(rows, read);
    return { key, values: [...counts].map(([value, count]) => ({ value, detail: String(count) })) };
  });
}

/** How many rows hold each value, most first. */
export function countValues(
  rows: readonly AssetRow[],
  read: (row: AssetRow) => readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of read(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}

export function readValues(key: string): (row: AssetRow) => readonly string[] {
  return readers[key] ?? (() => []);
}

function holds(row: AssetRow, token: FilterToken): boolean {
  const texts = token.key === '' ? [row.key] : readValues(token.key)(row);
  const exact =
    token.key === 'group' || token.key === 'kind' || token.key === 'status' || token.key === 'location';
  const found = token.values.some((value) =>
    texts.some((text) =>
      exact && !value.includes('*')
        ? text.toLowerCase() === value.toLowerCase()
        : matchesPattern(text, value),
    ),
  );
  return found !== token.exclude;
}

/** Rows that pass every token; red tokens do not count. */
export function filterAssets(rows: readonly AssetRow[], text: string): readonly AssetRow[] {
  const keys = Object.keys(readers).map((key) => ({ key }));
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  return tokens.length === 0 ? rows : rows.filter((row) => tokens.every((token) => holds(row, token)));
}

export function toAssetRow(node: AssetCatalogNode, status: Status, updatedAt: number | undefined): AssetRow {
  return { id: node.id, key: keyText(node.assetKey), node, status, updatedAt };
}
