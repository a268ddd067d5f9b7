import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { assetStatus, ownerText } from '../../components/asset-status';
import { BulkBar } from '../../components/bulk-bar';
import { Button, buttonClass } from '../../components/button';
import { DataGrid, type GridColumn } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { keyToUrl } from '../../components/format/asset-key';
import { formatCount, formatShare, plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { MaterializeDialog } from '../../components/materialize-dialog';
import { Meter } from '../../components/meter';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { useUrlState } from '../../components/use-url-state';
import { useAssetCatalog, useAssetsLatest } from '../../graphql/use-assets';
import { useMaterialize } from '../../graphql/use-materialize';
import { AssetFacets } from './asset-facets';
import { type AssetRow, assetFilterKeys, filterAssets, toAssetRow } from './asset-filter';
import styles from './assets-page.module.css';

function AssetName({ row }: { readonly row: AssetRow }) {
  const path = row.node.assetKey.path;
  return (
    <Link to="/assets/$" params={{ _splat: keyToUrl(row.node.assetKey) }} title={row.key} tabIndex={-1}>
      {path.length > 1 && <span className="t2">{path.slice(0, -1).join('/')}/</span>}
      <span className="strong">{path.at(-1)}</span>
    </Link>
  );
}

function Partitions({ row }: { readonly row: AssetRow }) {
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
    width: 'minmax(200px, 2fr)',
    sort: (row) => row.key,
    cell: (row) => <AssetName row={row} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: '124px',
    sort: (row) => row.status.word,
    cell: (row) => <StatusText status={row.status} />,
  },
  {
    id: 'updated',
    header: 'Materialized',
    width: '96px',
    sort: (row) => row.updatedAt ?? 0,
    cell: (row) => (row.updatedAt ? <Time at={row.updatedAt} /> : <span className="t3">never</span>),
  },
  { id: 'partitions', header: 'Partitions', width: '140px', cell: (row) => <Partitions row={row} /> },
  {
    id: 'kinds',
    header: 'Kind',
    width: '96px',
    sort: (row) => row.node.kinds.join(' '),
    cell: (row) => row.node.kinds.map((kind) => <Tag key={kind} value={kind} />),
  },
  {
    id: 'owner',
    header: 'Owner',
    width: 'minmax(100px, 1fr)',
    sort: (row) => row.node.owners.map(ownerText).join(' '),
    cell: (row) => <span className="t2">{row.node.owners.map(ownerText).join(', ') || '—'}</span>,
  },
  {
    id: 'location',
    header: 'Code location',
    width: 'minmax(100px, 1fr)',
    sort: (row) => row.node.repository.location.name,
    cell: (row) => <span className="t2">{row.node.repository.location.name}</span>,
  },
];

export function AssetsPage() {
  const catalog = useAssetCatalog();
  return (
    <>
      <PageTitle title="Assets" />
      <QueryPanel query={catalog} title="Assets could not be loaded" rows={16}>
        {(nodes) =>
          nodes.length === 0 ? (
            <EmptyState icon="assets" title="No assets yet" command="npx headrace init">
              An asset is a table or file that your code makes. Declare one in `orchestration/assets/`, or let
              this write an example:
            </EmptyState>
          ) : (
            <Catalog nodes={nodes} />
          )
        }
      </QueryPanel>
    </>
  );
}

