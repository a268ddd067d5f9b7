import { CopyId } from '../../components/copy-text';
import { cx } from '../../components/cx';
import type { GridColumn } from '../../components/data-grid-types';
import { formatCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { BackfillProgress, BackfillTrigger, backfillNarrow } from '../backfills/backfill-columns';
import { backfillStatus, targetDetail, targetText } from '../backfills/backfill-words';
import { runColumns, runNarrow } from './run-columns';
import styles from './runs-page.module.css';
import type { FeedRow } from './use-runs-feed';

/** A row of the list, a run inside an open backfill, or the way to all of its runs. */
export type GroupedRow =
  | (Extract<FeedRow, { readonly kind: 'run' }> & { readonly isInside?: boolean })
  | Extract<FeedRow, { readonly kind: 'backfill' }>
  | {
      readonly kind: 'more';
      readonly id: string;
      readonly backfillId: string;
      /** All runs of the backfill, and those above. */
      readonly count: number;
      readonly shown: number;
    };

type BackfillCells = Readonly<
  Record<string, (row: Extract<GroupedRow, { readonly kind: 'backfill' }>) => React.ReactNode>
>;

/** The columns of runs, filled for backfills too. */
export function groupedColumns(
  medians: ReadonlyMap<string, number>,
  open: string | undefined,
  onToggle: (backfillId: string) => void,
): readonly GridColumn<GroupedRow>[] {
  const ofBackfill: BackfillCells = {
    status: ({ backfill }) => <StatusText status={backfillStatus(backfill)} />,
    run: ({ id }) => (
      <span className={styles.backfillId}>
        <button
          type="button"
          className={cx('hit', styles.toggle)}
          aria-expanded={open === id}
          aria-label={`Runs of backfill ${id}`}
          onClick={() => onToggle(id)}
        >
          <Icon name={open === id ? 'chevronDown' : 'chevronRight'} size={14} />
        </button>
        <CopyId id={id} />
      </span>
    ),
    target: ({ backfill }) => (
      <>
        <span className="strong">{targetText(backfill)}</span>{' '}
        <span className="t3">{backfill.title ?? targetDetail(backfill)}</span>
      </>
    ),
    trigger: ({ backfill }) => <BackfillTrigger row={backfill} />,
    created: ({ creationTime }) => <Time at={creationTime * 1_000} seconds />,
    duration: ({ backfill }) => <BackfillProgress row={backfill} />,
  };
  return runColumns(medians).map(({ cell, sort: _, ...column }) => ({
    ...column,
    ...(column.id === 'run' ? { width: '126px' } : {}),
    cell: (row) => {
      if (row.kind === 'backfill') return ofBackfill[column.id]?.(row);
      if (row.kind === 'more') return column.id === 'target' ? <MoreRuns row={row} /> : null;
      const content = cell(row.run);
      return row.isInside && column.id === 'run' ? <span className={styles.inside}>{content}</span> : content;
    },
  }));
}

/** One row on a phone. */
export function groupedNarrow(row: GroupedRow) {
  if (row.kind === 'backfill') return backfillNarrow(row.backfill);
  if (row.kind === 'more') return <MoreRuns row={row} />;
  return runNarrow(row.run);
}

function MoreRuns({ row }: { readonly row: Extract<GroupedRow, { readonly kind: 'more' }> }) {
  return (
    <span className="t2">
      {row.count > row.shown
        ? `the newest ${row.shown} of ${formatCount(row.count)} runs; open the backfill for all`
        : row.count === 0
          ? 'no run of it yet'
          : 'open the backfill for its partitions and events'}
    </span>
  );
}
