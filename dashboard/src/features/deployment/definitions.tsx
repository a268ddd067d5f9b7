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
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import {
  type DefinitionKind,
  type DefinitionRow,
  definitionFilterKeys,
  definitionRows,
  filterDefinitions,
} from './definition-rows';
import { definitionsDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { ResourcePanel } from './resource-panel';

const icons: Readonly<Record<DefinitionKind, IconName>> = {
  asset: 'assets',
  check: 'check',
  job: 'jobs',
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
    header: 'Group, kind or times',
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

/** Everything that the code locations define, in one list. */
export function Definitions() {
  const query = useLiveQuery(
    definitionsDocument,
    {},
    {
      interval: pollInterval.still,
      select: (answer) => definitionRows(expectType(answer.workspaceOrError, 'Workspace').locationEntries),
    },
  );
  return (
    <QueryPanel query={query} title="Definitions could not be loaded" rows={12}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState icon="deployment" title="Nothing is defined yet" command="npx headrace init my-project">
            Code locations define assets, checks, jobs, resources, schedules and sensors. Begin with an
            example:
          </EmptyState>
        ) : (
          <Browser rows={rows} />
        )
      }
    </QueryPanel>
  );
}

function Browser({ rows }: { readonly rows: readonly DefinitionRow[] }) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const text = search.q ?? '';
  const shown = useMemo(() => filterDefinitions(rows, text), [rows, text]);
  const open = rows.find((row) => row.id === search.open);
  const close = useCallback(() => patch({ open: undefined }), [patch]);
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter definitions"
          value={text}
          keys={definitionFilterKeys(rows)}
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
            open?.resource && (
              <ResourcePanel key={open.id} row={open} resource={open.resource} onClose={close} />
            )
          }
        >
          <DataGrid<DefinitionRow>
            label="Definitions"
            rows={shown}
            columns={columns}
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
                  second={`${row.kind} · ${row.location}`}
                />
              </>
            )}
          />
        </WithSidePanel>
      )}
    </>
  );
}
