import type { AssetRow } from './asset-filter';

const notFresh: ReadonlySet<string> = new Set(['stale', 'missing', 'failure']);

/**
 * An asset and what of its upstream is stale, missing or failed, as far as a fresh one does not stand between; where
 * one run can make it all. Partitioned ones are left out: each of their pages says which partitions are missing.
 */
export function staleUpstream(key: string, rows: readonly AssetRow[]): readonly AssetRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const wanted = new Set([key]);
  for (const each of wanted) {
    for (const { path } of byKey.get(each)?.node.dependencyKeys ?? []) {
      const parent = byKey.get(path.join('/'));
      if (parent && notFresh.has(parent.status.kind)) wanted.add(parent.key);
    }
  }
  return rows.filter(
    ({ key: each, node }) =>
      wanted.has(each) && node.isMaterializable && node.hasMaterializePermission && !node.isPartitioned,
  );
}
