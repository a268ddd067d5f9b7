import { useCallback, useMemo, useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button } from '../../components/button';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar, WithSidePanel } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { useZone } from '../../components/time';
import { useMedia } from '../../components/use-media';
import { useUrlState } from '../../components/use-url-state';
import { type AssetCatalogNode, useAssetCatalog } from '../../graphql/use-assets';
import { materializeTarget } from '../../graphql/use-materialize';
import { assetFilterKeys, filterAssets, outdatedRows } from '../assets/asset-filter';
import { Materialize } from '../assets/materialize';
import { useAssetRows } from '../assets/use-asset-rows';
import { AssetPanel } from './lineage-asset-panel';
import { type Grouping, groupings, groupOf, toLineageAsset } from './lineage-assets';
import { LineageCanvas } from './lineage-canvas';
import { lineageBoxes } from './lineage-graph';
import styles from './lineage-page.module.css';
import { LineageTable } from './lineage-table';
import { LineageTree } from './lineage-tree';
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
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const hasRoom = useMedia('(min-width: 1100px)');
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
  const flow = search.flow === 'down' ? 'down' : 'right';
  const boxes = useMemo(
    () => lineageBoxes(shown, (group) => openGroups.has(group), 'asset', flow),
    [shown, openGroups, flow],
  );
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
  const hasTree = search.tree === 'shown';
  const chosenRows = hasTree && !isTable ? shownRows.filter((row) => chosen.has(row.key)) : [];
  const launchable = chosenRows.filter(({ node }) => node.isMaterializable && node.hasMaterializePermission);
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
        {hasRoom && !isTable && (
          <Button
            icon="menu"
            aria-pressed={hasTree}
            onClick={() => patch({ tree: hasTree ? undefined : 'shown' })}
          >
            Assets
          </Button>
        )}
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
      <div className={styles.withTree}>
        {hasTree && hasRoom && !isTable && (
          <LineageTree
            rows={shownRows}
            groupOf={groupOf[by]}
            activeId={selectedKey}
            onOpen={(row) => {
              const group = groupOf[by](row);
              patch({
                asset: row.key,
                ...(openGroups.has(group) ? {} : { open: [...openGroups, group].join(',') }),
              });
            }}
            selection={chosen}
            onSelection={setChosen}
          />
        )}
        <WithSidePanel
          panel={
            selected && (
              <AssetPanel
                node={selected}
                rows={rows}
                assets={assets}
                onLaunch={setLaunching}
                onClose={close}
              />
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
              onTurn={(next) => patch({ flow: next === 'down' ? next : undefined })}
            />
          )}
        </WithSidePanel>
      </div>
      {chosenRows.length > 0 && (
        <BulkBar text={`${formatCount(chosenRows.length)} selected`} onClear={() => setChosen(new Set())}>
          <Button
            look="primary"
            icon="play"
            disabled={launchable.length === 0}
            title={launchable.length === 0 ? 'None of them can be materialized by you' : undefined}
            onClick={() => setLaunching(launchable.map((row) => row.node))}
          >
            Materialize {formatCount(launchable.length)}…
          </Button>
        </BulkBar>
      )}
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
