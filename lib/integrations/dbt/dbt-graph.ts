import type { AssetKey } from '../../model/asset-key';
import { fromPath } from '../../model/asset-key';
import type { DbtManifest, DbtNode, DbtSource } from './dbt-manifest';

/** dbt resources that leave a relation behind, and so are assets. */
const ASSET_TYPES = new Set(['model', 'seed', 'snapshot']);

/** A dbt model, seed or snapshot as an asset. */
export interface DbtAsset {
  readonly key: AssetKey;
  readonly node: DbtNode;
  /** How `dbt build --select` names it. */
  readonly selector: string;
  /** Keys it is made from: other dbt assets and sources, seen through ephemeral models. */
  readonly dependencies: readonly AssetKey[];
}

/** A dbt test or unit test as a check. */
export interface DbtCheck {
  readonly asset: AssetKey;
  /** Unique among the asset's checks. */
  readonly name: string;
  readonly uniqueId: string;
  readonly isUnitTest: boolean;
  /** How `dbt build --select` names it. */
  readonly selector: string;
  readonly description: string;
  readonly severity: 'ERROR' | 'WARN';
}

/** An asset that somebody else makes: a source, or a node that was not selected. */
export interface DbtExternalAsset {
  readonly key: AssetKey;
  readonly description: string;
  readonly group: string;
}

/** The project's graph, in Headrace's words. */
export interface DbtGraph {
  /** In an order in which dependencies come first. */
  readonly assets: readonly DbtAsset[];
  readonly checks: readonly DbtCheck[];
  /** What the assets are made from besides each other. */
  readonly external: readonly DbtExternalAsset[];
}

/** The nodes that can be assets: enabled models, seeds and snapshots that leave a relation behind. */
export function assetNodesOf(manifest: DbtManifest): readonly DbtNode[] {
  return Object.values(manifest.nodes).filter(
    ({ config, resource_type }) =>
      config.enabled && ASSET_TYPES.has(resource_type) && config.materialized !== 'ephemeral',
  );
}

/**
 * Turns a manifest into assets, checks and the external assets they need.
 *
 * @param chosen unique ids of the nodes to take; the others become external where they are needed
 */
export function dbtGraph(manifest: DbtManifest, chosen?: ReadonlySet<string>): DbtGraph {
  const possible = assetNodesOf(manifest);
  const assetNodes = possible.filter(({ unique_id }) => chosen?.has(unique_id) ?? true);
  const keyOf = new Map<string, AssetKey>([
    ...possible.map((node) => [node.unique_id, nodeKey(node)] as const),
    ...Object.values(manifest.sources).map((source) => [source.unique_id, sourceKey(source)] as const),
  ]);
  const assets = inDependencyOrder(
    assetNodes.map((node) => ({
      key: nodeKey(node),
      node,
      selector: selectorOf(node),
      dependencies: [...new Set(parents(node, manifest).flatMap((id) => keyOf.get(id) ?? []))].sort(),
    })),
  );
  const own = new Set(assets.map(({ key }) => key));
  const needed = new Set(assets.flatMap(({ dependencies }) => dependencies).filter((key) => !own.has(key)));
  return {
    assets,
    checks: checksOf(manifest, assets),
    external: [
      ...Object.values(manifest.sources).map((source) => ({
        key: sourceKey(source),
        description: source.description,
        group: source.source_name,
      })),
      ...possible.map((node) => ({
        key: nodeKey(node),
        description: node.description,
        group: groupOf(node),
      })),
    ].filter(({ key }) => needed.delete(key)),
  };
}

/** `meta.dagster.group`, else dbt's group, else the folder, else e.g. `seeds`. */
export function groupOf(node: DbtNode): string {
  const [, folder] = node.fqn.length > 2 ? node.fqn : [];
  return node.config.meta.dagster?.group ?? node.config.group ?? folder ?? `${node.resource_type}s`;
}

const selectorOf = ({ fqn }: { readonly fqn: readonly string[] }): string => `fqn:${fqn.join('.')}`;

/** `meta.dagster.asset_key`, else `<schema>/<name>` (the alias of a versioned model), as dagster-dbt does. */
function nodeKey(node: DbtNode): AssetKey {
  const declared = node.config.meta.dagster?.asset_key;
  if (declared !== undefined) return fromPath(declared);
  const name = node.version == null ? node.name : (node.alias ?? node.name);
  const schema = node.config.schema;
  return schema ? fromPath([schema, name]) : name;
}

/** `meta.dagster.asset_key`, else `<source>/<table>`. */
function sourceKey(source: DbtSource): AssetKey {
  return fromPath(source.meta.dagster?.asset_key ?? [source.source_name, source.name]);
}

/** A node's parents, with ephemeral ones replaced by theirs. */
function parents(node: DbtNode, manifest: DbtManifest): string[] {
  return node.depends_on.nodes.flatMap((id) => {
    const parent = manifest.nodes[id];
    return parent?.config.materialized === 'ephemeral' ? parents(parent, manifest) : [id];
  });
}

/**
 * Tests belong to the asset that they are attached to. A test of a source guards what others load: it belongs to
 * the first asset that is made from that source. Tests that touch none of the assets are left out.
 */
function checksOf(manifest: DbtManifest, assets: readonly DbtAsset[]): DbtCheck[] {
  const byId = new Map(assets.map((asset) => [asset.node.unique_id, asset]));
  const readerOf = (id: string) =>
    assets.find(({ node }) => manifest.sources[id] !== undefined && parents(node, manifest).includes(id));
  const taken = new Set<string>();
  const tests = Object.values(manifest.nodes).filter(
    ({ resource_type, config }) => resource_type === 'test' && config.enabled,
  );
  return [...tests, ...Object.values(manifest.unit_tests)].flatMap((test): DbtCheck[] => {
    const isUnitTest = 'model' in test;
    const touched = [...(isUnitTest ? [] : [test.attached_node ?? '']), ...test.depends_on.nodes];
    const asset =
      touched.map((id) => byId.get(id)).find((found) => found !== undefined) ??
      touched.map(readerOf).find((found) => found !== undefined);
    if (asset === undefined) return [];
    return [
      {
        asset: asset.key,
        name: uniqueName(asset.key, test.name, test.unique_id, taken),
        uniqueId: test.unique_id,
        isUnitTest,
        selector: selectorOf(test),
        description: test.description ?? '',
        severity: !isUnitTest && test.config.severity?.toUpperCase() === 'WARN' ? 'WARN' : 'ERROR',
      },
    ];
  });
}

/** Names of checks are letters, digits and `_`; tests of one name (e.g. of two packages) get dbt's hash. */
function uniqueName(asset: AssetKey, name: string, uniqueId: string, taken: Set<string>): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  const free = taken.has(`${asset}:${plain}`) ? uniqueId.replaceAll(/[^A-Za-z0-9_]/g, '_') : plain;
  taken.add(`${asset}:${free}`);
  return free;
}

function inDependencyOrder(assets: readonly DbtAsset[]): DbtAsset[] {
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  const done = new Set<AssetKey>();
  const ordered: DbtAsset[] = [];
  const visit = (asset: DbtAsset): void => {
    if (done.has(asset.key)) return;
    done.add(asset.key);
    for (const key of asset.dependencies) {
      const dependency = byKey.get(key);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.push(asset);
  };
  for (const asset of assets) visit(asset);
  return ordered;
}
