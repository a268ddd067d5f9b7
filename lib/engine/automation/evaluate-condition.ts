import type { SinceMetadata } from '../../model/automation-evaluation';
import type { AutomationState, NodeState } from '../../model/automation-state';
import type { Entity } from './automation-view';
import { type Condition, compileCondition, hash } from './compile-condition';
import { evaluateLeaf, type LeafContext } from './evaluate-leaf';
import type { NodeResult } from './node-result';
import { difference, EMPTY, intersection, readSubset, type Subset, storeSubset, union } from './subset';
import { laterThan, mapTiming, mergeTimings } from './timing';

const SECOND_MS = 1_000;

/** What the evaluation of one asset's condition needs and gathers. */
export interface ConditionContext extends LeafContext {
  readonly evaluationId: number;
  readonly condition: Condition;
  /** Of the previous evaluation; undefined = never, or its partitions are others now. */
  readonly state: AutomationState | undefined;
  /** What the nodes are to remember: filled while evaluating. */
  readonly nodes: Map<string, NodeState>;
}

/** Where one evaluation stands in the tree. */
interface Place {
  readonly entity: Entity;
  readonly candidates: Subset;
  /** Operators from the root down. */
  readonly path: string;
  /** Conditions above, by structure: a downstream condition among them is not entered again. */
  readonly above: readonly string[];
}

/** Evaluates an asset's whole condition over all its partitions. */
export function evaluateCondition(context: ConditionContext): NodeResult {
  const candidates = context.view.whole(context.root);
  return evaluate(context.condition, { entity: context.root, candidates, path: '', above: [] }, context);
}

