import {
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { DataGridProps, GridItem } from './data-grid-types';
import { foldRows } from './fold-rows';

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
});

function parseSort(sort: string | undefined): SortingState {
  if (!sort) return [];
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }];
}

export interface GridItems<Row> {
  /** Sorted rows under the headings of their groups; rows of a closed group are left out. */
  readonly items: readonly GridItem<Row>[];
  readonly toggle: (id: string) => void;
  /** Selects or clears one row; with shift also those between it and the last. */
  readonly select: (id: string, checked: boolean, shiftKey: boolean) => void;
}

/** Sorting, selection and groups of a grid. */
export function useGridItems<Row extends object>(
  props: DataGridProps<Row>,
  closed: ReadonlySet<string>,
): GridItems<Row> {
  const { rows, columns, getId, selection, onSelection, groupOf, pathOf } = props;
  const tableColumns = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        accessorFn: column.sort ?? (() => 0),
        enableSorting: column.sort !== undefined,
        sortFn: (a: { original: Row }, b: { original: Row }) => {
          const left = column.sort?.(a.original) ?? 0;
          const right = column.sort?.(b.original) ?? 0;
          return left < right ? -1 : left > right ? 1 : 0;
        },
      })),
    [columns],
  );
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries([...(selection ?? [])].map((id) => [id, true])),
    [selection],
  );
  const sorting = useMemo(() => parseSort(props.sort), [props.sort]);
  const table = useTable({
    features,
    data: rows as Row[],
    columns: tableColumns,
    getRowId: getId,
    state: { sorting, rowSelection },
    enableRowSelection: ({ original }) => props.isSelectable?.(original) ?? true,
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update;
      onSelection?.(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const sortedRows = table.getRowModel().rows;

  const items = useMemo<readonly GridItem<Row>[]>(() => {
    const plain = sortedRows.map((row) => ({ type: 'row' as const, row: row.original, id: row.id }));
    const headingsOf = pathOf ?? (groupOf && ((row: Row) => [groupOf(row)]));
    return foldRows(plain, headingsOf ?? (() => []), closed);
  }, [sortedRows, groupOf, pathOf, closed]);

  return {
    items,
    toggle: (id) => table.getRow(id).toggleSelected(),
    select: (id, checked, shiftKey) =>
      table.getRow(id).getToggleSelectedHandler()({ target: { checked }, shiftKey }),
  };
}
