import { useMemo } from 'react';
import type { SelectableAsset } from '../../../../lib/model/selection';
import { assetOpName, keyText } from '../../components/format/asset-key';
import { type AssetCatalogNode, useAssetCatalog } from '../../graphql/use-assets';
import { selectableNode } from '../assets/asset-filter';

export interface JobAssets {
  /** What they are read from. */
  readonly catalog: ReturnType<typeof useAssetCatalog>;
  readonly nodes: readonly AssetCatalogNode[];
  /** Op name → key of the asset that the op of that name makes. */
  readonly titles: ReadonlyMap<string, string>;
  readonly selectable: readonly SelectableAsset[];
}

const none: readonly AssetCatalogNode[] = [];

/** The assets that a job makes. */
export function useJobAssets(location: string, jobName: string): JobAssets {
  const catalog = useAssetCatalog();
  const { data = none } = catalog;
  const found = useMemo(() => {
    const ofLocation = data.filter((node) => node.repository.location.name === location);
    const nodes = ofLocation.filter((node) => node.jobNames.includes(jobName));
    return {
      nodes,
      titles: new Map(ofLocation.map((node) => [assetOpName(node.assetKey), keyText(node.assetKey)])),
      selectable: nodes.map(selectableNode),
    };
  }, [data, location, jobName]);
  return { catalog, ...found };
}
