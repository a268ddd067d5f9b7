import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { buttonClass } from '../../components/button';
import { keyText } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { Toolbar, WithSidePanel } from '../../components/page';
import { QueryPanel } from '../../components/panel-states';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { type AssetCatalogNode, useAssetCatalog } from '../../graphql/use-assets';
import { materializeTarget } from '../../graphql/use-materialize';
import { AssetPanel } from '../lineage/lineage-asset-panel';
import { toLineageAsset } from '../lineage/lineage-assets';
import { LineageCanvas } from '../lineage/lineage-canvas';
import { lineageBoxes } from '../lineage/lineage-graph';
import { TraversalSteppers } from '../lineage/traversal-steppers';
import { everything, formatTraversal } from '../lineage/traversal-token';
import { useLineageLayout } from '../lineage/use-lineage-layout';
import { filterAssets } from './asset-filter';
import { Materialize } from './materialize';
import { useAssetRows } from './use-asset-rows';

/** Levels that are shown at first. */
const levels = 2;

/** An asset among those that it comes from and that are made from it, as many levels as wanted. */
export default function AssetLineage({ assetKey }: { readonly assetKey: string }) {
  const catalog = useAssetCatalog();
  return (
    <QueryPanel query={catalog} title="The lineage could not be loaded" rows={8}>
      {(nodes) => <Around assetKey={assetKey} nodes={nodes} />}
    </QueryPanel>
  );
}

const readLevels = (text: string | undefined): number =>
  text === 'all' ? everything : /^\d$/.test(text ?? '') ? Number(text) : levels;
const writeLevels = (count: number): string | undefined =>
  count === levels ? undefined : count >= everything ? 'all' : String(count);

function Around({
  assetKey,
  nodes,
}: {
  readonly assetKey: string;
  readonly nodes: readonly AssetCatalogNode[];
}) {
  const [search, patch] = useUrlState();
  const [launching, setLaunching] = useState<readonly AssetCatalogNode[]>();
  const zone = useZone();
  const rows = useAssetRows(nodes);
  const up = readLevels(search.up);
  const down = readLevels(search.down);
  const text = formatTraversal({ key: assetKey, up, down });
  const shown = useMemo(() => filterAssets(rows, text), [rows, text]);
  const assets = useMemo(() => {
    const time = { zone, now: Date.now() };
    return shown.map((row) => toLineageAsset(row, 'group', time));
  }, [shown, zone]);
  const flow = search.flow === 'down' ? 'down' : 'right';
  const boxes = useMemo(() => lineageBoxes(assets, () => true, 'asset', flow), [assets, flow]);
  const { graph, pending } = useLineageLayout(boxes);
  const selected = nodes.find((node) => keyText(node.assetKey) === search.asset);
  const close = useCallback(() => patch({ asset: undefined }), [patch]);
  return (
    <>
      <Toolbar>
        <TraversalSteppers
          traversal={{ key: assetKey, up, down }}
          onChange={(next) => patch({ up: writeLevels(next.up), down: writeLevels(next.down) })}
        />
        <span className="t2 small">{plural(assets.length, 'asset')}</span>
        <span className="push" />
        <Link to="/lineage" search={{ q: text, asset: assetKey }} className={buttonClass()}>
          <Icon name="lineage" size={14} />
          Open in lineage
        </Link>
      </Toolbar>
      <WithSidePanel
        panel={
          selected && (
            <AssetPanel node={selected} rows={rows} assets={assets} onLaunch={setLaunching} onClose={close} />
          )
        }
      >
        <LineageCanvas
          graph={graph}
          pending={pending ? plural(boxes.input.nodes, 'box', 'boxes') : undefined}
          selectedId={search.asset ?? assetKey}
          onSelect={(node) => patch({ asset: node?.id })}
          onToggleGroup={() => {}}
          onTurn={(next) => patch({ flow: next === 'down' ? next : undefined })}
        />
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
