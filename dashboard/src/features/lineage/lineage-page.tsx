import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar, WithSidePanel } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { type AssetCatalogNode, useAssetCatalog } from '../../graphql/use-assets';
import { materializeTarget } from '../../graphql/use-materialize';
import { assetFilterKeys, filterAssets, outdatedRows } from '../assets/asset-filter';
import { Materialize } from '../assets/materialize';
import { useAssetRows } from '../assets/use-asset-rows';
import { AssetPanel } from './lineage-asset-panel';
import { type Grouping, groupings, toLineageAsset } from './lineage-assets';
import { LineageCanvas } from './lineage-canvas';
import { lineageBoxes } from './lineage-graph';
import { LineageTable } from './lineage-table';
import { TraversalSteppers } from './traversal-steppers';
import { formatTraversal, parseTraversal } from './traversal-token';
import { useLineageLayout } from './use-lineage-layout';

/** Up to this many assets all groups are open at first; in the list, also where there are few groups. */
const openAll = 60;
const fewGroups = 8;

export function LineagePage() {
  const catalog = useAssetCatalog();
  return (
    <>
      <PageTitle title="Lineage" crumbs={[{ text: 'Assets', to: '/assets' }]} />
      <QueryPanel query={catalog} title="Lineage could not be loaded" rows={12}>
        {(nodes) =>
          nodes.length === 0 ? (
            <EmptyState
              icon="lineage"
              title="No assets yet"
              command="asset({ key: 'example/total', inputs: { numbers }, run: … })"
            >
              The lineage shows which asset is made from which. Declare two assets, one reading the other:
            </EmptyState>
          ) : (
            <Lineage nodes={nodes} />
          )
        }
      </QueryPanel>
    </>
  );
}

function Lineage({ nodes }: { readonly nodes: readonly AssetCatalogNode[] }) {
  const [search, patch] = useUrlState();
  const rows = useAssetRows(nodes);
  const zone = useZone();
  const [launching, setLaunching] = useState<readonly AssetCatalogNode[]>();
  const isTable = search.view === 'table';
  const by: Grouping = groupings.find(({ value }) => value === search.by)?.value ?? 'group';
  const text = search.q ?? (search.focus ? formatTraversal({ key: search.focus, up: 2, down: 2 }) : '');
  const keys = useMemo(() => assetFilterKeys(rows), [rows]);
  const shownRows = useMemo(() => filterAssets(rows, text), [rows, text]);
  const assets = useMemo(() => {
    const time = { zone, now: Date.now() };
    return rows.map((row) => toLineageAsset(row, by, time));
  }, [rows, by, zone]);
  const shown = useMemo(() => {
    if (shownRows.length === rows.length) return assets;
    const kept = new Set(shownRows.map((row) => row.key));
    return assets.filter((asset) => kept.has(asset.key));
  }, [assets, rows, shownRows]);
  const groups = useMemo(() => [...new Set(shown.map((asset) => asset.group))], [shown]);
  const openText = search.open;
  const openGroups = useMemo(() => {
    if (openText !== undefined) return new Set(openText.split(',').filter(Boolean));
    const few = groups.length === 1 || (isTable && groups.length < fewGroups);
    return new Set(few || shown.length <= openAll ? groups : []);
  }, [openText, shown, groups, isTable]);
  const boxes = useMemo(() => lineageBoxes(shown, (group) => openGroups.has(group)), [shown, openGroups]);
  const { graph, pending } = useLineageLayout(boxes);
  const setOpen = (open: ReadonlySet<string>) => patch({ open: open.size === 0 ? ',' : [...open].join(',') });
  const toggleGroup = (group: string) => {
    const next = new Set(openGroups);
    if (!next.delete(group)) next.add(group);
    setOpen(next);
  };
  const selectedKey = search.asset ?? search.focus;
  const selected = nodes.find((node) => node.assetKey.path.join('/') === selectedKey);
  const unfocus = search.focus ? { focus: undefined, q: text } : {};
  const close = useCallback(
    () => patch({ asset: undefined, ...(search.focus ? { focus: undefined, q: text } : {}) }),
    [patch, search.focus, text],
  );
  const setFilter = (q: string) =>
    patch({ q: q || undefined, focus: undefined, open: undefined }, { push: true });
  const traversal = parseTraversal(text);
  const outdated = useMemo(() => outdatedRows(shownRows), [shownRows]);
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Select assets"
          value={text}
          keys={keys}
          onChange={setFilter}
          trailing={`${formatCount(shown.length)} of ${formatCount(assets.length)}`}
        />
        {traversal && (
          <TraversalSteppers
            traversal={traversal}
            onChange={(next) => patch({ q: formatTraversal(next), asset: selectedKey, focus: undefined })}
          />
        )}
        <Segmented
          label="Boxes"
          value={by}
          options={groupings}
          onChange={(value) => patch({ by: value === 'group' ? undefined : value, open: undefined })}
        />
        <Button onClick={() => setOpen(new Set(openGroups.size > 0 ? [] : groups))}>
          {openGroups.size > 0 ? 'Close groups' : 'Open groups'}
        </Button>
        <Button
          icon="table"
          aria-pressed={isTable}
          onClick={() => patch({ view: isTable ? undefined : 'table' })}
        >
          {isTable ? 'Graph' : 'Table'}
        </Button>
        {outdated.length > 0 && (
          <Button icon="play" onClick={() => setLaunching(outdated.map((row) => row.node))}>
            Materialize {formatCount(outdated.length)} stale or missing…
          </Button>
        )}
      </Toolbar>
      <WithSidePanel
        panel={
          selected && (
            <AssetPanel node={selected} rows={rows} assets={assets} onLaunch={setLaunching} onClose={close} />
          )
        }
      >
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No asset matches"
            action={<Button onClick={() => setFilter('')}>Show all</Button>}
          >
            Without the selection there are {plural(assets.length, 'asset')}.
          </EmptyState>
        ) : isTable ? (
          <LineageTable assets={shown} openGroups={openGroups} onToggleGroup={toggleGroup} />
        ) : (
          <LineageCanvas
            graph={graph}
            pending={pending ? plural(boxes.input.nodes, 'box', 'boxes') : undefined}
            selectedId={selectedKey}
            onSelect={(node) => patch(node ? { asset: node.id } : { asset: undefined, ...unfocus })}
            onToggleGroup={toggleGroup}
          />
        )}
      </WithSidePanel>
      {launching && (
        <Materialize
          targets={launching.map(materializeTarget)}
          partitioned={launching.some((node) => node.isPartitioned)}
          onClose={() => setLaunching(undefined)}
        />
      )}
    </>
  );
}