function evaluate(condition: Condition, place: Place, context: ConditionContext): NodeResult {
  const { entity, candidates } = place;
  const below = (child: Condition, index: number, narrowed: Subset): NodeResult =>
    evaluate(child, { ...under(place, condition, index), candidates: narrowed }, context);
  const only = condition.children[0];
  switch (condition.op) {
    case 'and': {
      let truth = candidates;
      const children = condition.children.map((child, index) => {
        const result = below(child, index, truth);
        truth = intersection(truth, result.truth);
        return result;
      });
      return toResult({ truth, children });
    }
    case 'or': {
      const children = condition.children.map((child, index) => below(child, index, candidates));
      return toResult({ truth: unionOf(children), children });
    }
    case 'not': {
      const child = below(only as Condition, 0, candidates);
      return toResult({ truth: difference(candidates, child.truth), children: [child] });
    }
    case 'newly_true':
      return toResult(newlyTrue(condition, place, context, below));
    case 'since':
      return toResult(since(condition, place, context, below));
    case 'any_deps_match':
    case 'all_deps_match': {
      const { allow, ignore } = condition.spec;
      const deps = context.view.parentsOf(entity).filter(({ asset: { key } }) => {
        if (typeof allow === 'string' && !context.view.selection(allow).has(key)) return false;
        return typeof ignore !== 'string' || !context.view.selection(ignore).has(key);
      });
      const children = matching(only as Condition, deps);
      const timing =
        condition.op === 'any_deps_match' ? mergeTimings(children.map((each) => each.timing)) : null;
      return toResult({ truth: joined(children, condition.op === 'all_deps_match'), children, timing });
    }
    case 'any_checks_match':
    case 'all_checks_match': {
      const isAll = condition.op === 'all_checks_match';
      const checks = context.view
        .checksOf(entity)
        .filter(({ check }) => condition.spec.blockingOnly !== true || check?.blocking === true);
      const children = matching(only as Condition, checks);
      return toResult({ truth: joined(children, isAll), children });
    }
    case 'asset_matches': {
      const other = context.view.entity(String(condition.spec.asset));
      if (other === undefined) return toResult({ truth: EMPTY, children: [] });
      const { truth, children, timing } = matches(only as Condition, other, candidates, 0);
      return toResult({ truth, children, timing });
    }
    case 'any_downstream_conditions': {
      const children = downstreamConditions(entity, place, context).map((each, index) =>
        below(each, index, candidates),
      );
      return toResult({ truth: unionOf(children), children });
    }
    case 'code_version_changed': {
      const version = entity.asset.manifest.codeVersion;
      const before = remembered(condition, place, context)?.value ?? null;
      context.nodes.set(nodeId(condition, place), { path: place.path, value: version });
      const isChanged = before !== null && before !== version;
      return toResult({ truth: isChanged ? candidates : EMPTY, children: [] });
    }
    case 'interval_passed': {
      const { now } = context.view.facts;
      const before = remembered(condition, place, context)?.value ?? null;
      const isDue = before === null || now - Number(before) >= Number(condition.spec.seconds) * SECOND_MS;
      const value = isDue ? String(now) : before;
      context.nodes.set(nodeId(condition, place), { path: place.path, value });
      return toResult({ truth: isDue ? candidates : EMPTY, children: [] });
    }
    default: {
      const leaf = evaluateLeaf(condition, entity, candidates, context);
      return toResult({ ...leaf, children: [] });
    }
  }

  function toResult(
    result: Pick<NodeResult, 'truth' | 'children'> & Partial<Pick<NodeResult, 'timing' | 'since'>>,
  ): NodeResult {
    return {
      entity,
      label: condition.label,
      name: condition.name,
      operatorType: operatorType(condition),
      candidates,
      timing: null,
      ...result,
    };
  }

  /** The operand asked of others, as far as they belong to the candidates. */
  function matching(operand: Condition, others: readonly Entity[]): NodeResult[] {
    return others.map((other, index) => matches(operand, other, candidates, index));
  }

  function matches(operand: Condition, other: Entity, narrowed: Subset, index: number): NodeResult {
    const { view } = context;
    const child = evaluate(
      operand,
      { ...under(place, condition, index), entity: other, candidates: view.map(entity, narrowed, other) },
      context,
    );
    const back = (subset: Subset): Subset => view.mapBack(other, subset, entity);
    return {
      entity,
      label: null,
      name: other.id,
      operatorType: 'identity',
      candidates: narrowed,
      truth: back(child.truth),
      children: [child],
      timing: mapTiming(child.timing, back),
    };
  }

  function joined(children: readonly NodeResult[], isAll: boolean): Subset {
    if (!isAll) return intersection(candidates, unionOf(children));
    return children.reduce((truth, child) => intersection(truth, child.truth), candidates);
  }
}

type Below = (child: Condition, index: number, candidates: Subset) => NodeResult;

/** Everything is asked of all partitions, candidates or not: otherwise a change would go unseen. */
function newlyTrue(condition: Condition, place: Place, context: ConditionContext, below: Below) {
  const { entity, candidates } = place;
  const whole = context.view.whole(entity);
  const order = entity.partitions === null ? null : whole;
  const child = below(condition.children[0] as Condition, 0, whole);
  const before = readSubset(remembered(condition, place, context)?.subset ?? false, order);
  context.nodes.set(nodeId(condition, place), { path: place.path, subset: storeSubset(child.truth, order) });
  return { truth: intersection(candidates, difference(child.truth, before)), children: [child] };
}

