import { type AssetKey, isAssetKey } from '../model/asset-key';
import type { CodeLocation } from '../model/code-location';
import { SelectionResolveError, SelectionSyntaxError, selectAssets } from '../model/selection';
import { assetGraph } from './asset-graph';
import { PlanError } from './errors';

/** The assets of one run and the one location that materializes, or observes, them. */
export interface RunAssets {
  readonly location: string;
  readonly assets: readonly AssetKey[];
}

/**
 * Reads selections (keys, or expressions such as `raw/orders+ and not kind:dbt`) over the assets of all locations;
 * several are joined. External assets that an expression reaches are left out; one that is named is observed, or an
 * error where nothing observes it.
 *
 * @returns at least one asset, by the location that materializes or observes it; in order
 * @throws {PlanError} `invalid-selection`, `unknown-asset`, `not-materializable`
 */
export function selectAssetsByLocation(
  selections: readonly string[],
  locations: readonly CodeLocation[],
): ReadonlyMap<string, readonly AssetKey[]> {
  const { selectable, locationOf } = assetGraph(locations);
  const known = new Set(selectable.map((asset) => asset.key));
  const external = new Set(selectable.flatMap((asset) => (asset.external ? [asset.key] : [])));
  const chosen = new Set<AssetKey>();
  for (const selection of selections) {
    const text = selection.trim();
    if (isAssetKey(text)) {
      if (!known.has(text)) {
        throw new PlanError('unknown-asset', text, `There is no asset '${text}' in any code location.`, {
          known,
        });
      }
      if (!locationOf.has(text)) {
        throw new PlanError(
          'not-materializable',
          text,
          `Asset '${text}' is external: no code location materializes it. Leave it out, or report its materializations through the API.`,
        );
      }
      chosen.add(text);
    } else {
      for (const key of evaluate(text, selectable)) if (!external.has(key)) chosen.add(key);
    }
  }
  if (chosen.size === 0) {
    throw new PlanError(
      'invalid-selection',
      selections.join(' or '),
      `Selection '${selections.join(' or ')}' matches no asset that can be materialized.`,
    );
  }
  return Map.groupBy([...chosen].sort(), (key) => locationOf.get(key) ?? '');
}

/**
 * As {@link selectAssetsByLocation}, for one run: all of one location.
 *
 * @param within the only location to be used, where the caller knows it
 * @throws {PlanError} `invalid-selection`, `unknown-asset`, `not-materializable`, `several-locations`
 */
export function selectRunAssets(
  selections: readonly string[],
  locations: readonly CodeLocation[],
  within: string | null,
): RunAssets {
  const byLocation = selectAssetsByLocation(selections, locations);
  const [only] = byLocation;
  if (only === undefined || byLocation.size > 1) throw severalLocations(byLocation);
  const [location, assets] = only;
  if (within !== null && within !== location) throw outside(assets[0] ?? '', location, within);
  return { location, assets };
}

/** An asset is not of the location that the caller named. */
export function outside(asset: AssetKey, location: string, within: string): PlanError {
  return new PlanError(
    'several-locations',
    asset,
    `Asset '${asset}' belongs to code location '${location}', not '${within}'.`,
  );
}

function evaluate(selection: string, graph: Parameters<typeof selectAssets>[1]): readonly AssetKey[] {
  try {
    return selectAssets(selection, graph);
  } catch (error) {
    if (error instanceof SelectionSyntaxError || error instanceof SelectionResolveError) {
      throw new PlanError('invalid-selection', selection, error.message, { cause: error });
    }
    throw error;
  }
}

function severalLocations(byLocation: ReadonlyMap<string, readonly AssetKey[]>): PlanError {
  const names = [...byLocation.keys()].sort();
  const parts = names
    .map((location) => [location, byLocation.get(location) ?? []] as const)
    .map(
      ([location, keys]) =>
        `${location}: ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? `, and ${keys.length - 5} more` : ''}`,
    );
  return new PlanError(
    'several-locations',
    names.join(', '),
    `A run belongs to one code location, but the selection spans ${byLocation.size} (${parts.join('; ')}). Launch a run for each, e.g. by adding 'and code_location:${names[0]}'.`,
  );
}
