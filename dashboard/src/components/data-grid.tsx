// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transforms, which table elements do not follow
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is the stop of the roving focus, cells are not
import {
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Checkbox } from './checkbox';
import { cx } from './cx';
import styles from './data-grid.module.css';
import { Icon } from './icon';
import { isTyping } from './is-typing';
import { useMedia, useNarrow } from './use-media';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track: `120px`, `minmax(160px, 1fr)`. */
  readonly width: string;
  readonly right?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the header sort by this value. */
  readonly sort?: (row: Row) => string | number;
}

export interface GridGroup {
  readonly title: string;
  readonly detail?: ReactNode;
}

export interface DataGridProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly GridColumn<Row>[];
  readonly getId: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** Row that a side panel shows. */
  readonly activeId?: string | undefined;
  readonly selection?: ReadonlySet<string>;
  readonly onSelection?: (selection: ReadonlySet<string>) => void;
  /** `column` or `-column`. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** Rows of one group stand together under its heading, in the order of `groups`. */
  readonly groupOf?: ((row: Row) => string) | undefined;
  readonly describeGroup?: (group: string, rows: readonly Row[]) => GridGroup;
  readonly rowHeight?: number;
  /** One row on a phone. */
  readonly narrow?: (row: Row) => ReactNode;
  readonly narrowHeight?: number;
  /** Called when the end comes near. */
  readonly onEnd?: () => void;
  readonly footer?: ReactNode;
}

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
});

type Item<Row> =
  | { readonly type: 'group'; readonly group: string; readonly rows: readonly Row[] }
  | { readonly type: 'row'; readonly row: Row; readonly id: string };

function parseSort(sort: string | undefined): SortingState {
  if (!sort) return [];
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }];
}

