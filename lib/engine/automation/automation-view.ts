import { checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { AssetCheckManifest } from '../../model/manifest';
import { downstreamKeys, upstreamKeys } from '../../model/partition-mappings';
import {
  type PartitionsSpec,
  partitionKeys,
  partitionsIdentity,
  partitionWindow,
} from '../../model/partitions';
import { SelectionResolveError, selectAssets } from '../../model/selection';
import { type AssetFacts, type AutomationFacts, NO_FACTS } from './automation-facts';
import type { AutomationAsset, AutomationGraph } from './automation-graph';
import { EMPTY, filter, intersection, type Subset, subsetOf, WHOLE } from './subset';

/** What a condition is asked of: an asset, or one of its checks. */
export interface Entity {
  /** Unique among assets and checks. */
  readonly id: string;
  readonly asset: AutomationAsset;
  readonly check: AssetCheckManifest | null;
  /** Of the asset; checks have none. */
  readonly partitions: PartitionsSpec | null;
}

/** The graph at one instant: which partitions exist, and which belong to which. Everything is worked out once. */
export class AutomationView {
  readonly facts: AutomationFacts;
  private readonly graph: AutomationGraph;
  private readonly entities = new Map<string, Entity>();
  private readonly wholes = new Map<string, Subset>();
  private readonly windows = new Map<string, Subset>();
  private readonly selections = new Map<string, ReadonlySet<AssetKey>>();
  private readonly mapped = new Map<string, WeakMap<Subset, Subset>>();

  constructor(graph: AutomationGraph, facts: AutomationFacts) {
    this.graph = graph;
    this.facts = facts;
  }

  /** Undefined when no location has such an asset. */
  entity(key: AssetKey): Entity | undefined {
    const asset = this.graph.assets.get(key);
    if (asset === undefined) return undefined;
    return this.remember({ id: key, asset, check: null, partitions: asset.manifest.partitions });
  }

  /** An asset by its key, or a check by its id. */
  entityOf(id: string): Entity | undefined {
    const [key = ''] = id.split(':', 1);
    const entity = this.entity(key);
    if (entity === undefined || key === id) return entity;
    return this.checksOf(entity).find((check) => check.id === id);
  }

  checksOf({ asset }: Entity): readonly Entity[] {
    return asset.checks.map((check) => this.remember({ id: checkId(check), asset, check, partitions: null }));
  }

  /** Of a check: its asset. */
  parentsOf({ asset, check }: Entity): readonly Entity[] {
    if (check !== null) return [this.entity(asset.key)].flatMap((each) => each ?? []);
    return asset.parents.flatMap((key) => this.entity(key) ?? []);
  }

  childrenOf({ asset, check }: Entity): readonly Entity[] {
    if (check !== null) return [];
    return asset.children.flatMap((key) => this.entity(key) ?? []);
  }

  factsOf({ asset }: Entity): AssetFacts {
    return this.facts.assets.get(asset.key) ?? NO_FACTS;
  }

  /** All partitions that exist, in order. */
  whole({ partitions, asset }: Entity): Subset {
    if (partitions === null) return WHOLE;
    const id = `${asset.location}\n${partitions.type}\n${partitionsIdentity(partitions)}`;
    let whole = this.wholes.get(id);
    if (whole === undefined) {
      whole = subsetOf(partitionKeys(partitions, this.facts.now, this.dynamicKeys(asset)));
      this.wholes.set(id, whole);
    }
    return whole;
  }

  /** The latest time window, or those that begin within `lookback` ms of its end; everything where there is no time. */
  latestWindow(entity: Entity, lookback: number | null): Subset {
    const { partitions, asset } = entity;
    const spec = timeDimension(partitions);
    if (partitions === null || spec === null) return this.whole(entity);
    const id = `${asset.key}\n${lookback}`;
    let found = this.windows.get(id);
    if (found === undefined) {
      found = this.findWindow(entity, partitions, lookback);
      this.windows.set(id, found);
    }
    return found;
  }

  private findWindow(entity: Entity, partitions: PartitionsSpec, lookback: number | null): Subset {
    const whole = this.whole(entity);
    const startOf = (key: string): number =>
      partitionWindow(partitions, key)?.start ?? Number.NEGATIVE_INFINITY;
    // Of two dimensions, time may be the slower or the faster one: the last key has the last window either way.
    const keys = [...whole];
    const last = keys.at(-1);
    const latest = last === undefined ? null : partitionWindow(partitions, last);
    if (latest === null) return EMPTY;
    const from = lookback === null ? latest.start : latest.end - lookback;
    if (partitions.type === 'multi') return filter(whole, (key) => startOf(key) >= from);
    const first = keys.findLastIndex((key) => startOf(key) < from);
    return subsetOf(keys.slice(first + 1));
  }

  /** What of `to` belongs to a subset of `from`. `to` is upstream unless it depends on `from`. */
  map(from: Entity, subset: Subset, to: Entity): Subset {
    const whole = this.whole(to);
    if (subset.size === 0) return EMPTY;
    // A check is of its whole asset.
    if (from.asset === to.asset && (from.check !== null || to.check !== null)) return whole;
    const isDown = to.asset !== from.asset && from.asset.children.includes(to.asset.key);
    return this.mapEdge(from, subset, to, isDown);
  }

  /** The way back of `map(from, ..., to)`. */
  mapBack(from: Entity, subset: Subset, to: Entity): Subset {
    if (subset.size === 0) return EMPTY;
    if (from.asset === to.asset && (from.check !== null || to.check !== null)) return this.whole(to);
    const wasDown = from.asset !== to.asset && to.asset.children.includes(from.asset.key);
    return this.mapEdge(from, subset, to, !wasDown);
  }

  private mapEdge(from: Entity, subset: Subset, to: Entity, isDown: boolean): Subset {
    if (to.partitions === null) return WHOLE;
    if (isDown && from.partitions === null) return this.whole(to);
    const edge = `${from.id}\n${to.id}\n${isDown}`;
    let known = this.mapped.get(edge);
    if (known === undefined) {
      known = new WeakMap();
      this.mapped.set(edge, known);
    }
    let result = known.get(subset);
    if (result === undefined) {
      result = this.computeMapped(from, subset, to, isDown);
      known.set(subset, result);
    }
    return result;
  }

  private computeMapped(from: Entity, subset: Subset, to: Entity, isDown: boolean): Subset {
    const [up, down] = isDown ? [from, to] : [to, from];
    const dependency = down.asset.manifest.dependencies.find(({ key }) => key === up.asset.key);
    const mapping = dependency?.mapping ?? null;
    const whole = this.whole(to);
    const partitions = { upstream: up.partitions, downstream: down.partitions };
    const moment = { now: this.facts.now, dynamicKeys: this.dynamicKeys(down.asset) };
    const keys = from.partitions === null ? null : [...subset];
    const result = isDown
      ? downstreamKeys(mapping, partitions, keys, moment)
      : upstreamKeys(mapping, partitions, keys, moment).keys;
    return result.length === whole.size ? whole : intersection(subsetOf(result), whole);
  }

  /** Keys that a selection has; one that names what does not exist has none of it. */
  selection(text: string): ReadonlySet<AssetKey> {
    let keys = this.selections.get(text);
    if (keys === undefined) {
      keys = this.select(text);
      this.selections.set(text, keys);
    }
    return keys;
  }

  private select(text: string): ReadonlySet<AssetKey> {
    try {
      return new Set(selectAssets(text, this.graph.selectable));
    } catch (error) {
      if (error instanceof SelectionResolveError) return new Set();
      throw error;
    }
  }

  private dynamicKeys({ location }: AutomationAsset) {
    return this.facts.dynamicKeys.get(location) ?? {};
  }

  private remember(entity: Entity): Entity {
    const known = this.entities.get(entity.id);
    if (known !== undefined) return known;
    this.entities.set(entity.id, entity);
    return entity;
  }
}

function timeDimension(partitions: PartitionsSpec | null): PartitionsSpec | null {
  if (partitions === null || partitions.type === 'time_window') return partitions;
  if (partitions.type !== 'multi') return null;
  const timed = Object.values(partitions.dimensions).filter(({ type }) => type === 'time_window');
  return timed.length === 1 ? (timed[0] ?? null) : null;
}
