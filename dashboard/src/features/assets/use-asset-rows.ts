import { useMemo } from 'react';
import { assetStatus } from '../../components/asset-status';
import { keyText } from '../../components/format/asset-key';
import { type AssetCatalogNode, useAssetsLatest } from '../../graphql/use-assets';
import { type AssetRow, toAssetRow } from './asset-filter';

/** The catalog with what every asset is now, by key. */
export function useAssetRows(nodes: readonly AssetCatalogNode[]): readonly AssetRow[] {
  const latest = useAssetsLatest(nodes);
  return useMemo(
    () =>
      nodes
        .map((node) => {
          const info = latest?.get(keyText(node.assetKey));
          const at = info?.latestMaterialization ? Number(info.latestMaterialization.timestamp) : undefined;
          return toAssetRow(node, assetStatus(node.staleStatus, info), at);
        })
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
    [nodes, latest],
  );
}
