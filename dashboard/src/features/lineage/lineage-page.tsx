import { useCallback, useMemo, useState } from 'react';
import { assetStatus } from '../../components/asset-status';
import { Button } from '../../components/button';
import { keyText } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { formatTime } from '../../components/format/time';
import { Toolbar, WithSidePanel } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { TextInput } from '../../components/text-input';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { type AssetCatalogNode, useAssetCatalog, useAssetsLatest } from '../../graphql/use-assets';
import { AssetPanel } from './lineage-asset-panel';
import { LineageCanvas } from './lineage-canvas';
import { buildLineage, type LineageAsset } from './lineage-graph';
import { selectAssets } from './lineage-selection';
import { LineageTable } from './lineage-table';

/** Up to this many assets all groups are open at first. */
const openAll = 60;

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

function useLineageAssets(nodes: readonly AssetCatalogNode[]): readonly LineageAsset[] {
  const latest = useAssetsLatest(nodes);
  const zone = useZone();
  return useMemo(
    () =>
      nodes.map((node): LineageAsset => {
        const key = keyText(node.assetKey);
        const info = latest?.get(key);
        const status = assetStatus(node.staleStatus, info);
        const at = info?.latestMaterialization ? Number(info.latestMaterialization.timestamp) : undefined;
        const quiet = status.kind === 'success' || status.kind === 'missing';
        const time = at === undefined ? 'never' : formatTime(at, { zone, now: Date.now() });
        return {
          key,
          path: node.assetKey.path,
          group: node.groupName,
          kinds: node.kinds,
          upstream: node.dependencyKeys.map(keyText),
          status: status.kind,
          word: status.word,
          detail: quiet ? time : `${status.word} · ${time}`,
        };
      }),
    [nodes, latest, zone],
  );
}

function Lineage({ nodes }: { readonly nodes: readonly AssetCatalogNode[] }) {
  const [search, patch] = useUrlState();
  const assets = useLineageAssets(nodes);
  const text = search.q ?? (search.focus ? `2+${search.focus}+2` : '');
  const [draft, setDraft] = useState<string>();
  const selection = useMemo(
    () =>
      text
        ? selectAssets(
            text,
            assets.map((asset) => ({ ...asset })),
          )
        : undefined,
    [text, assets],
  );
  const shown = useMemo(
    () => (selection ? assets.filter((asset) => selection.keys.has(asset.key)) : assets),
    [assets, selection],
  );
  const openText = search.open;
  const openGroups = useMemo(() => {
    if (openText !== undefined) return new Set(openText.split(',').filter(Boolean));
    return shown.length <= openAll ? new Set(shown.map((asset) => asset.group)) : new Set<string>();
  }, [openText, shown]);
  const graph = useMemo(() => buildLineage(shown, (group) => openGroups.has(group)), [shown, openGroups]);
  const toggleGroup = (group: string) => {
    const next = new Set(openGroups);
    if (!next.delete(group)) next.add(group);
    patch({ open: next.size === 0 ? ',' : [...next].join(',') });
  };
  const selectedKey = search.asset ?? search.focus;
  const selected = nodes.find((node) => keyText(node.assetKey) === selectedKey);
  const close = useCallback(
    () => patch({ asset: undefined, focus: undefined, ...(search.focus ? { q: text } : {}) }),
    [patch, search, text],
  );
  const apply = () => {
    if (draft !== undefined)
      patch({ q: draft || undefined, focus: undefined, open: undefined }, { push: true });
    setDraft(undefined);
  };
  return (
    <>
      <Toolbar>
        <TextInput
          label="Select assets"
          icon="filter"
          mono
          placeholder="Select, e.g. 2+mart_issue_health+1, group:staging, kind:dbt"
          value={draft ?? text}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={apply}
          onKeyDown={(event) => event.key === 'Enter' && apply()}
          invalid={(selection?.unmatched.length ?? 0) > 0}
          after={
            <span className="tiny t3 nowrap">
              {selection?.unmatched.length
                ? `nothing matches ${selection.unmatched.join(', ')}`
                : `${formatCount(shown.length)} of ${formatCount(assets.length)}`}
            </span>
          }
        />
        <Button
          onClick={() =>
            patch({
              open: openGroups.size > 0 ? ',' : [...new Set(shown.map((asset) => asset.group))].join(','),
            })
          }
        >
          {openGroups.size > 0 ? 'Close groups' : 'Open groups'}
        </Button>
        <Button
          icon="table"
          aria-pressed={search.view === 'table'}
          onClick={() => patch({ view: search.view === 'table' ? undefined : 'table' })}
        >
          {search.view === 'table' ? 'Graph' : 'Table'}
        </Button>
      </Toolbar>
      <WithSidePanel panel={selected && <AssetPanel node={selected} assets={assets} onClose={close} />}>
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No asset matches"
            action={<Button onClick={() => patch({ q: undefined, focus: undefined })}>Show all</Button>}
          >
            Without the selection there are {plural(assets.length, 'asset')}.
          </EmptyState>
        ) : search.view === 'table' ? (
          <LineageTable assets={shown} />
        ) : (
          <LineageCanvas
            graph={graph}
            selectedId={selectedKey}
            onSelect={(node) =>
              patch({
                asset: node?.id,
                ...(node ? {} : { focus: undefined, ...(search.focus ? { q: text } : {}) }),
              })
            }
            onToggleGroup={toggleGroup}
          />
        )}
      </WithSidePanel>
    </>
  );
}
