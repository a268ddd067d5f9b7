// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transforms, which table elements do not follow
// biome-ignore-all lint/a11y/useFocusableInteractive: the row is the stop of the roving focus, cells are not
import { Checkbox } from './checkbox';
import { cx } from './cx';
import styles from './data-grid.module.css';
import type { DataGridProps, GridColumn } from './data-grid-types';
import { Icon } from './icon';

/** The line of column headings, which stays in sight; headings that sort are buttons. */
export function GridHead<Row>(props: DataGridProps<Row>) {
  const { columns, getId, selection, onSelection, isSelectable } = props;
  const rows = isSelectable ? props.rows.filter(isSelectable) : props.rows;
  const allSelected = rows.length > 0 && rows.every((row) => selection?.has(getId(row)));
  return (
    <div className={styles.head} role="row" aria-rowindex={1}>
      {onSelection && (
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
