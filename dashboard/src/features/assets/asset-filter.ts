import { type SelectableAsset, selectAssets } from '../../../../lib/model/selection';
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
import { suggestKeys, suggestSelection } from './suggest-selection';

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
  const names = rows.map((row) => row.key);
  const plain = Object.entries(readers).map(([key, read]): FilterKey => {
    if (key === 'key') return { key, suggest: (typed) => suggestKeys(names, typed) };
    const counts = countValues(rows, read);
    return { key, values: [...counts].map(([value, count]) => ({ value, detail: String(count) })) };
  });
  const select: FilterKey = {
    key: 'select',
    suggest: (typed) => suggestSelection(selectable(rows), typed),
    problem: (token) => selectRows(token.values.join(','), rows).problem,
  };
  const word: FilterKey = {
    key: '',
    suggest: (typed) => suggestKeys(names, typed),
    problem: (token) => {
      const selection = selectionOf(token);
      return selection === undefined ? undefined : selectRows(selection, rows).problem;
    },
  };
  return [...plain, select, word];
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

/** `2+orders`, `orders+`, and what stands behind `select:` is the selection language of jobs and the command line. */
function selectionOf(token: FilterToken): string | undefined {
  const text = token.values.join(',');
  if (token.key === 'select') return text;
  return token.key === '' && /^\d*\+\S|\S\+\d*$/.test(text) ? text : undefined;
}

const kindOfPartitions = 'partitioned';

/** An asset as selections look at it; its state is not among what they can ask of it. */
export function selectableNode(node: AssetCatalogNode): SelectableAsset {
  return {
    key: keyText(node.assetKey),
    deps: node.dependencyKeys.map(keyText),
    group: node.groupName,
    kinds: node.kinds,
    owners: node.owners.map(ownerText),
    tags: Object.fromEntries(node.tags.map((tag) => [tag.key, tag.value])),
    external: !node.isMaterializable,
    ...(node.isPartitioned ? { partitions: [kindOfPartitions] } : {}),
    attributes: { code_location: [node.repository.location.name], job: node.jobNames },
  };
}

function toSelectable({ node, status }: AssetRow): SelectableAsset {
  const own = selectableNode(node);
  return { ...own, shown: true, attributes: { ...own.attributes, status: [status.word.toUpperCase()] } };
}

const graphs = new WeakMap<readonly AssetRow[], readonly SelectableAsset[]>();

/** The rows as the graph that selections are asked of; made once for a list of rows. */
function selectable(rows: readonly AssetRow[]): readonly SelectableAsset[] {
  const graph = graphs.get(rows) ?? rows.map(toSelectable);
  graphs.set(rows, graph);
  return graph;
}

/** Keys that a selection names, or why it names none. */
export function selectRows(
  text: string,
  rows: readonly AssetRow[],
): { readonly keys: ReadonlySet<string>; readonly problem: string | undefined } {
  try {
    return { keys: new Set(selectAssets(text, selectable(rows))), problem: undefined };
  } catch (error) {
    return { keys: new Set(), problem: (error as Error).message };
  }
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

const none = { keys: new Set<string>(), problem: undefined };

/** Rows that pass every token; red tokens do not count. */
export function filterAssets(rows: readonly AssetRow[], text: string): readonly AssetRow[] {
  const keys = Object.keys(readers).map((key) => ({ key }));
  const tokens = parseFilter(text);
  const selections = tokens.flatMap((token) => {
    const selection = selectionOf(token);
    const { keys: found, problem } = selection === undefined ? none : selectRows(selection, rows);
    return selection === undefined || problem !== undefined ? [] : [{ found, exclude: token.exclude }];
  });
  const plain = tokens.filter((token) => selectionOf(token) === undefined && !tokenProblem(token, keys));
  if (plain.length + selections.length === 0) return rows;
  return rows.filter(
    (row) =>
      plain.every((token) => holds(row, token)) &&
      selections.every(({ found, exclude }) => found.has(row.key) !== exclude),
  );
}

/**
 * The rows to make again. Of partitioned assets each page says which partitions are missing: no one partition is
 * right for all of them.
 */
export function outdatedRows(rows: readonly AssetRow[]): readonly AssetRow[] {
  return rows.filter(
    ({ status, node }) =>
      (status.kind === 'stale' || status.kind === 'missing') &&
      node.isMaterializable &&
      node.hasMaterializePermission &&
      !node.isPartitioned,
  );
}

export function toAssetRow(node: AssetCatalogNode, status: Status, updatedAt: number | undefined): AssetRow {
  return { id: node.id, key: keyText(node.assetKey), node, status, updatedAt };
}
