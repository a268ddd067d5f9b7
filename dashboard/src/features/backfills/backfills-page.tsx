import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, LoadingRows, QueryPanel } from '../../components/panel-states';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { backfillColumns, backfillNarrow } from './backfill-columns';
import { backfillFilterKeys, passesBackfillFilter } from './backfill-filter';
import type { BackfillRow } from './backfill-progress';
import { isLive } from './backfill-words';
import { backfillsDocument } from './backfills.graphql';

/** Rows asked for at first, and by which the list grows at its end. */
const pageSize = 100;
/** The API's limit on one page. */
const maxRows = 1_000;

export function BackfillsPage() {
  const [limit, setLimit] = useState(pageSize);
  const query = useLiveQuery(
    backfillsDocument,
    { limit },
    {
      interval: (rows: readonly BackfillRow[] | undefined) =>
        rows?.some(isLive) ? 2_000 : pollInterval.slow,
      select: (answer) => expectType(answer.partitionBackfillsOrError, 'PartitionBackfills').results,
    },
  );
  return (
    <>
      <PageTitle title="Backfills" />
      <QueryPanel query={query} title="Backfills could not be loaded" rows={10}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="backfills"
              title="No backfills yet"
              command="npx headrace backfill launch raw/earthquakes --range 2026-01-01...2026-01-31"
            >
              A backfill makes many partitions of assets or of a job. Launch one from an asset’s page, or:
            </EmptyState>
          ) : (
            <Backfills
              rows={rows}
              growing={query.isPlaceholderData}
              onEnd={() => {
                if (rows.length === limit && limit < maxRows) setLimit(Math.min(maxRows, limit + pageSize));
              }}
            />
          )
        }
      </QueryPanel>
    </>
  );
}

function Backfills({
  rows,
  growing,
  onEnd,
}: {
  readonly rows: readonly BackfillRow[];
  readonly growing: boolean;
  readonly onEnd: () => void;
}) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const text = search.q ?? '';
  const shown = useMemo(() => rows.filter((row) => passesBackfillFilter(row, text)), [rows, text]);
  const running = rows.filter(isLive).length;
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter backfills"
          value={text}
          keys={backfillFilterKeys}
          onChange={(q) => patch({ q: q || undefined })}
        />
        <span className="small t2 nowrap wide-only">
          {formatCount(shown.length)} of {formatCount(rows.length)} · {formatCount(running)} in progress
        </span>
      </Toolbar>
      {shown.length === 0 ? (
        <EmptyState
          icon="search"
          title="No backfill matches"
          action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
        >
          Without the filter there are {plural(rows.length, 'backfill')}.
        </EmptyState>
      ) : (
        <DataGrid<BackfillRow>
          label="Backfills"
          rows={shown}
          columns={backfillColumns}
          getId={(row) => row.id}
          rowLabel={(row) => `Backfill ${row.id}`}
          rowHeight={46}
          onOpen={(row) =>
            void navigate({ to: '/backfills/$backfillId', params: { backfillId: row.id }, search: {} })
          }
          narrow={backfillNarrow}
          narrowHeight={64}
          onEnd={onEnd}
          footer={growing ? <LoadingRows rows={2} /> : undefined}
        />
      )}
    </>
  );
}
