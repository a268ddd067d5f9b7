import { isMaterializable, saysMoreThan } from '../../model/asset-execution';
import type { AssetKey } from '../../model/asset-key';
import type { AssetManifest, Manifest, OpManifest } from '../../model/manifest';

/** An asset with the code location that makes it. */
export interface BackfillAsset extends AssetManifest {
  readonly location: string;
}

/** The definitions that a backfill is made of: those of one code location, or of several as one. */
export interface BackfillGraph {
  readonly locations: readonly string[];
  readonly assets: ReadonlyMap<AssetKey, BackfillAsset>;
  /** By location and name, see {@link opOf}. */
  readonly ops: ReadonlyMap<string, OpManifest>;
}

/** An asset that one location makes and another only names is the one that is made. */
export function backfillGraph(manifests: readonly Manifest[]): BackfillGraph {
  const assets = new Map<AssetKey, BackfillAsset>();
  const ops = new Map<string, OpManifest>();
  for (const manifest of manifests) {
    const { location } = manifest;
    for (const op of manifest.ops) ops.set(`${location} ${op.name}`, op);
    for (const asset of manifest.assets) {
      const other = assets.get(asset.key);
      if (other === undefined || saysMoreThan(asset, other)) assets.set(asset.key, { ...asset, location });
    }
  }
  return { locations: manifests.map(({ location }) => location), assets, ops };
}

/** What makes an asset; undefined for external ones. */
export function opOf({ ops }: BackfillGraph, asset: BackfillAsset): OpManifest | undefined {
  return isMaterializable(asset) ? ops.get(`${asset.location} ${asset.op}`) : undefined;
}
