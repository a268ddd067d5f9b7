import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, truncateMiddle } from '../../components/format/number';
import { Icon } from '../../components/icon';
import type { IconName } from '../../components/icon-paths';
import { Toolbar, WithSidePanel } from '../../components/page';
import { EmptyState } from '../../components/panel-states';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import {
  type DefinitionKind,
  type DefinitionRow,
  definitionFilterKeys,
  filterDefinitions,
} from './definition-rows';
import styles from './deployment-page.module.css';
import { OpPanel } from './op-panel';
import { ResourcePanel } from './resource-panel';

const icons: Readonly<Record<DefinitionKind, IconName>> = {
  asset: 'assets',
  check: 'check',
  graph: 'lineage',
  job: 'jobs',
  op: 'table',
  partitions: 'backfills',
  resource: 'deployment',
  schedule: 'schedules',
  sensor: 'sensors',
};
const kindOf = (row: DefinitionRow) => (
  <span className={styles.kind}>
    <Icon name={icons[row.kind]} size={14} />
    {row.kind}
  </span>
);
const columns: readonly GridColumn<DefinitionRow>[] = [
  { id: 'kind', header: 'Kind', width: '104px', cell: kindOf, sort: (row) => row.kind },
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 1.6fr)',
    cell: (row) => (
      <span className="strong ellipsis" title={row.name}>
        {truncateMiddle(row.name, 60)}
      </span>
    ),
    sort: (row) => row.name,
  },
  {
    id: 'detail',
    header: 'About it',
    width: 'minmax(160px, 1.2fr)',
    cell: (row) => <span className="t2 ellipsis">{row.detail}</span>,
    sort: (row) => row.detail,
  },
  {
    id: 'location',
    header: 'Code location',
    width: 'minmax(120px, .8fr)',
    cell: (row) => row.location,
    sort: (row) => row.location,
  },
  {
    id: 'description',
    header: 'Description',
    width: 'minmax(160px, 2fr)',
    cell: (row) => (
      <span className="t2 ellipsis" title={row.description}>
        {row.description}
      </span>
    ),
  },
];

/** Definitions to be looked through; a row opens its page, or beside the list what has none. */
export function DefinitionBrowser({
  rows,
  withLocation = true,
}: {
  readonly rows: readonly DefinitionRow[];
  /** Whether they are of several code locations. Default true. */
  readonly withLocation?: boolean;
}) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const text = search.q ?? '';
  const shown = useMemo(() => filterDefinitions(rows, text), [rows, text]);
  const open = rows.find((row) => row.id === search.open);
  const hidden = new Set([...(withLocation ? [] : ['location']), ...(open ? ['description'] : [])]);
  const close = useCallback(() => patch({ open: undefined }), [patch]);
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter definitions"
          value={text}
          keys={definitionFilterKeys(rows).filter(({ key }) => withLocation || key !== 'location')}
          onChange={(q) => patch({ q: q || undefined }, { push: true })}
        />
        <span className="small nowrap wide-only">
          <b className="strong">{formatCount(shown.length)}</b> of {formatCount(rows.length)}
        </span>
      </Toolbar>
      {shown.length === 0 ? (
        <EmptyState
          icon="search"
          title="No definition matches"
          action={
            <Button onClick={() => patch({ q: undefined })}>Show all {formatCount(rows.length)}</Button>
          }
        />
      ) : (
        <WithSidePanel
          panel={
            open?.resource ? (
              <ResourcePanel key={open.id} row={open} resource={open.resource} onClose={close} />
            ) : (
              open?.op && <OpPanel key={open.id} row={open} op={open.op} onClose={close} />
            )
          }
        >
          <DataGrid<DefinitionRow>
            label="Definitions"
            rows={shown}
            columns={columns.filter(({ id }) => !hidden.has(id))}
            getId={(row) => row.id}
            rowLabel={(row) => `${row.kind} ${row.name} of ${row.location}`}
            activeId={open?.id}
            onOpen={(row) =>
              row.address === undefined
                ? patch({ open: row.id }, { push: true })
                : void navigate({ href: row.address })
            }
            sort={search.sort}
            onSort={(sort) => patch({ sort })}
            narrow={(row) => (
              <>
                <Icon name={icons[row.kind]} size={14} />
                <TwoLines
                  first={<span className="strong">{row.name}</span>}
                  second={`${row.kind} · ${withLocation ? row.location : row.detail}`}
                />
              </>
            )}
          />
        </WithSidePanel>
      )}
    </>
  );
}
