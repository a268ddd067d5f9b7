import { formatDuration } from '../../components/format/duration';
import { formatCount } from '../../components/format/number';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import styles from './gantt.module.css';
import type { GanttProps } from './gantt-props';
import { stepWords as words } from './gantt-props';

/** Rows at a time: the selection leads to the others. */
const MOST_ROWS = 500;

export function StepTable({ layout, selected, onSelect }: GanttProps) {
  const rows = layout.rows.slice(0, MOST_ROWS);
  return (
    <div className={styles.table}>
      {rows.length < layout.rows.length && (
        <p className={styles.more}>
          The first {MOST_ROWS} of {formatCount(layout.rows.length)} rows. Select steps above to see others.
        </p>
      )}
      <SimpleTable
        label="Steps"
        columns={[
          { header: 'Step' },
          { header: 'Status' },
          { header: 'Started' },
          { header: 'Tries', right: true },
          { header: 'Duration', right: true },
        ]}
        rows={rows.map((row) => ({
          id: row.stepKey ?? row.label,
          cells: [
            row.stepKey === undefined ? (
              row.label
            ) : (
              <button
                key="step"
                type="button"
                className={styles.link}
                aria-pressed={row.stepKey === selected}
                onClick={() => onSelect(row.stepKey === selected ? undefined : row.stepKey)}
              >
                {row.label}
              </button>
            ),
            <span className="row" key="status">
              <StatusIcon kind={row.kind} />
              {words[row.kind] ?? row.kind}
            </span>,
            <Time key="start" at={row.startedAt} seconds />,
            row.stepKey === undefined ? '—' : row.tries,
            formatDuration(row.duration),
          ],
        }))}
      />
    </div>
  );
}
