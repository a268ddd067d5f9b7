import { CopyId } from '../../components/copy-text';
import type { GridColumn } from '../../components/data-grid-types';
import { formatDuration } from '../../components/format/duration';
import { formatCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { Meter } from '../../components/meter';
import { runTrigger } from '../../components/run-tags';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import styles from './backfill-page.module.css';
import { type BackfillRow, countTargets, progressParts, progressText } from './backfill-progress';
import { backfillStatus, targetDetail, targetText } from './backfill-words';

/** How far a backfill is: numbers, and a bar below them. */
export function BackfillProgress({ row }: { readonly row: Pick<BackfillRow, 'targetCounts'> }) {
  const counts = countTargets(row.targetCounts);
  const text = progressText(counts, formatCount);
  return (
    <span className={styles.progress}>
      <span className="ellipsis">{text}</span>
      <Meter parts={progressParts(counts)} total={counts.total} label={`${text} partitions`} />
    </span>
  );
}

/** Who, or what, launched a backfill. */
export function BackfillTrigger({ row }: { readonly row: Pick<BackfillRow, 'user' | 'tags'> }) {
  const trigger = runTrigger(row.tags);
  const { icon, text } = row.user === null ? trigger : { icon: 'user' as const, text: row.user };
  return (
    <span className="row" title={text}>
      <Icon name={icon} size={14} />
      <span className="ellipsis">{text}</span>
    </span>
  );
}

function End({ row }: { readonly row: BackfillRow }) {
  if (row.endTime !== null) {
    return (
      <TwoLines
        first={<Time at={row.endTime * 1_000} />}
        second={`took ${formatDuration((row.endTime - row.creationTime) * 1_000)}`}
      />
    );
  }
  if (row.estimatedEndTime === null)
    return (
      <TwoLines first={<span className="t3">—</span>} second={row.isPaused ? 'paused' : 'no estimate yet'} />
    );
  return (
    <TwoLines
      first={
        <>
          about <Time at={row.estimatedEndTime * 1_000} />
        </>
      }
      second={<Time at={row.estimatedEndTime * 1_000} relative />}
    />
  );
}

export const backfillColumns: readonly GridColumn<BackfillRow>[] = [
  {
    id: 'status',
    header: 'Status',
    width: '116px',
    cell: (row) => <StatusText status={backfillStatus(row)} />,
  },
  { id: 'id', header: 'Backfill', width: '108px', cell: (row) => <CopyId id={row.id} /> },
  {
    id: 'target',
    header: 'Target',
    width: 'minmax(180px, 1.4fr)',
    cell: (row) => (
      <TwoLines
        first={
          <span className="strong" title={targetText(row)}>
            {targetText(row)}
          </span>
        }
        second={row.title ?? targetDetail(row)}
      />
    ),
  },
  {
    id: 'progress',
    header: 'Partitions made',
    width: 'minmax(170px, 1fr)',
    cell: (row) => <BackfillProgress row={row} />,
  },
  { id: 'end', header: 'End', width: '132px', cell: (row) => <End row={row} /> },
  {
    id: 'user',
    header: 'Launched by',
    width: 'minmax(120px, .8fr)',
    cell: (row) => <BackfillTrigger row={row} />,
  },
  {
    id: 'created',
    header: 'Launched',
    width: '112px',
    cell: (row) => (
      <TwoLines
        first={<Time at={row.creationTime * 1_000} />}
        second={<Time at={row.creationTime * 1_000} relative />}
      />
    ),
  },
];

/** One backfill on a phone. */
export function backfillNarrow(row: BackfillRow) {
  const status = backfillStatus(row);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className={styles.narrow}>
        <span className="strong ellipsis">{targetText(row)}</span>
        <BackfillProgress row={row} />
      </span>
      <TwoLines end first={status.word} second={<Time at={row.creationTime * 1_000} />} />
    </>
  );
}
