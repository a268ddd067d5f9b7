import type { ReactNode } from 'react';
import { cx } from './cx';
import { ScrollRegion } from './scroll-region';
import styles from './simple-table.module.css';

/** A short table; long lists take `DataGrid`. */
export function SimpleTable({
  label,
  columns,
  rows,
  empty,
}: {
  readonly label: string;
  readonly columns: readonly { readonly header: string; readonly right?: boolean; readonly width?: string }[];
  readonly rows: readonly {
    readonly id: string;
    readonly cells: readonly ReactNode[];
    readonly below?: ReactNode;
  }[];
  readonly empty?: string;
}) {
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
              <td colSpan={columns.length} className="t3">
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