/** Of two that are true in one tick the later one counts where both tell when; else the reset. */
function since(condition: Condition, place: Place, context: ConditionContext, below: Below) {
  const { entity } = place;
  const whole = context.view.whole(entity);
  const order = entity.partitions === null ? null : whole;
  const trigger = below(condition.children[0] as Condition, 0, whole);
  const reset = below(condition.children[1] as Condition, 1, whole);
  const before = remembered(condition, place, context);
  let truth = union(readSubset(before?.subset ?? false, order), trigger.truth);
  truth = difference(truth, reset.truth);
  const both = intersection(trigger.truth, reset.truth);
  if (both.size > 0 && trigger.timing !== null && reset.timing !== null) {
    truth = union(truth, intersection(laterThan(trigger.timing, reset.timing), both));
  }
  const metadata: SinceMetadata = {
    triggerEvaluationId: before?.since?.triggerEvaluationId ?? null,
    triggerTimestamp: before?.since?.triggerTimestamp ?? null,
    resetEvaluationId: before?.since?.resetEvaluationId ?? null,
    resetTimestamp: before?.since?.resetTimestamp ?? null,
    ...(trigger.truth.size > 0 && {
      triggerEvaluationId: context.evaluationId,
      triggerTimestamp: context.view.facts.now,
    }),
    ...(reset.truth.size > 0 && {
      resetEvaluationId: context.evaluationId,
      resetTimestamp: context.view.facts.now,
    }),
  };
  context.nodes.set(nodeId(condition, place), {
    path: place.path,
    subset: storeSubset(truth, order),
    since: metadata,
  });
  return { truth, children: [trigger, reset], timing: trigger.timing, since: metadata };
}

const unionOf = (results: readonly NodeResult[]): Subset =>
  results.reduce((truth, each) => union(truth, each.truth), EMPTY);

function under(
  { entity, path, above }: Place,
  { op, structure }: Condition,
  index: number,
): Omit<Place, 'candidates'> {
  return { entity, path: `${path}/${op}${index}`, above: [...above, structure] };
}

const nodeId = ({ structure }: Condition, { entity }: Place): string => `${structure}@${entity.id}`;

/**
 * What a node knew: by its own structure wherever it stands; if that was edited, by its place, as long as nothing else
 * of the tree claims what is remembered there.
 */
function remembered(condition: Condition, place: Place, { state, condition: root }: ConditionContext) {
  if (state === undefined) return undefined;
  const own = state.nodes[nodeId(condition, place)];
  if (own !== undefined) return own;
  const suffix = `@${place.entity.id}`;
  return Object.entries(state.nodes).find(
    ([id, { path }]) =>
      path === place.path && id.endsWith(suffix) && !root.structures.has(id.slice(0, -suffix.length)),
  )?.[1];
}

function operatorType({ op }: Condition): NodeResult['operatorType'] {
  switch (op) {
    case 'and':
    case 'all_deps_match':
    case 'all_checks_match':
      return 'and';
    case 'or':
    case 'any_deps_match':
    case 'any_checks_match':
      return 'or';
    case 'not':
      return 'not';
    default:
      return 'identity';
  }
}

/** The distinct conditions of everything downstream, without what they themselves take from downstream. */
function downstreamConditions(
  entity: Entity,
  { above }: Place,
  { view, condition }: ConditionContext,
): readonly Condition[] {
  const found = new Map<string, Condition>();
  const seen = new Set<string>([entity.id]);
  const queue = [...view.childrenOf(entity)];
  for (const child of queue) {
    if (seen.has(child.id)) continue;
    seen.add(child.id);
    queue.push(...view.childrenOf(child));
    const spec = child.asset.manifest.automationCondition;
    const kept = spec === null ? null : withoutDownstream(compileCondition(spec));
    if (kept === null || kept.structure === condition.structure || above.includes(kept.structure)) continue;
    found.set(kept.structure, kept);
  }
  return [...found.values()];
}

/** As if conditions of downstream were never true; null when nothing else is left. A label is kept with all it names. */
function withoutDownstream(condition: Condition): Condition | null {
  if (condition.label !== null) return condition;
  if (condition.op === 'any_downstream_conditions') return null;
  if (condition.op !== 'and' && condition.op !== 'or') return condition;
  const kept = condition.children.map(withoutDownstream);
  const left = kept.filter((each) => each !== null);
  if (left.length < kept.length && (condition.op === 'and' || left.length === 0)) return null;
  if (left.every((each, index) => each === condition.children[index]) && left.length === kept.length) {
    return condition;
  }
  if (left.length === 1) return left[0] ?? null;
  const structure = hash(`${condition.op}()[${left.map((each) => each.structure).join()}]`);
  return { ...condition, children: left, structure };
}
