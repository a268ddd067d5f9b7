import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import type { AssetCatalogNode } from '../../graphql/use-assets';
import { materializeTarget } from '../../graphql/use-materialize';
import { assetFilterKeys, filterAssets } from '../assets/asset-filter';
import { Materialize } from '../assets/materialize';
import { useAssetRows } from '../assets/use-asset-rows';
import { AssetPanel } from '../lineage/lineage-asset-panel';
import { toLineageAsset } from '../lineage/lineage-assets';
import { JobGraph } from './job-graph';
import styles from './job-overview.module.css';
import type { JobAssets } from './use-job-assets';

/** Up to this many assets all groups are open at first. */
const openAll = 60;

/** The assets that a job makes, as they are now. */
export function AssetJobGraph({ assets: { catalog, nodes } }: { readonly assets: JobAssets }) {
  if (catalog.data) return <Assets nodes={nodes} />;
  return (
    <div className={styles.drawing}>
      <QueryPanel query={catalog} title="The job’s assets could not be loaded" rows={8}>
        {() => null}
      </QueryPanel>
    </div>
  );
}

function Assets({ nodes }: { readonly nodes: readonly AssetCatalogNode[] }) {
  const [search, patch] = useUrlState();
  const [launching, setLaunching] = useState<readonly AssetCatalogNode[]>();
  const rows = useAssetRows(nodes);
  const zone = useZone();
  const text = search.q ?? '';
  const keys = useMemo(() => assetFilterKeys(rows), [rows]);
  const assets = useMemo(() => {
    const time = { zone, now: Date.now() };
    return filterAssets(rows, text).map((row) => toLineageAsset(row, 'group', time));
  }, [rows, text, zone]);
  const open = useMemo(() => {
    if (search.open !== undefined) return new Set(search.open.split(','));
    return new Set(rows.length <= openAll ? rows.map((row) => row.node.groupName) : []);
  }, [search.open, rows]);
  const isOpen = useCallback((group: string) => open.has(group), [open]);
  const toggle = (group: string) => {
    const next = new Set(open);
    if (!next.delete(group)) next.add(group);
    patch({ open: [...next].filter(Boolean).join(',') || ',' });
  };
  const selected = rows.find((row) => row.key === search.asset);
  const close = useCallback(() => patch({ asset: undefined }), [patch]);
  return (
    <>
      <div className={styles.drawing}>
        <Toolbar>
          <FilterBar
            label="Select assets"
            value={text}
            keys={keys}
            onChange={(q) => patch({ q: q || undefined })}
            trailing={`${formatCount(assets.length)} of ${formatCount(rows.length)}`}
          />
        </Toolbar>
        {assets.length > 0 ? (
          <JobGraph
            boxes={assets}
            noun="asset"
            isOpen={isOpen}
            selected={selected?.key}
            onSelect={(asset) => patch({ asset })}
            onToggle={toggle}
          />
        ) : (
          <EmptyState
            icon="search"
            title="No asset matches"
            action={<Button onClick={() => patch({ q: undefined })}>Show all</Button>}
          >
            Without the filter there are {plural(rows.length, 'asset')}.
          </EmptyState>
        )}
      </div>
      {selected && (
        <AssetPanel
          node={selected.node}
          rows={rows}
          assets={assets}
          onLaunch={setLaunching}
          onClose={close}
        />
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
