import { saysMoreThan } from '../../model/asset-execution';
import type { AssetKey } from '../../model/asset-key';
import type { CodeLocation } from '../../model/code-location';
import type { AssetCheckManifest, AssetManifest } from '../../model/manifest';
import type { SelectableAsset } from '../../model/selection';
import { assetGraph } from '../asset-graph';
import { automatedJobs, jobNode } from './job-node';

/** An asset among its neighbours, of whatever location. */
export interface AutomationAsset {
  readonly key: AssetKey;
  readonly location: string;
  readonly manifest: AssetManifest;
  /** Distinct and sorted; the asset itself where it depends on its own earlier partitions. */
  readonly parents: readonly AssetKey[];
  readonly children: readonly AssetKey[];
  readonly checks: readonly AssetCheckManifest[];
  /** Assets that are always made together with it, without itself. */
  readonly madeTogether: readonly AssetKey[];
}

export interface AutomationGraph {
  /** Upstream before downstream; jobs that have a condition, as nodes of their own, come last. */
  readonly assets: ReadonlyMap<AssetKey, AutomationAsset>;
  readonly selectable: readonly SelectableAsset[];
}

/** Kept as long as the list of locations itself, which registries change only when a location did. */
const graphs = new WeakMap<readonly CodeLocation[], AutomationGraph>();

/** All assets of the deployment; one that a location makes and another only names is one asset: the one that is made. */
export function automationGraph(locations: readonly CodeLocation[]): AutomationGraph {
  const known = graphs.get(locations);
  if (known !== undefined) return known;
  const graph = buildGraph(locations);
  graphs.set(locations, graph);
  return graph;
}

function buildGraph(locations: readonly CodeLocation[]): AutomationGraph {
  const found = new Map<AssetKey, { location: string; manifest: AssetManifest }>();
  const checks = new Map<AssetKey, AssetCheckManifest[]>();
  const together = new Map<AssetKey, readonly AssetKey[]>();
  for (const { manifest } of locations) {
    if (manifest === null) continue;
    for (const asset of manifest.assets) {
      const other = found.get(asset.key);
      if (other === undefined || saysMoreThan(asset, other.manifest)) {
        found.set(asset.key, { location: manifest.location, manifest: asset });
      }
    }
    for (const check of manifest.assetChecks) {
      checks.set(check.asset, [...(checks.get(check.asset) ?? []), check]);
    }
    for (const op of manifest.ops) {
      if (op.canSubset || op.assets.length < 2) continue;
      for (const key of op.assets) {
        together.set(
          key,
          op.assets.filter((each) => each !== key),
        );
      }
    }
  }
  const parentsOf = ({ manifest }: { manifest: AssetManifest }): AssetKey[] =>
    [...new Set(manifest.dependencies.map(({ key }) => key))].filter((key) => found.has(key)).sort();
  const children = new Map<AssetKey, AssetKey[]>();
  for (const [key, asset] of found) {
    for (const parent of parentsOf(asset)) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [key]);
      else known.push(key);
    }
  }
  const assets = new Map<AssetKey, AutomationAsset>();
  const visiting = new Set<AssetKey>();
  for (const key of [...found.keys()].sort()) visit(key);
  for (const { manifest } of locations) {
    if (manifest === null) continue;
    for (const job of automatedJobs(manifest)) {
      const node = jobNode(manifest, job);
      assets.set(node.key, node);
    }
  }
  return { assets, selectable: assetGraph(locations).selectable };

  function visit(start: AssetKey): void {
    // By hand: chains of thousands of assets would exhaust the stack.
    const stack: AssetKey[] = [start];
    for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
      const asset = found.get(key);
      if (asset === undefined || assets.has(key)) {
        stack.pop();
        continue;
      }
      const parents = parentsOf(asset);
      const open = visiting.has(key)
        ? []
        : parents.filter((each) => !assets.has(each) && !visiting.has(each));
      visiting.add(key);
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
      assets.set(key, {
        key,
        ...asset,
        parents,
        children: (children.get(key) ?? []).sort(),
        checks: (checks.get(key) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
        madeTogether: together.get(key) ?? [],
      });
      stack.pop();
    }
  }
}
