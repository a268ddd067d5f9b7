import type { ReactNode } from 'react';
import { cx } from './cx';
import { ScrollRegion } from './scroll-region';
import styles from './simple-table.module.css';
import { useNarrow } from './use-media';

export interface SimpleRow {
  readonly id: string;
  readonly cells: readonly ReactNode[];
  /** Over the whole width, under the cells. */
  readonly below?: ReactNode;
  /** The row on a phone, in one line or two; without it the table scrolls sideways there. */
  readonly narrow?: ReactNode;
}

interface SimpleTableProps {
  readonly label: string;
  readonly columns: readonly { readonly header: string; readonly right?: boolean; readonly width?: string }[];
  readonly rows: readonly SimpleRow[];
  readonly empty?: string;
}

/** A short table; long lists take `DataGrid`. On a phone a list, of rows that say how they look there. */
export function SimpleTable(props: SimpleTableProps) {
  const isList = useNarrow() && props.rows.some(({ narrow }) => narrow !== undefined);
  return isList ? <NarrowList {...props} /> : <WideTable {...props} />;
}

function NarrowList({ label, rows }: SimpleTableProps) {
  return (
    <ul className={styles.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <div className={styles.narrow}>{row.narrow}</div>
          {row.below}
        </li>
      ))}
    </ul>
  );
}

function WideTable({ label, columns, rows, empty }: SimpleTableProps) {
  return (
    <ScrollRegion label={label} className={styles.wrap}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.header}
                scope="col"
                className={cx(column.right && styles.right)}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        {rows.length === 0 && empty && (
          <tbody>
            <tr>
              <td colSpan={columns.length} className={cx('t3', styles.empty)}>
                {empty}
              </td>
            </tr>
          </tbody>
        )}
        {rows.map((row) => (
          <tbody key={row.id}>
            <tr>
              {row.cells.map((cell, index) => (
                <td key={columns[index]?.header} className={cx(columns[index]?.right && styles.right)}>
                  {cell}
                </td>
              ))}
            </tr>
            {row.below && (
              <tr>
                <td colSpan={columns.length} className={styles.below}>
                  {row.below}
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </ScrollRegion>
  );
}
