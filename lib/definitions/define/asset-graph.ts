import type { AssetKey } from '../../model/asset-key';
import { didYouMean, nearMisses } from '../../model/near-misses';
import { inferMapping, validateMapping } from '../../model/partition-mappings';
import type { SelectableAsset } from '../../model/selection';
import type { AssetDetails, CheckDetails, Computation } from '../computation';
import type { AnyCheck, CollectedDefinitions } from './collect';
import type { MistakeList } from './mistakes';

/** An asset with the computation that makes or observes it; null for one that runs here only depend on. */
export interface GraphAsset {
  readonly details: AssetDetails;
  readonly op: string | null;
}

/** A check with the computation that evaluates it. */
export interface GraphCheck {
  readonly details: CheckDetails;
  readonly op: string;
}

/** All assets and checks of a location, by key. */
export interface AssetGraph {
  readonly assets: ReadonlyMap<AssetKey, GraphAsset>;
  readonly checks: readonly GraphCheck[];
  readonly computations: readonly Computation[];
  /** Assets whose values are stored: an asset or check takes them as input, or they name an IO manager. */
  readonly stored: ReadonlySet<AssetKey>;
}

/** Brings assets and checks together, external assets that are only depended on included. */
export function createAssetGraph(collected: CollectedDefinitions, mistakes: MistakeList): AssetGraph {
  const assets = new Map<AssetKey, GraphAsset>();
  const computations = [
    ...collected.assets,
    ...collected.multiAssets,
    ...collected.observableAssets,
    ...collected.assetChecks,
  ].map(({ computation }) => computation);
  const add = (details: AssetDetails, op: string | null): void => {
    const known = assets.get(details.key);
    if (known === undefined) assets.set(details.key, { details, op });
    else if (known.details !== details) {
      const { file, line } = known.details.source;
      mistakes.add(
        `Asset ${details.key}`,
        details.source,
        `its key is already defined at ${file}:${line}; keys are unique`,
      );
    }
  };
  for (const { name, assets: made } of computations) for (const details of made) add(details, name);
  for (const { externalDetails } of collected.externalAssets) add(externalDetails, null);
  for (const { details } of [...assets.values()]) {
    for (const { external } of details.edges) {
      if (external !== null && !assets.has(external.key)) add(external, null);
    }
  }
  const checks = computations.flatMap(({ name, checks: own }) =>
    own.map((details) => ({ details, op: name })),
  );
  return { assets, checks, computations, stored: storedAssets(assets, collected.assetChecks) };
}

function storedAssets(
  assets: ReadonlyMap<AssetKey, GraphAsset>,
  checks: readonly AnyCheck[],
): ReadonlySet<AssetKey> {
  const stored = new Set(
    checks.flatMap((check) => (check.kind === 'asset_check' && check.loadsValue ? [check.asset] : [])),
  );
  for (const { details } of assets.values()) {
    if (details.ioManager !== null) stored.add(details.key);
    for (const { key, input } of details.edges) if (input !== null) stored.add(key);
  }
  return stored;
}

/** Reports dependencies on nothing, mappings that do not fit, and cycles. */
export function checkEdges({ assets }: AssetGraph, mistakes: MistakeList): void {
  for (const { details } of assets.values()) {
    const report = mistakes.of(`Asset ${details.key}`, details.source);
    for (const { key, input, mapping } of details.edges) {
      const upstream = assets.get(key);
      if (upstream === undefined) {
        const suggestion = didYouMean(nearMisses(key, assets.keys()));
        report(
          `it depends on ${key}, which is not defined here.${suggestion} Add it to define({ assets }), or declare what others make: externalAsset('${key}')`,
        );
        continue;
      }
      if (key === details.key && mapping === null) {
        report('it depends on itself: that needs partitions and dependency(key, mapping.previous())');
        continue;
      }
      const partitions = { upstream: upstream.details.partitions, downstream: details.partitions };
      try {
        // An external asset may not say how it is partitioned; ordering needs no mapping then.
        const isUnknown = upstream.op === null && partitions.upstream === null;
        if (!isUnknown) validateMapping(mapping ?? inferMapping(partitions), partitions);
      } catch (error) {
        report(
          `${input === null ? 'dependency' : `input "${input}"`} on ${key}: ${(error as Error).message}`,
        );
      }
    }
  }
  for (const cycle of findCycles(assets)) {
    const [first] = cycle;
    const source = assets.get(first ?? '')?.details.source;
    if (source !== undefined) {
      mistakes.add(`Asset ${first}`, source, `it depends on itself: ${[...cycle, first].join(' ← ')}`);
    }
  }
}

/** One cycle per group of assets that need each other; an asset's edge to itself is none. */
function findCycles(assets: ReadonlyMap<AssetKey, GraphAsset>): AssetKey[][] {
  const state = new Map<AssetKey, 'open' | 'done'>();
  const cycles: AssetKey[][] = [];
  for (const root of assets.keys()) {
    if (state.has(root)) continue;
    const path: { readonly key: AssetKey; readonly rest: AssetKey[] }[] = [];
    const enter = (key: AssetKey): void => {
      state.set(key, 'open');
      const edges = assets.get(key)?.details.edges ?? [];
      path.push({ key, rest: edges.flatMap((edge) => (edge.key === key ? [] : [edge.key])) });
    };
    enter(root);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.rest.pop();
      if (next === undefined) {
        state.set(at.key, 'done');
        path.pop();
      } else if (state.get(next) === 'open') {
        cycles.push(path.slice(path.findIndex(({ key }) => key === next)).map(({ key }) => key));
      } else if (!state.has(next) && assets.has(next)) {
        enter(next);
      }
    }
  }
  return cycles;
}

/** Whether runs of the location make the asset; of one that they observe they do not. */
export const isMadeHere = ({ details, op }: GraphAsset): boolean =>
  op !== null && details.isObservable !== true;

/**
 * The graph as selections see it.
 *
 * @param withObservables whether `*` and the like give assets that runs here observe, too
 */
export function toSelectable({ assets }: AssetGraph, withObservables = false): readonly SelectableAsset[] {
  return [...assets.values()].map(({ details, op }) => ({
    key: details.key,
    deps: details.edges.map(({ key }) => key),
    group: details.group,
    kinds: details.kinds,
    owners: details.owners,
    tags: details.tags,
    external: withObservables ? op === null : !isMadeHere({ details, op }),
  }));
}
