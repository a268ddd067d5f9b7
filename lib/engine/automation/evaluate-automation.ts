import type { AssetKey } from '../../model/asset-key';
import type { PackedEvaluation } from '../../model/automation-evaluation';
import type { AutomationState, TickContext } from '../../model/automation-state';
import type { AutomationFacts } from './automation-facts';
import type { AutomationGraph } from './automation-graph';
import { AutomationView, type Entity } from './automation-view';
import { compileCondition } from './compile-condition';
import { type ConditionContext, evaluateCondition } from './evaluate-condition';
import { packResult, resultHash, type Shapes } from './pack-result';
import { EMPTY, readSubset, type Subset, storeSubset, union } from './subset';

/** One tick of an automation sensor, with everything that it is decided from. */
export interface AutomationTick {
  readonly graph: AutomationGraph;
  readonly facts: AutomationFacts;
  readonly sensor: string;
  /** Assets with conditions that the sensor covers. */
  readonly keys: readonly AssetKey[];
  readonly evaluationId: number;
  /** States of assets of the sensor's location, also of those that it does not cover. */
  readonly states: ReadonlyMap<AssetKey, AutomationState>;
  /** Up to where a sensor of the location has evaluated its assets; null = never did. */
  contextOf(sensor: string): TickContext | null;
}

export interface EvaluatedAsset {
  readonly key: AssetKey;
  readonly numRequested: number;
  readonly packed: PackedEvaluation;
}

export interface AutomationOutcome {
  /** What is to be made, by asset; never empty. Neighbours that are made together are among them. */
  readonly requests: ReadonlyMap<AssetKey, Subset>;
  /** States that changed. */
  readonly states: ReadonlyMap<AssetKey, AutomationState>;
  /** Evaluations that came to something else than the one before, or ask for something. */
  readonly evaluations: readonly EvaluatedAsset[];
  /** Of these evaluations, by name. */
  readonly shapes: Shapes;
  /** Conditions that could not be evaluated; those of other assets were. */
  readonly errors: readonly { readonly key: AssetKey; readonly error: unknown }[];
}

/** Decides what automation asks for at one instant: upstream first, so that downstream sees what will be requested. */
export function evaluateAutomation(tick: AutomationTick): AutomationOutcome {
  const view = new AutomationView(tick.graph, tick.facts);
  const covered = new Set(tick.keys);
  const requests = new Map<AssetKey, Subset>();
  const states = new Map<AssetKey, AutomationState>();
  const evaluations: EvaluatedAsset[] = [];
  const shapes: Shapes = new Map();
  const errors: { key: AssetKey; error: unknown }[] = [];
  for (const key of tick.graph.assets.keys()) {
    if (!covered.has(key)) continue;
    const entity = view.entity(key) as Entity;
    const previous = previousContext(tick, key);
    try {
      evaluateAsset(entity, previous);
    } catch (error) {
      errors.push({ key, error });
      const state = tick.states.get(key);
      if (state !== undefined) states.set(key, { ...state, left: previous });
    }
  }
  for (const [key, state] of tick.states) {
    if (covered.has(key) || state.sensor !== tick.sensor || state.left !== null) continue;
    states.set(key, { ...state, left: tick.contextOf(tick.sensor) });
  }
  return { requests, states, evaluations, shapes, errors };

  function evaluateAsset(entity: Entity, previous: TickContext | null): void {
    const { key, manifest, madeTogether } = entity.asset;
    if (manifest.automationCondition === null) return;
    const shape = manifest.partitions?.type ?? null;
    const before = tick.states.get(key);
    const state = before?.partitions === shape ? before : undefined;
    const condition = compileCondition(manifest.automationCondition);
    const context: ConditionContext = {
      view,
      root: entity,
      previous,
      isInitial: state === undefined,
      evaluationId: tick.evaluationId,
      condition,
      state,
      nodes: new Map(),
      requestedNow: ({ asset }) => requests.get(asset.key) ?? EMPTY,
      requestedBefore,
    };
    const result = evaluateCondition(context);
    const order = orderOf(entity);
    const next: AutomationState = {
      sensor: tick.sensor,
      left: null,
      requested: storeSubset(result.truth, order),
      partitions: shape,
      nodes: Object.fromEntries(context.nodes),
      resultHash: resultHash(result),
    };
    if (before === undefined || JSON.stringify(before) !== JSON.stringify(next)) states.set(key, next);
    if (result.truth.size > 0 || before?.resultHash !== next.resultHash) {
      evaluations.push({ key, numRequested: result.truth.size, packed: packResult(result, view, shapes) });
    }
    if (result.truth.size === 0) return;
    request(key, result.truth);
    for (const neighbour of madeTogether) {
      const other = view.entity(neighbour);
      if (other !== undefined) request(neighbour, sameOf(entity, result.truth, other));
    }
  }

  function request(key: AssetKey, subset: Subset): void {
    const all = union(requests.get(key) ?? EMPTY, subset);
    if (all.size > 0) requests.set(key, all);
  }

  /** Assets of one computation are partitioned alike, or not at all. */
  function sameOf(from: Entity, subset: Subset, to: Entity): Subset {
    return from.partitions === null || to.partitions === null ? view.whole(to) : subset;
  }

  function requestedBefore(entity: Entity): Subset {
    const stored = entity.check === null ? tick.states.get(entity.asset.key) : undefined;
    if (stored === undefined || stored.partitions !== (entity.partitions?.type ?? null)) return EMPTY;
    return readSubset(stored.requested, orderOf(entity));
  }

  function orderOf(entity: Entity): Subset | null {
    return entity.partitions === null ? null : view.whole(entity);
  }
}

/** Up to where an asset was evaluated before, by whichever sensor; null = never. */
export function previousContext(
  { states, contextOf }: Pick<AutomationTick, 'states' | 'contextOf'>,
  key: AssetKey,
): TickContext | null {
  const state = states.get(key);
  if (state === undefined) return null;
  return state.left ?? contextOf(state.sensor);
}
