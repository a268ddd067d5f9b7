import { useMemo } from 'react';
import { assetOpName, keyText } from '../../components/format/asset-key';
import { useAssetCatalog } from '../../graphql/use-assets';
import { selectableNode } from '../assets/asset-filter';

/** The assets that a job makes, and op name → key of the asset that the op of that name makes. */
export function useJobAssets(location: string, jobName: string) {
  const { data } = useAssetCatalog();
  return useMemo(() => {
    const ofLocation = data?.filter((node) => node.repository.location.name === location);
    const nodes = ofLocation?.filter((node) => node.jobNames.includes(jobName));
    return {
      nodes,
      titles: new Map(ofLocation?.map((node) => [assetOpName(node.assetKey), keyText(node.assetKey)])),
      assets: nodes?.map(selectableNode) ?? [],
    };
  }, [data, location, jobName]);
}
