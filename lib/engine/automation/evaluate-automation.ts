import type { AssetKey } from '../../model/asset-key';
import type { PackedEvaluation } from '../../model/automation-evaluation';
import type { AutomationState, TickContext } from '../../model/automation-state';
import type { AutomationFacts } from './automation-facts';
import type { AutomationGraph } from './automation-graph';
import { AutomationView, type Entity } from './automation-view';
import { compileCondition } from './compile-condition';
import { type ConditionContext, evaluateCondition } from './evaluate-condition';
import { packResult, resultHash, type Shapes } from './pack-result';
import { EMPTY, readSubset, type Subset, storeSubset, union, WHOLE } from './subset';

/** One tick of an automation sensor, with everything that it is decided from. */
export interface AutomationTick {
  readonly graph: AutomationGraph;
  readonly facts: AutomationFacts;
  readonly sensor: string;
  /** Assets with conditions that the sensor covers, and ids of such checks. */
  readonly keys: readonly string[];
  readonly evaluationId: number;
  /** States of assets and checks of the sensor's location, also of those that it does not cover. */
  readonly states: ReadonlyMap<string, AutomationState>;
  /** Up to where a sensor of the location has evaluated its assets; null = never did. */
  contextOf(sensor: string): TickContext | null;
}

/** An asset, or a check by its id. */
export interface EvaluatedEntity {
  readonly key: string;
  readonly numRequested: number;
  readonly packed: PackedEvaluation;
}

export interface AutomationOutcome {
  /** What is to be made, by asset; never empty. Neighbours that are made together are among them. */
  readonly requests: ReadonlyMap<AssetKey, Subset>;
  /** Ids of checks that are to be evaluated. */
  readonly checks: ReadonlySet<string>;
  /** States that changed. */
  readonly states: ReadonlyMap<string, AutomationState>;
  /** Evaluations that came to something else than the one before, or ask for something. */
  readonly evaluations: readonly EvaluatedEntity[];
  /** Of these evaluations, by name. */
  readonly shapes: Shapes;
  /** Conditions that could not be evaluated; those of others were. */
  readonly errors: readonly { readonly key: string; readonly error: unknown }[];
}

/** Decides what automation asks for at one instant: upstream first, so that downstream sees what will be requested. */
export function evaluateAutomation(tick: AutomationTick): AutomationOutcome {
  const view = new AutomationView(tick.graph, tick.facts);
  const covered = new Set(tick.keys);
  const requests = new Map<AssetKey, Subset>();
  const checks = new Set<string>();
  const states = new Map<string, AutomationState>();
  const evaluations: EvaluatedEntity[] = [];
  const shapes: Shapes = new Map();
  const errors: { key: string; error: unknown }[] = [];
  for (const entity of entities()) {
    const key = entity.id;
    if (!covered.has(key)) continue;
    const previous = previousContext(tick, key);
    try {
      evaluateEntity(entity, previous);
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
  return { requests, checks, states, evaluations, shapes, errors };

  /** Each asset after those upstream, and its checks after it. */
  function* entities(): Iterable<Entity> {
    for (const asset of tick.graph.assets.keys()) {
      const entity = view.entity(asset);
      if (entity === undefined) continue;
      yield entity;
      yield* view.checksOf(entity);
    }
  }

  function evaluateEntity(entity: Entity, previous: TickContext | null): void {
    const key = entity.id;
    const { manifest, madeTogether } = entity.asset;
    const spec =
      entity.check === null ? manifest.automationCondition : (entity.check.automationCondition ?? null);
    if (spec === null) return;
    const shape = entity.partitions?.type ?? null;
    const before = tick.states.get(key);
    const state = before?.partitions === shape ? before : undefined;
    const condition = compileCondition(spec);
    const context: ConditionContext = {
      view,
      root: entity,
      previous,
      isInitial: state === undefined,
      evaluationId: tick.evaluationId,
      condition,
      state,
      nodes: new Map(),
      requestedNow,
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
    if (entity.check !== null) {
      checks.add(key);
      return;
    }
    request(key, result.truth);
    for (const neighbour of madeTogether) {
      const other = view.entity(neighbour);
      if (other !== undefined) request(neighbour, sameOf(entity, result.truth, other));
    }
  }

  /** A check is evaluated by every run of its asset. */
  function requestedNow({ id, asset, check }: Entity): Subset {
    const ofAsset = requests.get(asset.key) ?? EMPTY;
    return check !== null && checks.has(id) ? WHOLE : ofAsset;
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
    const stored = tick.states.get(entity.id);
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
  key: string,
): TickContext | null {
  const state = states.get(key);
  if (state === undefined) return null;
  return state.left ?? contextOf(state.sensor);
}
