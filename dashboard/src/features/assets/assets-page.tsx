import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button, buttonClass } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { outermostHeadings } from '../../components/fold-rows';
import { keyToUrl } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { Toolbar } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useMedia } from '../../components/use-media';
import { useUrlState } from '../../components/use-url-state';
import { useAssetCatalog } from '../../graphql/use-assets';
import { materializeTarget } from '../../graphql/use-materialize';
import { AssetName, assetColumns } from './asset-columns';
import { AssetFacets } from './asset-facets';
import { type AssetRow, assetFilterKeys, filterAssets, outdatedRows } from './asset-filter';
import styles from './assets-page.module.css';
import { BulkButtons } from './bulk-buttons';
import { Materialize } from './materialize';
import { useAssetRows } from './use-asset-rows';

const views = [
  { value: 'groups', text: 'Groups' },
  { value: 'keys', text: 'Keys' },
  { value: 'flat', text: 'Flat' },
] as const;

const groupOf = (row: AssetRow): string => row.node.groupName;
const prefixOf = (row: AssetRow): readonly string[] => row.node.assetKey.path.slice(0, -1);

function headingsOf(view: (typeof views)[number]['value'], rows: readonly AssetRow[]): readonly string[] {
  if (view === 'flat') return [];
  return outermostHeadings(rows, view === 'keys' ? prefixOf : (row) => [groupOf(row)]);
}

export function AssetsPage() {
  const catalog = useAssetCatalog();
  return (
    <>
      <PageTitle title="Assets" />
      <QueryPanel query={catalog} title="Assets could not be loaded" rows={16}>
        {(nodes) =>
          nodes.length === 0 ? (
            <EmptyState
              icon="assets"
              title="No assets yet"
              command="asset({ key: 'example/numbers', run: () => [1, 2, 3] })"
            >
              An asset is a table or file that your code makes. Declare one in your code location:
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
  const isWide = useMedia('(min-width: 1400px)');
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [launching, setLaunching] = useState<readonly AssetRow[]>();
  const text = search.q ?? '';
  const view = views.find(({ value }) => value === search.view)?.value ?? 'groups';
  const closed = useMemo(() => new Set(search.closed?.split(',').filter(Boolean)), [search.closed]);
  const rows = useAssetRows(nodes);
  const shown = useMemo(() => filterAssets(rows, text), [rows, text]);
  const keys = useMemo(() => assetFilterKeys(rows), [rows]);
  const headings = useMemo(() => headingsOf(view, shown), [view, shown]);
  const allClosed = headings.every((heading) => closed.has(heading));
  const outdated = outdatedRows(shown);
  const selected = rows.filter((row) => selection.has(row.id));
  const setClosed = (next: Iterable<string>) => patch({ closed: [...next].join(',') || undefined });
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
          value={view}
          options={views}
          onChange={(next) => patch({ view: next === 'groups' ? undefined : next, closed: undefined })}
        />
        {headings.length > 1 && (
          <Button look="ghost" onClick={() => setClosed(allClosed ? [] : headings)}>
            {allClosed ? 'Unfold all' : 'Fold all'}
          </Button>
        )}
        {outdated.length > 0 && (
          <Button icon="play" onClick={() => setLaunching(outdated)}>
            Materialize {formatCount(outdated.length)} stale or missing…
          </Button>
        )}
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
            columns={assetColumns(view === 'keys', isWide)}
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
            groupOf={view === 'groups' ? groupOf : undefined}
            pathOf={view === 'keys' ? prefixOf : undefined}
            groupDetail={(members) => <GroupDetail rows={members} />}
            closed={closed}
            onClosed={setClosed}
            narrow={(row) => (
              <>
                <StatusIcon kind={row.status.kind} label={row.status.word} />
                <span className="grow">
                  <TwoLines
                    first={<AssetName row={row} endOnly={view === 'keys'} />}
                    second={[row.status.word, ...row.node.kinds].join(' · ')}
                  />
                </span>
                <span className="t2 nowrap">{row.updatedAt ? <Time at={row.updatedAt} /> : 'never'}</span>
              </>
            )}
          />
        )}
      </div>
      {selected.length > 0 && (
        <BulkBar text={`${selected.length} selected`} onClear={() => setSelection(new Set())}>
          <BulkButtons rows={selected} onDone={() => setSelection(new Set())} />
          <MaterializeButton rows={selected} onLaunch={setLaunching} />
        </BulkBar>
      )}
      {launching && (
        <Materialize
          targets={launching.map((row) => materializeTarget(row.node))}
          partitioned={launching.some((row) => row.node.isPartitioned)}
          onClose={() => setLaunching(undefined)}
        />
      )}
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