/** A dense virtual table: sorting, selection with ranges, groups, keyboard (j k x Enter). */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const { rows, columns, getId, selection, onSelection, groupOf } = props;
  const isNarrow = useNarrow() && props.narrow !== undefined;
  const isCoarse = useMedia('(pointer: coarse)');
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string>();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());

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
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update;
      onSelection?.(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const sortedRows = table.getRowModel().rows;

  const items = useMemo<readonly Item<Row>[]>(() => {
    const plain = sortedRows.map((row) => ({ type: 'row' as const, row: row.original, id: row.id }));
    if (!groupOf) return plain;
    const groups = new Map<string, (typeof plain)[number][]>();
    for (const item of plain) {
      const group = groupOf(item.row);
      const list = groups.get(group);
      if (list) list.push(item);
      else groups.set(group, [item]);
    }
    return [...groups].flatMap(([group, list]): Item<Row>[] => [
      { type: 'group', group, rows: list.map((item) => item.row) },
      ...(closed.has(group) ? [] : list),
    ]);
  }, [sortedRows, groupOf, closed]);

  const height = isNarrow ? (props.narrowHeight ?? 60) : Math.max(props.rowHeight ?? 32, isCoarse ? 44 : 0);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.type === 'group' ? 28 : height),
    getItemKey: (index) => {
      const item = items[index];
      return item?.type === 'group' ? `group:${item.group}` : (item?.id ?? index);
    },
    overscan: 12,
    scrollPaddingStart: 28,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures again when the row height changes
  useEffect(() => virtualizer.measure(), [height, items]);

  const visible = virtualizer.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (items.length > 0 && lastVisible >= items.length - 8) onEnd?.();
  }, [lastVisible, items.length, onEnd]);

  const focusRow = (index: number) => {
    const item = items[index];
    if (item?.type !== 'row') return;
    setCursor(item.id);
    virtualizer.scrollToIndex(index);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(item.id)}"]`)?.focus();
    });
  };
  const move = (by: 1 | -1) => {
    let index = items.findIndex((item) => item.type === 'row' && item.id === cursor);
    if (index < 0 && by < 0) return;
    do index += by;
    while (items[index]?.type === 'group');
    focusRow(index);
  };
  const actions = useRef({ move, cursor, items, props, table });
  actions.current = { move, cursor, items, props, table };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const { current } = actions;
      const focused = event.target instanceof Element && event.target.hasAttribute('data-row-id');
      const step =
        event.key === 'j' || (focused && event.key === 'ArrowDown')
          ? 1
          : event.key === 'k' || (focused && event.key === 'ArrowUp')
            ? -1
            : 0;
      if (step !== 0) {
        event.preventDefault();
        current.move(step);
        return;
      }
      if (!focused) return;
      const id = event.target.getAttribute('data-row-id');
      const item = current.items.find((each) => each.type === 'row' && each.id === id);
      if (item?.type !== 'row') return;
      if (event.key === 'Enter') current.props.onOpen?.(item.row);
      else if (event.key === 'x' && current.props.onSelection) {
        event.preventDefault();
        current.table.getRow(item.id).toggleSelected();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const selectable = onSelection !== undefined;
  const template = `${selectable ? '14px ' : ''}${columns.map((column) => column.width).join(' ')}`;
  const firstRow = items.find((item) => item.type === 'row');
  const tabStop = items.some((item) => item.type === 'row' && item.id === cursor)
    ? cursor
    : firstRow?.type === 'row'
      ? firstRow.id
      : undefined;
  const allSelected = rows.length > 0 && rows.every((row) => selection?.has(getId(row)));

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={items.length + 1}
      aria-colcount={columns.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable || undefined}
    >
      <div className={styles.sizer} style={{ '--columns': template } as React.CSSProperties}>
        {!isNarrow && (
          <div className={styles.head} role="row" aria-rowindex={1}>
            {selectable && (
              <span role="columnheader" aria-label="Selection">
                <Checkbox
                  label="Select all loaded rows"
                  checked={allSelected}
                  mixed={!allSelected && (selection?.size ?? 0) > 0}
                  onChange={(checked) => onSelection(new Set(checked ? rows.map(getId) : []))}
                />
              </span>
            )}
            {columns.map((column) => (
              <GridHeader key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        )}
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {visible.map((virtual) => {
            const item = items[virtual.index];
            if (!item) return null;
            const style = { transform: `translateY(${virtual.start}px)`, height: virtual.size };
            if (item.type === 'group') {
              const open = !closed.has(item.group);
              const group = props.describeGroup?.(item.group, item.rows) ?? { title: item.group };
              return (
                <div
                  key={virtual.key}
                  role="row"
                  className={styles.group}
                  style={style}
                  aria-rowindex={virtual.index + 2}
                >
                  <span role="gridcell" className="row" aria-colspan={columns.length}>
                    <button
                      type="button"
                      className={styles.toggle}
                      aria-expanded={open}
                      onClick={() => {
                        const next = new Set(closed);
                        if (open) next.add(item.group);
                        else next.delete(item.group);
                        setClosed(next);
                      }}
                    >
                      <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
                      {group.title}
                    </button>
                    {group.detail}
                  </span>
                </div>
              );
            }
            const selected = selection?.has(item.id) ?? false;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled for the whole page, with j, k and x
              <div
                key={virtual.key}
                role="row"
                className={cx(
                  styles.row,
                  isNarrow && styles.narrow,
                  selected && styles.selected,
                  item.id === props.activeId && styles.active,
                )}
                style={style}
                tabIndex={item.id === tabStop ? 0 : -1}
                data-row-id={item.id}
                data-opens={props.onOpen ? '' : undefined}
                aria-label={props.rowLabel(item.row)}
                aria-rowindex={virtual.index + 2}
                aria-selected={selectable ? selected : undefined}
                onFocus={(event) => event.target === event.currentTarget && setCursor(item.id)}
                onClick={(event) => {
                  if ((event.target as Element).closest('a, button, input')) return;
                  if (getSelection()?.toString()) return;
                  props.onOpen?.(item.row);
                }}
              >
                {isNarrow ? (
                  <span role="gridcell" className={styles.narrowCell}>
                    {props.narrow?.(item.row)}
                  </span>
                ) : (
                  <>
                    {selectable && (
                      <span role="gridcell" className={styles.check}>
                        <Checkbox
                          label={`Select ${props.rowLabel(item.row)}`}
                          checked={selected}
                          tabIndex={-1}
                          onChange={(checked, shiftKey) =>
                            table.getRow(item.id).getToggleSelectedHandler()({
                              target: { checked },
                              shiftKey,
                            })
                          }
                        />
                      </span>
                    )}
                    {columns.map((column) => (
                      <span
                        key={column.id}
                        role="gridcell"
                        className={cx(styles.cell, column.right && styles.right)}
                      >
                        {column.cell(item.row)}
                      </span>
                    ))}
                  </>
                )}
              </div>
            );
          })}
        </div>
        {props.footer}
      </div>
    </div>
  );
}

function GridHeader<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: GridColumn<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((sort: string | undefined) => void) | undefined;
}) {
  const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined;
  const next =
    direction === 'ascending' ? `-${column.id}` : direction === 'descending' ? undefined : column.id;
  return (
    <span
      role="columnheader"
      className={cx(styles.cell, column.right && styles.right)}
      aria-sort={direction ?? (column.sort && onSort ? 'none' : undefined)}
    >
      {column.sort && onSort ? (
        <button type="button" className={styles.sort} onClick={() => onSort(next)}>
          {column.header}
          {direction && <Icon name={direction === 'ascending' ? 'chevronUp' : 'chevronDown'} size={12} />}
        </button>
      ) : (
        column.header
      )}
    </span>
  );
}
