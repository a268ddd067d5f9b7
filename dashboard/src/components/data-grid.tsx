// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transforms, which table elements do not follow
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is one of two, grid and treegrid, which have them
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is the stop of the roving focus, cells are not
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import styles from './data-grid.module.css';
import type { DataGridProps, GridItem } from './data-grid-types';
import { GridHead } from './grid-head';
import { GridGroupRow, GridRow } from './grid-row';
import { useGridItems } from './use-grid-items';
import { useGridKeys } from './use-grid-keys';
import { useMedia, useNarrow } from './use-media';

/** A dense virtual table: sorting, selection with ranges, groups, keyboard (j k x Enter). */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const isNarrow = useNarrow() && props.narrow !== undefined;
  const isCoarse = useMedia('(pointer: coarse)');
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string>();
  const [ownClosed, setOwnClosed] = useState<ReadonlySet<string>>(new Set());
  const { closed = ownClosed, onClosed = setOwnClosed } = props;
  const { items, toggle, select } = useGridItems(props, closed);

  const height = isNarrow ? (props.narrowHeight ?? 60) : Math.max(props.rowHeight ?? 32, isCoarse ? 44 : 0);
  const groupHeight = isCoarse ? 44 : 28;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.type === 'group' ? groupHeight : height),
    getItemKey: (index) => {
      const item = items[index];
      return item?.type === 'group' ? `group:${item.group}` : (item?.id ?? index);
    },
    overscan: 12,
    scrollPaddingStart: groupHeight,
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
  const selectable = props.onSelection !== undefined;
  useGridKeys({ items, cursor, focusRow, onOpen: props.onOpen, toggle: selectable ? toggle : undefined });

  const toggleGroup = (group: string) => {
    const next = new Set(closed);
    if (!next.delete(group)) next.add(group);
    onClosed(next);
  };
  const template = `${selectable ? '14px ' : ''}${props.columns.map((column) => column.width).join(' ')}`;
  const tabStop = findTabStop(items, cursor);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role={props.pathOf ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={items.length + 1}
      aria-colcount={props.columns.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable || undefined}
    >
      <div className={styles.sizer} style={{ '--columns': template } as CSSProperties}>
        {!isNarrow && <GridHead {...props} />}
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {visible.map((virtual) => {
            const item = items[virtual.index];
            if (!item) return null;
            const placed = {
              style: {
                transform: `translateY(${virtual.start}px)`,
                height: virtual.size,
                '--depth': props.pathOf ? item.depth : 0,
              } as CSSProperties,
              rowIndex: virtual.index + 2,
              level: props.pathOf ? item.depth + 1 : undefined,
            };
            return item.type === 'group' ? (
              <GridGroupRow
                key={virtual.key}
                {...placed}
                title={item.title}
                detail={props.groupDetail?.(item.rows)}
                open={!closed.has(item.group)}
                onToggle={() => toggleGroup(item.group)}
                columnCount={props.columns.length}
              />
            ) : (
              <GridRow
                key={virtual.key}
                {...placed}
                grid={props}
                row={item.row}
                id={item.id}
                isNarrow={isNarrow}
                isTabStop={item.id === tabStop}
                onFocus={() => setCursor(item.id)}
                onSelect={(checked, shiftKey) => select(item.id, checked, shiftKey)}
              />
            );
          })}
        </div>
        {props.footer}
      </div>
    </div>
  );
}

/** The row that Tab reaches: the one last focused, or the first. */
function findTabStop(items: readonly GridItem<object>[], cursor: string | undefined): string | undefined {
  const rows = items.filter((item) => item.type === 'row');
  return (rows.find((item) => item.id === cursor) ?? rows[0])?.id;
}