function Catalog({ nodes }: { readonly nodes: NonNullable<ReturnType<typeof useAssetCatalog>['data']> }) {
  const [search, patch] = useUrlState();
  const navigate = useNavigate();
  const latest = useAssetsLatest(nodes);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [launching, setLaunching] = useState<readonly AssetRow[]>();
  const text = search.q ?? '';
  const rows = useMemo(
    () =>
      nodes
        .map((node) => {
          const info = latest?.get(node.assetKey.path.join('/'));
          const at = info?.latestMaterialization ? Number(info.latestMaterialization.timestamp) : undefined;
          return toAssetRow(node, assetStatus(node.staleStatus, info), at);
        })
        .sort((a, b) => a.key.localeCompare(b.key)),
    [nodes, latest],
  );
  const shown = useMemo(() => filterAssets(rows, text), [rows, text]);
  const keys = useMemo(() => assetFilterKeys(rows), [rows]);
  const grouped = search.view !== 'flat';
  const selected = rows.filter((row) => selection.has(row.id));
  const setFilter = (q: string) => patch({ q: q || undefined }, { push: true });
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter assets"
          value={text}
          keys={keys}
          onChange={setFilter}
          trailing={`${formatCount(shown.length)} of ${plural(rows.length, 'asset')}`}
        />
        <Segmented
          label="View"
          value={grouped ? 'groups' : 'flat'}
          options={[
            { value: 'groups', text: 'Groups' },
            { value: 'flat', text: 'Flat' },
          ]}
          onChange={(view) => patch({ view: view === 'flat' ? 'flat' : undefined })}
        />
        <Link to="/lineage" search={text ? { q: text } : {}} className={buttonClass()}>
          <Icon name="lineage" size={14} />
          Open in lineage
        </Link>
      </Toolbar>
      <div className={styles.split}>
        <AssetFacets rows={rows} text={text} onChange={setFilter} />
        {shown.length === 0 ? (
          <div className="grow">
            <EmptyState
              icon="search"
              title="No asset matches"
              action={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
            >
              Without the filter there are {plural(rows.length, 'asset')}.
            </EmptyState>
          </div>
        ) : (
          <DataGrid<AssetRow>
            label="Assets"
            rows={shown}
            columns={columns}
            getId={(row) => row.id}
            rowLabel={(row) => row.key}
            rowHeight={30}
            onOpen={(row) =>
              void navigate({ to: '/assets/$', params: { _splat: keyToUrl(row.node.assetKey) } })
            }
            selection={selection}
            onSelection={setSelection}
            sort={search.sort}
            onSort={(sort) => patch({ sort })}
            groupOf={grouped ? (row) => row.node.groupName : undefined}
            describeGroup={(group, members) => ({
              title: group,
              detail: <GroupDetail rows={members} />,
            })}
            narrow={(row) => (
              <>
                <StatusIcon kind={row.status.kind} label={row.status.word} />
                <span className="grow">
                  <span className="ellipsis">
                    <AssetName row={row} />
                  </span>
                </span>
                <span className="t2 nowrap">{row.updatedAt ? <Time at={row.updatedAt} /> : 'never'}</span>
              </>
            )}
          />
        )}
      </div>
      {selected.length > 0 && (
        <BulkBar text={`${selected.length} selected`} onClear={() => setSelection(new Set())}>
          <MaterializeButton rows={selected} onLaunch={setLaunching} />
        </BulkBar>
      )}
      {launching && <Launch rows={launching} onClose={() => setLaunching(undefined)} />}
    </>
  );
}

function GroupDetail({ rows }: { readonly rows: readonly AssetRow[] }) {
  const bad = (['failure', 'stale', 'missing', 'running'] as const).flatMap((kind) => {
    const members = rows.filter((row) => row.status.kind === kind);
    return members.length > 0 ? [{ kind, count: members.length, word: members[0]?.status.word ?? '' }] : [];
  });
  return (
    <>
      <span className="t3">{plural(rows.length, 'asset')}</span>
      {bad.map((each) => (
        <span
          key={each.kind}
          className={styles.groupCount}
          title={`${each.count} ${each.word.toLowerCase()}`}
        >
          <StatusIcon kind={each.kind} label={each.word} size={12} />
          {each.count}
        </span>
      ))}
    </>
  );
}

function MaterializeButton({
  rows,
  onLaunch,
}: {
  readonly rows: readonly AssetRow[];
  readonly onLaunch: (rows: readonly AssetRow[]) => void;
}) {
  const able = rows.filter((row) => row.node.isMaterializable && row.node.hasMaterializePermission);
  const reason = able.length === 0 ? 'None of the selected assets can be materialized by you' : undefined;
  return (
    <Button
      look="primary"
      icon="play"
      disabled={able.length === 0}
      title={reason}
      onClick={() => onLaunch(able)}
    >
      Materialize {able.length}…
    </Button>
  );
}

function Launch({ rows, onClose }: { readonly rows: readonly AssetRow[]; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const materialize = useMaterialize();
  return (
    <MaterializeDialog
      assets={rows.map((row) => row.key)}
      partitioned={rows.some((row) => row.node.isPartitioned)}
      pending={materialize.isPending}
      error={materialize.error}
      onClose={onClose}
      onLaunch={(partitions) =>
        materialize.mutate(
          {
            partitions,
            targets: rows.map((row) => ({
              path: row.node.assetKey.path,
              repositoryName: row.node.repository.name,
              locationName: row.node.repository.location.name,
            })),
          },
          {
            onSuccess: ({ runIds, backfillId }) => {
              const [runId] = runIds;
              showToast({
                kind: 'success',
                title: backfillId
                  ? `Launched backfill ${backfillId}`
                  : `Launched ${plural(runIds.length, 'run')}`,
                detail: plural(rows.length, 'asset'),
                ...(runId
                  ? {
                      action: {
                        text: 'Open',
                        run: () => void navigate({ to: '/runs/$runId', params: { runId } }),
                      },
                    }
                  : {}),
              });
              onClose();
            },
          },
        )
      }
    />
  );
}
