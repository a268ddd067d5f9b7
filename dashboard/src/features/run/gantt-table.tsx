import { formatDuration } from '../../components/format/duration';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import styles from './gantt.module.css';
import type { GanttProps } from './gantt-props';
import { stepWords as words } from './gantt-props';

export function StepTable({ layout, selected, onSelect }: GanttProps) {
  return (
    <div className={styles.table}>
      <SimpleTable
        label="Steps"
        columns={[
          { header: 'Step' },
          { header: 'Status' },
          { header: 'Started' },
          { header: 'Tries', right: true },
          { header: 'Duration', right: true },
        ]}
        rows={layout.rows.map((row) => ({
          id: row.label,
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
            <Time key="start" at={row.bars[0]?.from ?? null} seconds />,
            row.stepKey === undefined ? '—' : row.tries,
            formatDuration(row.duration),
          ],
        }))}
      />
    </div>
  );
}
