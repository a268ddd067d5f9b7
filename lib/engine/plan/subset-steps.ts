import { checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { PlannedStep, StepInputSource } from '../../model/execution-plan';
import { PlanError } from '../errors';

/**
 * The chosen steps of a plan. A mapped step brings the step with its dynamic output, and a step that collects
 * brings what it collects: their keys are known only once they ran. Values of steps left out are loaded from
 * where earlier runs stored them.
 *
 * @param storedBy the run that holds a left-out step's outputs; absent = none known
 * @throws {PlanError} `unknown-step`
 */
export function subsetSteps(
  steps: readonly PlannedStep[],
  stepKeys: readonly string[],
  storedBy?: (stepKey: string) => string | undefined,
): PlannedStep[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const chosen = new Set<string>();
  const choose = (key: string): void => {
    if (chosen.has(key)) return;
    const step = byKey.get(key);
    if (step === undefined) {
      throw new PlanError('unknown-step', key, `The job has no step '${key}'.`, { known: byKey.keys() });
    }
    chosen.add(key);
    for (const needed of dynamicNeeds(step)) choose(needed);
  };
  for (const key of stepKeys) choose(unresolvedKey(key));

  const kept = steps.filter((step) => chosen.has(step.key));
  const checks = new Set(kept.flatMap((step) => step.checks.map(checkId)));
  return kept.map((step) => ({
    ...step,
    ...withUpstreamOf(step, (key) => (chosen.has(key) ? [] : (byKey.get(key)?.assets ?? []))),
    dependsOn: step.dependsOn.filter((key) => chosen.has(key)),
    blockedBy: step.blockedBy.filter((check) => checks.has(checkId(check))),
    inputs: step.inputs.map((input) => ({
      ...input,
      sources: input.sources.map((source) => relocated(source, chosen, storedBy)),
    })),
  }));
}

/** `load[usgs]` → `load[?]`, the plan's name of a mapped step. */
export function unresolvedKey(stepKey: string): string {
  return stepKey.replace(/\[[^\]]*\]$/, '[?]');
}

function dynamicNeeds(step: PlannedStep): string[] {
  const collected = step.inputs.flatMap((input) =>
    input.sources.flatMap((source) => (source.kind === 'collect' ? [source.stepKey] : [])),
  );
  return step.mappedOver === null ? collected : [...collected, step.mappedOver.stepKey];
}

/** What is left out was made by an earlier run. */
function withUpstreamOf(
  { assets, dependsOn, upstreamAssets = [] }: PlannedStep,
  leftOut: (stepKey: string) => readonly AssetKey[],
): Pick<PlannedStep, 'upstreamAssets'> {
  const all = assets.length === 0 ? [] : [...new Set([...upstreamAssets, ...dependsOn.flatMap(leftOut)])];
  return all.length === 0 ? {} : { upstreamAssets: all };
}

function relocated(
  source: StepInputSource,
  chosen: ReadonlySet<string>,
  storedBy: ((stepKey: string) => string | undefined) | undefined,
): StepInputSource {
  if (source.stepKey === null || chosen.has(source.stepKey)) return source;
  if (source.kind === 'asset') return { ...source, stepKey: null };
  if (source.kind === 'collect' || source.runId !== undefined) return source;
  const runId = storedBy?.(source.stepKey);
  return runId === undefined ? source : { ...source, runId };
}
