import { checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { AutomationGraph } from './automation-graph';
import { AutomationConditionError, type Condition, compileCondition } from './compile-condition';

/** What conditions look at: the assets of whose state anything has to be known. */
export interface ConditionInputs {
  readonly keys: ReadonlySet<AssetKey>;
  /** Those of which it is asked whether their latest execution failed. */
  readonly failures: ReadonlySet<AssetKey>;
  /** Those whose checks are looked at. */
  readonly checked: ReadonlySet<AssetKey>;
  /** Whether runs are asked about that made no new update. */
  readonly needsLatestRuns: boolean;
}

const known = new WeakMap<AutomationGraph, Map<string, ConditionInputs>>();

/**
 * Worked out once for each version of the definitions.
 *
 * @param roots assets, and ids of checks
 */
export function conditionInputs(graph: AutomationGraph, roots: readonly string[]): ConditionInputs {
  const ofGraph = known.get(graph) ?? new Map<string, ConditionInputs>();
  known.set(graph, ofGraph);
  const id = roots.join('\n');
  const inputs = ofGraph.get(id) ?? findInputs(graph, roots);
  ofGraph.set(id, inputs);
  return inputs;
}

function findInputs(graph: AutomationGraph, roots: readonly string[]): ConditionInputs {
  const inputs = {
    keys: new Set<AssetKey>(),
    failures: new Set<AssetKey>(),
    checked: new Set<AssetKey>(),
    needsLatestRuns: false,
  };
  const seen = new Set<string>();
  for (const key of roots) {
    const condition = conditionOf(graph, key);
    if (condition === null) continue;
    inputs.needsLatestRuns ||= asksLatestRuns(condition, false);
    const asset = assetOf(key);
    if (asset !== key) inputs.checked.add(asset);
    visit(condition, asset, asset !== key);
  }
  return inputs;

  /** @param isCheck asked of a check of the asset, whose only dependency is the asset */
  function visit(condition: Condition, key: AssetKey, isCheck: boolean): void {
    const id = `${condition.structure}@${key}${isCheck ? ':' : ''}`;
    if (seen.has(id)) return;
    seen.add(id);
    inputs.keys.add(key);
    const asset = graph.assets.get(key);
    switch (condition.op) {
      case 'execution_failed':
        inputs.failures.add(key);
        return;
      case 'any_checks_match':
      case 'all_checks_match':
        inputs.checked.add(key);
        break;
      case 'any_deps_match':
      case 'all_deps_match':
        for (const parent of isCheck ? [key] : (asset?.parents ?? [])) each(condition, parent, false);
        return;
      case 'asset_matches':
        each(condition, String(condition.spec.asset), false);
        return;
      case 'any_downstream_conditions':
        for (const downstream of descendants(graph, key)) {
          const condition = conditionOf(graph, downstream);
          if (condition !== null) visit(condition, key, isCheck);
        }
        return;
      default:
    }
    each(condition, key, isCheck);
  }

  function each(condition: Condition, key: AssetKey, isCheck: boolean): void {
    for (const child of condition.children) visit(child, key, isCheck);
  }
}

/** The asset that an id of a check begins with; an asset's is its key. */
const assetOf = (id: string): AssetKey => id.split(':', 1)[0] ?? id;

/** Null where there is none, or none that is understood: its evaluation will say so. */
function conditionOf(graph: AutomationGraph, key: string): Condition | null {
  const asset = graph.assets.get(assetOf(key));
  const spec =
    asset?.key === key
      ? asset.manifest.automationCondition
      : (asset?.checks.find((check) => checkId(check) === key)?.automationCondition ?? null);
  try {
    return spec === null ? null : compileCondition(spec);
  } catch (error) {
    if (error instanceof AutomationConditionError) return null;
    throw error;
  }
}

function descendants(graph: AutomationGraph, key: AssetKey): ReadonlySet<AssetKey> {
  const found = new Set<AssetKey>();
  const queue = [key];
  for (const next of queue) {
    for (const child of graph.assets.get(next)?.children ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      queue.push(child);
    }
  }
  return found;
}

/** What stands behind `newly_updated` in a conjunction is asked of new updates only. */
function asksLatestRuns(condition: Condition, isGuarded: boolean): boolean {
  if (condition.op === 'executed_with_tags' || condition.op === 'executed_with_root_target')
    return !isGuarded;
  if (condition.op !== 'and') return condition.children.some((child) => asksLatestRuns(child, isGuarded));
  let guarded = isGuarded;
  return condition.children.some((child) => {
    const asks = asksLatestRuns(child, guarded);
    guarded ||= child.op === 'newly_updated';
    return asks;
  });
}
