// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transforms, which table elements do not follow
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is the stop of the roving focus, cells are not
import type { CSSProperties, ReactNode } from 'react';
import { Checkbox } from './checkbox';
import { cx } from './cx';
import styles from './data-grid.module.css';
import type { DataGridProps } from './data-grid-types';
import { Icon } from './icon';

interface Placed {
  /** Where the virtual list puts the line. */
  readonly style: CSSProperties;
  readonly rowIndex: number;
  /** In a tree: 1 for what stands under no heading. */
  readonly level: number | undefined;
}

/** A group's heading, which opens and closes it. */
export function GridGroupRow({
  title,
  detail,
  open,
  onToggle,
  columnCount,
  style,
  rowIndex,
  level,
}: Placed & {
  readonly title: string;
  readonly detail: ReactNode;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly columnCount: number;
}) {
  return (
    <div role="row" className={styles.group} style={style} aria-rowindex={rowIndex} aria-level={level}>
      <span role="gridcell" className="row" aria-colspan={columnCount}>
        <button type="button" className={styles.toggle} aria-expanded={open} onClick={onToggle}>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
          {title}
        </button>
        {detail}
      </span>
    </div>
  );
}

/** One row: its cells, or one line made for phones. */
export function GridRow<Row>({
  grid,
  row,
  id,
  isNarrow,
  isTabStop,
  onFocus,
  onSelect,
  style,
  rowIndex,
  level,
}: Placed & {
  readonly grid: DataGridProps<Row>;
  readonly row: Row;
  readonly id: string;
  readonly isNarrow: boolean;
  readonly isTabStop: boolean;
  readonly onFocus: () => void;
  readonly onSelect: (checked: boolean, shiftKey: boolean) => void;
}) {
  const selectable = grid.onSelection !== undefined;
  const selected = grid.selection?.has(id) ?? false;
  const checkbox = (grid.isSelectable?.(row) ?? true) && (
    <Checkbox label={`Select ${grid.rowLabel(row)}`} checked={selected} tabIndex={-1} onChange={onSelect} />
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled for the whole page, with j, k and x
    <div
      role="row"
      className={cx(
        styles.row,
        isNarrow && styles.narrow,
        selected && styles.selected,
        id === grid.activeId && styles.active,
      )}
      style={style}
      tabIndex={isTabStop ? 0 : -1}
      data-row-id={id}
      data-opens={grid.onOpen ? '' : undefined}
      aria-label={grid.rowLabel(row)}
      aria-rowindex={rowIndex}
      aria-level={level}
      aria-selected={selectable ? selected : undefined}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      onClick={(event) => {
        // React tells of clicks in a menu of the row, too, which is not inside of it.
        if (!event.currentTarget.contains(event.target as Node)) return;
        if ((event.target as Element).closest('a, button, input')) return;
        if (getSelection()?.toString()) return;
        grid.onOpen?.(row);
      }}
    >
      {isNarrow ? (
        <span role="gridcell" className={styles.narrowCell}>
          {selectable && <span className={styles.narrowCheck}>{checkbox}</span>}
          {grid.narrow?.(row)}
        </span>
      ) : (
        <>
          {selectable && (
            <span role="gridcell" className={styles.check}>
              {checkbox}
            </span>
          )}
          {grid.columns.map((column, index) => (
            <span
              key={column.id}
              role="gridcell"
              className={cx(styles.cell, column.right && styles.right, index === 0 && styles.indented)}
            >
              {column.cell(row)}
            </span>
          ))}
        </>
      )}
    </div>
  );
}
