import { isMaterializable, saysMoreThan } from '../model/asset-execution';
import type { AssetKey } from '../model/asset-key';
import type { CodeLocation } from '../model/code-location';
import type { AssetManifest, Manifest } from '../model/manifest';
import type { SelectableAsset } from '../model/selection';

/** The assets of all locations as one graph: what selections are asked of. */
export interface AssetGraph {
  readonly selectable: readonly SelectableAsset[];
  /** The location that materializes or observes each asset; absent where none does. */
  readonly locationOf: ReadonlyMap<AssetKey, string>;
}

/** Kept as long as the list of locations itself, which registries change only when a location did. */
const graphs = new WeakMap<readonly CodeLocation[], AssetGraph>();

/** An asset that one location makes or observes and another only names is one node: the one that says most of it. */
export function assetGraph(locations: readonly CodeLocation[]): AssetGraph {
  const known = graphs.get(locations);
  if (known !== undefined) return known;
  const graph = buildGraph(locations);
  graphs.set(locations, graph);
  return graph;
}

function buildGraph(locations: readonly CodeLocation[]): AssetGraph {
  const selectable = new Map<AssetKey, SelectableAsset>();
  const found = new Map<AssetKey, AssetManifest>();
  const locationOf = new Map<AssetKey, string>();
  for (const { manifest } of locations) {
    if (manifest === null) continue;
    const jobs = jobsByAsset(manifest);
    for (const asset of manifest.assets) {
      const other = found.get(asset.key);
      if (other !== undefined && !saysMoreThan(asset, other)) continue;
      found.set(asset.key, asset);
      selectable.set(asset.key, toSelectable(asset, manifest.location, jobs.get(asset.key) ?? []));
      if (asset.op !== null) locationOf.set(asset.key, manifest.location);
    }
  }
  return { selectable: [...selectable.values()], locationOf };
}

function jobsByAsset(manifest: Manifest): Map<AssetKey, string[]> {
  const jobs = new Map<AssetKey, string[]>();
  for (const job of manifest.jobs) {
    for (const key of job.assets ?? []) jobs.set(key, [...(jobs.get(key) ?? []), job.name]);
  }
  return jobs;
}

function toSelectable(asset: AssetManifest, location: string, jobs: readonly string[]): SelectableAsset {
  return {
    key: asset.key,
    deps: asset.dependencies.map((dependency) => dependency.key),
    group: asset.group,
    kinds: asset.kinds,
    owners: asset.owners,
    tags: asset.tags,
    external: !isMaterializable(asset),
    attributes: { code_location: [location], job: jobs },
  };
}
