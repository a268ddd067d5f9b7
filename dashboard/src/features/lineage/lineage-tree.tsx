import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { plural, truncateMiddle } from '../../components/format/number';
import { StatusIcon } from '../../components/status-icon';
import type { AssetRow } from '../assets/asset-filter';
import styles from './lineage-page.module.css';

/** Of a key that has room. */
const mostLetters = 27;

const columns: readonly GridColumn<AssetRow>[] = [
  {
    id: 'asset',
    header: 'Asset',
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <span className="row" title={row.key}>
        <StatusIcon kind={row.status.kind} label={row.status.word} />
        <span className="nowrap">{truncateMiddle(row.key, mostLetters)}</span>
      </span>
    ),
  },
];

/** The assets of the graph as a list beside it: one is shown in the graph, several are chosen. */
export function LineageTree({
  rows,
  groupOf,
  activeId,
  onOpen,
  selection,
  onSelection,
}: {
  readonly rows: readonly AssetRow[];
  readonly groupOf: (row: AssetRow) => string;
  readonly activeId: string | undefined;
  readonly onOpen: (row: AssetRow) => void;
  readonly selection: ReadonlySet<string>;
  readonly onSelection: (selection: ReadonlySet<string>) => void;
}) {
  return (
    <aside className={styles.side} aria-label="Assets of the graph">
      <DataGrid<AssetRow>
        label="Assets of the graph"
        rows={rows}
        columns={columns}
        getId={(row) => row.key}
        rowLabel={(row) => row.key}
        rowHeight={28}
        activeId={activeId}
        onOpen={onOpen}
        groupOf={groupOf}
        groupDetail={(members) => <span className="t3">{plural(members.length, 'asset')}</span>}
        selection={selection}
        onSelection={onSelection}
      />
    </aside>
  );
}
