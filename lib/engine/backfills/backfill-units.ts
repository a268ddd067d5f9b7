import type { AssetKey } from '../../model/asset-key';
import { PlanError } from '../errors';
import { type BackfillAsset, type BackfillGraph, opOf } from './backfill-graph';

/** Assets that one run must make together: those of an op that cannot make a part of them. Usually one. */
export interface BackfillUnit {
  readonly assets: readonly BackfillAsset[];
}

/**
 * The units of the selected assets, each after those that it depends on. An op that cannot be subset brings all that
 * it makes.
 *
 * @throws {PlanError} `unknown-asset`, `not-materializable`, `cycle`
 */
export function backfillUnits(graph: BackfillGraph, selection: readonly AssetKey[]): readonly BackfillUnit[] {
  const { assets } = graph;
  const within = graph.locations.join("' and '");
  const units = new Map<string, BackfillAsset[]>();
  const unitOf = new Map<AssetKey, string>();
  const add = (key: AssetKey): void => {
    if (unitOf.has(key)) return;
    const asset = assets.get(key);
    if (asset === undefined) {
      throw new PlanError('unknown-asset', key, `There is no asset '${key}' in '${within}'.`, {
        known: assets.keys(),
      });
    }
    const op = opOf(graph, asset);
    if (op === undefined) {
      throw new PlanError(
        'not-materializable',
        key,
        `Asset '${key}' is external: nothing in '${within}' materializes it. Leave it out.`,
      );
    }
    const id = op.canSubset ? `asset ${key}` : `op ${asset.location} ${op.name}`;
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
