import { useMemo, useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar, WithSidePanel } from '../../components/page';
import { EmptyState } from '../../components/panel-states';
import type { PartitionCell } from '../../components/partition-grid';
import { PartitionMap } from '../../components/partition-map';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { useUrlState } from '../../components/use-url-state';
import styles from './asset-page.module.css';
import type { AssetActions } from './asset-types';
import { DimensionPicker } from './dimension-picker';
import { PartitionPanel } from './partition-panel';
import {
  filterPartitions,
  keyParts,
  partitionFilterKeys,
  partitionStatus,
  statusWord,
} from './partition-rows';
import { PartitionStrip } from './partition-strip';

/** Height of the map of two dimensions at most, in pixels: the list below it has room, too. */
const tallestMap = 180;

/**
 * The partitions of an asset: all of them in a strip, or of two dimensions in a map; a list of those that a filter
 * keeps, one beside it.
 */
export function AssetPartitions({
  path,
  cells,
  names,
  actions,
}: {
  readonly path: readonly string[];
  /** In their order. */
  readonly cells: readonly PartitionCell[];
  /** Of the dimensions, in the order of the keys' parts. */
  readonly names: readonly string[];
  readonly actions: AssetActions;
}) {
  const [search, patch] = useUrlState();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const text = search.q ?? '';
  const keys = useMemo(() => partitionFilterKeys(cells, names), [cells, names]);
  const columns = useMemo(() => partitionColumns(names), [names]);
  const shown = useMemo(() => filterPartitions(cells, text, names).toReversed(), [cells, text, names]);
  const opened = cells.find(({ key }) => key === search.partition);
  const selected = useMemo(
    () => cells.flatMap(({ key }) => (selection.has(key) ? [key] : [])),
    [cells, selection],
  );
  const open = (partition: string | undefined) => patch({ partition });
  const setFilter = (q: string) => patch({ q: q || undefined }, { push: true });
  const dimensions = names.length > 1 ? names : [];
  if (cells.length === 0)
    return (
      <EmptyState icon="assets" title="No partition yet">
        The first one is not due, or none was added.
      </EmptyState>
    );
  return (
    <>
      {dimensions.length > 0 ? (
        <div className={styles.matrix}>
          <PartitionMap
            cells={cells}
            names={names}
            onMaterialize={actions.materialize}
            onBackfill={actions.fillHoles}
            opened={search.partition}
            onOpen={open}
            tallest={tallestMap}
          />
        </div>
      ) : (
        <PartitionStrip cells={cells} onOpen={open} />
      )}
      <Toolbar>
        <FilterBar
          label="Filter partitions"
          value={text}
          keys={keys}
          onChange={setFilter}
          trailing={`${formatCount(shown.length)} of ${formatCount(cells.length)}`}
        />
        {dimensions.map((name) => (
          <DimensionPicker
            key={name}
            name={name}
            names={names}
            cells={cells}
            text={text}
            onChange={setFilter}
          />
        ))}
      </Toolbar>
      <WithSidePanel
        panel={
          opened && (
            <PartitionPanel
              key={opened.key}
              path={path}
              cell={opened}
              actions={actions}
              onClose={() => open(undefined)}
            />
          )
        }
      >
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No partition matches"
            action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
          >
            Without the filter there are {plural(cells.length, 'partition')}.
          </EmptyState>
        ) : (
          <DataGrid<PartitionCell>
            label="Partitions"
            rows={shown}
            columns={columns}
            getId={({ key }) => key}
            rowLabel={({ key }) => key}
            activeId={search.partition}
            onOpen={({ key }) => open(key)}
            selection={selection}
            onSelection={setSelection}
            sort={search.sort}
            onSort={(sort) => patch({ sort })}
            narrowHeight={44}
            narrow={(cell) => (
              <>
                <StatusIcon kind={cell.kind} label={statusWord(cell.kind)} />
                <span className="grow ellipsis">{cell.key}</span>
                <span className="t2 small">{partitionStatus(cell.kind).word}</span>
              </>
            )}
          />
        )}
      </WithSidePanel>
      {selected.length > 0 && (
        <BulkBar text={`${formatCount(selected.length)} selected`} onClear={() => setSelection(new Set())}>
          {actions.wipe && (
            <Button look="danger" onClick={() => actions.wipe?.(selected)}>
              Wipe {formatCount(selected.length)}…
            </Button>
          )}
          {actions.materialize && (
            <Button look="primary" icon="play" onClick={() => actions.materialize?.(selected)}>
              Materialize {formatCount(selected.length)}…
            </Button>
          )}
        </BulkBar>
      )}
    </>
  );
}

function partitionColumns(names: readonly string[]): readonly GridColumn<PartitionCell>[] {
  const headers = names.length > 1 ? names : ['Partition'];
  return [
    ...headers.map((header, index) => ({
      id: header,
      header,
      width: 'minmax(120px, 1fr)',
      sort: ({ key }: PartitionCell) => keyParts(key, names)[index] ?? key,
      cell: ({ key }: PartitionCell) => <span className="strong">{keyParts(key, names)[index] ?? key}</span>,
    })),
    {
      id: 'status',
      header: 'Status',
      width: 'minmax(132px, 1fr)',
      sort: ({ kind }) => statusWord(kind),
      cell: ({ kind }) => <StatusText status={partitionStatus(kind)} />,
    },
  ];
}
