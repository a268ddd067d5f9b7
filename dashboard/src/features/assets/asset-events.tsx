import { useCallback, useMemo } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { metadataLabel } from '../../components/format/metadata-label';
import { formatCount } from '../../components/format/number';
import { Toolbar, WithSidePanel } from '../../components/page';
import { EmptyState, ErrorState, LoadingRows } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import { eventKinds, eventStatus, type ListedEvent } from './asset-event';
import { AssetEventPanel } from './asset-event-panel';
import { isLine, LineValue } from './metadata-line';
import { PartitionFilter } from './partition-filter';
import { RunReference } from './run-reference';
import { useAssetEvents } from './use-asset-events';

/** Metadata that fits on a line. */
const onLine = 4;

/** Materializations, observations and failed attempts in one feed; one of them opens beside it. */
export function AssetEvents({
  path,
  partitions,
}: {
  readonly path: readonly string[];
  /** Keys to filter by, in their order; undefined of an asset without partitions. */
  readonly partitions: readonly string[] | undefined;
}) {
  const [search, patch] = useUrlState();
  const kind = eventKinds.find(({ value }) => value === search.type) ?? eventKinds[0];
  const { pages, events, waiting, showNew } = useAssetEvents(path, kind.types, search.partition);
  const columns = useMemo(() => eventColumns(partitions !== undefined), [partitions]);
  const close = useCallback(() => patch({ event: undefined }), [patch]);
  return (
    <>
      <Toolbar>
        <Segmented
          label="Kind of event"
          value={kind.value}
          options={eventKinds}
          onChange={(value) => patch({ type: value === 'all' ? undefined : value, event: undefined })}
        />
        {partitions && (
          <PartitionFilter
            key={search.partition}
            keys={partitions}
            value={search.partition}
            onChange={(partition) => patch({ partition, event: undefined }, { push: true })}
          />
        )}
        {waiting > 0 && (
          <Button small icon="chevronUp" onClick={showNew}>
            {formatCount(waiting)} new
          </Button>
        )}
      </Toolbar>
      <WithSidePanel
        panel={
          search.event && <AssetEventPanel key={search.event} path={path} id={search.event} onClose={close} />
        }
      >
        {pages.isPending ? (
          <LoadingRows rows={12} />
        ) : pages.error && events.length === 0 ? (
          <ErrorState
            title="Events could not be loaded"
            error={pages.error}
            onRetry={() => void pages.refetch()}
            retrying={pages.isFetching}
          />
        ) : events.length === 0 ? (
          <NoEvent
            filtered={kind.value !== 'all' || search.partition !== undefined}
            onClear={() => patch({ type: undefined, partition: undefined })}
          />
        ) : (
          <DataGrid<ListedEvent>
            label="Events"
            rows={events}
            columns={columns}
            getId={(event) => event.id}
            rowLabel={(event) => `${eventStatus(event).word} ${event.partition ?? ''}`.trim()}
            activeId={search.event}
            onOpen={(event) => patch({ event: event.id })}
            narrow={(event) => <NarrowEvent event={event} />}
            onEnd={() => {
              if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
            }}
            footer={pages.isFetchingNextPage ? <LoadingRows rows={2} /> : undefined}
          />
        )}
      </WithSidePanel>
    </>
  );
}

function NoEvent({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <EmptyState icon="search" title="No such event" action={<Button onClick={onClear}>Show all</Button>}>
      Nothing of this kind is kept of this asset or partition.
    </EmptyState>
  ) : (
    <EmptyState icon="assets" title="Nothing happened yet">
      Materializations, observations and failed attempts of this asset appear here.
    </EmptyState>
  );
}

function eventColumns(isPartitioned: boolean): readonly GridColumn<ListedEvent>[] {
  return [
    {
      id: 'when',
      header: 'When',
      width: '124px',
      cell: (event) => <Time at={Number(event.timestamp)} seconds />,
    },
    {
      id: 'event',
      header: 'Event',
      width: '124px',
      cell: (event) => <StatusText status={eventStatus(event)} />,
    },
    ...(isPartitioned
      ? [
          {
            id: 'partition',
            header: 'Partition',
            width: 'minmax(108px, 0.5fr)',
            cell: (event: ListedEvent) => (
              <span title={event.partition ?? undefined}>{event.partition ?? '—'}</span>
            ),
          },
        ]
      : []),
    {
      id: 'run',
      header: 'Run',
      width: '84px',
      cell: (event) => <RunReference runId={event.runId} />,
    },
    { id: 'says', header: 'Says', width: 'minmax(160px, 2fr)', cell: (event) => <Says event={event} /> },
  ];
}

/** What fits of an event on a line: why it failed, or its description and first metadata. */
function Says({ event }: { readonly event: ListedEvent }) {
  if (event.__typename === 'FailedToMaterializeEvent')
    return <span className="t2">{event.error?.message.split('\n')[0] ?? event.message}</span>;
  const entries = event.metadataEntries.filter(isLine);
  return (
    <>
      {event.description && <span className="t2">{event.description} </span>}
      {entries.slice(0, onLine).map((entry, index) => (
        <span key={entry.label}>
          {index > 0 && <span className="t3"> · </span>}
          <span className="t3">{metadataLabel(entry.label)}</span> <LineValue entry={entry} />
        </span>
      ))}
    </>
  );
}

function NarrowEvent({ event }: { readonly event: ListedEvent }) {
  const status = eventStatus(event);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className="grow">
        <TwoLines first={event.partition ?? status.word} second={<Says event={event} />} />
      </span>
      <span className="t2 nowrap">
        <Time at={Number(event.timestamp)} />
      </span>
    </>
  );
}
