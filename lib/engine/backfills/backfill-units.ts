import type { AssetKey } from '../../model/asset-key';
import type { AssetManifest, Manifest } from '../../model/manifest';
import { PlanError } from '../errors';

/** Assets that one run must make together: those of an op that cannot make a part of them. Usually one. */
export interface BackfillUnit {
  readonly assets: readonly AssetManifest[];
}

/**
 * The units of the selected assets, each after those that it depends on. An op that cannot be subset brings all that
 * it makes.
 *
 * @throws {PlanError} `unknown-asset`, `not-materializable`, `cycle`
 */
export function backfillUnits(manifest: Manifest, selection: readonly AssetKey[]): readonly BackfillUnit[] {
  const assets = new Map(manifest.assets.map((asset) => [asset.key, asset]));
  const ops = new Map(manifest.ops.map((op) => [op.name, op]));
  const units = new Map<string, AssetManifest[]>();
  const unitOf = new Map<AssetKey, string>();
  const add = (key: AssetKey): void => {
    if (unitOf.has(key)) return;
    const asset = assets.get(key);
    if (asset === undefined) {
      throw new PlanError('unknown-asset', key, `There is no asset '${key}' in '${manifest.location}'.`, {
        known: assets.keys(),
      });
    }
    const op = asset.op === null ? undefined : ops.get(asset.op);
    if (op === undefined) {
      throw new PlanError(
        'not-materializable',
        key,
        `Asset '${key}' is external: nothing in '${manifest.location}' materializes it. Leave it out.`,
      );
    }
    const id = op.canSubset ? `asset ${key}` : `op ${op.name}`;
    unitOf.set(key, id);
    units.set(id, [...(units.get(id) ?? []), asset]);
    if (!op.canSubset) op.assets.forEach(add);
  };
  selection.forEach(add);

  const order: BackfillUnit[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): void => {
    if (state.get(id) === 'done') return;
    const members = units.get(id) ?? [];
    if (state.get(id) === 'open') {
      const keys = members.map(({ key }) => key).join("', '");
      throw new PlanError(
        'cycle',
        keys,
        `'${keys}' cannot be ordered: they depend on each other in a circle.`,
      );
    }
    state.set(id, 'open');
    for (const { key } of members.flatMap(({ dependencies }) => dependencies)) {
      const upstream = unitOf.get(key);
      if (upstream !== undefined && upstream !== id) visit(upstream);
    }
    state.set(id, 'done');
    order.push({ assets: members });
  };
  for (const id of units.keys()) visit(id);
  return order;
}
