import type { GridItem } from './data-grid-types';

type RowItem<Row> = Omit<Extract<GridItem<Row>, { readonly type: 'row' }>, 'depth'>;

interface Folder<Row> {
  readonly path: readonly string[];
  readonly folders: Map<string, Folder<Row>>;
  readonly items: RowItem<Row>[];
}

/** How a heading is known in a set of closed ones. */
const headingId = (path: readonly string[]): string => path.join('/');

/**
 * Rows under their headings, folders before the rows beside them, in the order of the rows. A heading that holds
 * nothing but another one is one line with it. What stands under a closed heading is left out.
 */
export function foldRows<Row>(
  items: readonly RowItem<Row>[],
  pathOf: (row: Row) => readonly string[],
  closed: ReadonlySet<string>,
): readonly GridItem<Row>[] {
  return linesIn(toFolder(items, pathOf), 0, closed);
}

/** The headings that stand under no other one. */
export function outermostHeadings<Row>(
  rows: readonly Row[],
  pathOf: (row: Row) => readonly string[],
): readonly string[] {
  const items = rows.map((row) => ({ type: 'row' as const, row, id: '' }));
  return [...toFolder(items, pathOf).folders.values()].map((folder) => headingId(joinLonely(folder).path));
}

function toFolder<Row>(items: readonly RowItem<Row>[], pathOf: (row: Row) => readonly string[]): Folder<Row> {
  const root: Folder<Row> = { path: [], folders: new Map(), items: [] };
  for (const item of items) {
    let folder = root;
    for (const part of pathOf(item.row)) {
      const next = folder.folders.get(part) ?? {
        path: [...folder.path, part],
        folders: new Map(),
        items: [],
      };
      folder.folders.set(part, next);
      folder = next;
    }
    folder.items.push(item);
  }
  return root;
}

function linesIn<Row>(folder: Folder<Row>, depth: number, closed: ReadonlySet<string>): GridItem<Row>[] {
  return [
    ...[...folder.folders.values()].flatMap((each) => {
      const inner = joinLonely(each);
      const group = headingId(inner.path);
      const title = inner.path.slice(folder.path.length).join(' / ');
      const heading: GridItem<Row> = { type: 'group', group, title, depth, rows: rowsIn(inner) };
      return closed.has(group) ? [heading] : [heading, ...linesIn(inner, depth + 1, closed)];
    }),
    ...folder.items.map((item) => ({ ...item, depth })),
  ];
}

function joinLonely<Row>(folder: Folder<Row>): Folder<Row> {
  const [only, ...others] = folder.folders.values();
  return only && others.length === 0 && folder.items.length === 0 ? joinLonely(only) : folder;
}

const rowsIn = <Row>(folder: Folder<Row>): Row[] => [
  ...[...folder.folders.values()].flatMap(rowsIn),
  ...folder.items.map((item) => item.row),
];
