import { Link } from '@tanstack/react-router';
import { ownerText } from '../../components/asset-status';
import { cx } from '../../components/cx';
import type { GridColumn } from '../../components/data-grid-types';
import { keyToUrl } from '../../components/format/asset-key';
import { formatShare } from '../../components/format/number';
import { Meter } from '../../components/meter';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import type { AssetRow } from './asset-filter';
import styles from './assets-page.module.css';

/** A key, or its end where headings say what it begins with; without room its beginning gives way. */
export function AssetName({ row, endOnly = false }: { readonly row: AssetRow; readonly endOnly?: boolean }) {
  const path = row.node.assetKey.path;
  return (
    <Link
      to="/assets/$"
      params={{ _splat: keyToUrl(row.node.assetKey) }}
      className={styles.name}
      title={row.key}
      tabIndex={-1}
    >
      {path.length > 1 && !endOnly && (
        <>
          <span className={cx('t2', styles.prefix)}>{path.slice(0, -1).join('/')}</span>
          <span className="t2">/</span>
        </>
      )}
      <span className={cx('strong', endOnly ? 'ellipsis' : styles.leaf)}>{path.at(-1)}</span>
    </Link>
  );
}

export function Partitions({ row }: { readonly row: AssetRow }) {
  const stats = row.node.partitionStats;
  if (!stats || stats.numPartitions === 0) return <span className="t3">—</span>;
  const share = stats.numMaterialized / stats.numPartitions;
  return (
    <span className={styles.partitions}>
      <Meter
        label={`${stats.numMaterialized} of ${stats.numPartitions} partitions materialized, ${stats.numFailed} failed`}
        total={stats.numPartitions}
        parts={[
          { kind: 'success', value: stats.numMaterialized },
          { kind: 'running', value: stats.numMaterializing },
          { kind: 'failure', value: stats.numFailed },
        ]}
      />
      <span className="t2 tiny">{formatShare(share)}</span>
    </span>
  );
}

const columns: readonly GridColumn<AssetRow>[] = [
  {
    id: 'key',
    header: 'Asset key',
    width: 'minmax(220px, 2.4fr)',
    sort: (row) => row.key,
    cell: (row) => <AssetName row={row} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: '112px',
    sort: (row) => row.status.word,
    cell: (row) => <StatusText status={row.status} />,
  },
  {
    id: 'updated',
    header: 'Materialized',
    width: '92px',
    sort: (row) => row.updatedAt ?? 0,
    cell: (row) => (row.updatedAt ? <Time at={row.updatedAt} /> : <span className="t3">never</span>),
  },
  { id: 'partitions', header: 'Partitions', width: '108px', cell: (row) => <Partitions row={row} /> },
  {
    id: 'kinds',
    header: 'Kind',
    width: '108px',
    sort: (row) => row.node.kinds.join(' '),
    cell: (row) => <span className="t2">{row.node.kinds.join(', ') || '—'}</span>,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: 'minmax(96px, 1fr)',
    sort: (row) => row.node.owners.map(ownerText).join(' '),
    cell: (row) => (
      <span className="t2">
        {row.node.owners.map((owner) => ownerText(owner).replace(/^team:/, '')).join(', ') || '—'}
      </span>
    ),
  },
  {
    id: 'location',
    header: 'Code location',
    width: 'minmax(124px, 1fr)',
    sort: (row) => row.node.repository.location.name,
    cell: ({ node }) => (
      <span className="t2" title={node.repository.location.name}>
        {node.repository.location.name}
      </span>
    ),
  },
];

const columnsInTree = columns.map((column) =>
  column.id === 'key' ? { ...column, cell: (row: AssetRow) => <AssetName row={row} endOnly /> } : column,
);

/** The columns that there is room for; in a tree an asset is called by the end of its key. */
export function assetColumns(inTree: boolean, isWide: boolean): readonly GridColumn<AssetRow>[] {
  const all = inTree ? columnsInTree : columns;
  return isWide ? all : all.filter((column) => column.id !== 'location');
}
