import type { ExecutionPlan } from '../../model/execution-plan';
import type { CompletedStep } from '../../ports/worker-storage';

/** The last word on a step, as storage read it from the events. */
export interface StepResult {
  readonly stepKey: string;
  readonly status: 'SUCCESS' | 'SKIPPED';
  /** The earlier run of the lineage that finished it; null = this one. */
  readonly runId: string | null;
  readonly outputs: readonly { readonly output: string; readonly mappingKey: string | null }[];
}

/**
 * Which steps need not run again. A success always; a skip only if all that the step waits for is completed too:
 * one that was skipped because something before it failed gets another chance.
 */
export function completedSteps(
  plan: ExecutionPlan,
  results: readonly StepResult[],
): readonly CompletedStep[] {
  const byKey = new Map(results.map((result) => [result.stepKey, result]));
  const planned = new Map(plan.steps.map((step) => [step.key, step]));
  // Asked once of each step: where many were skipped, the ways back from one grow with every layer before it.
  const known = new Map<string, boolean>();
  const isDone = (stepKey: string): boolean => {
    const done = known.get(stepKey) ?? isDoneAnew(stepKey);
    known.set(stepKey, done);
    return done;
  };
  const isDoneAnew = (stepKey: string): boolean => {
    const result = byKey.get(stepKey);
    // A template of mapped steps has no result itself; what it waits for decides.
    if (result === undefined) return stepKey.endsWith('[?]') && dependencies(stepKey).every(isDone);
    return result.status === 'SUCCESS' || dependencies(stepKey).every(isDone);
  };
  const dependencies = (stepKey: string): readonly string[] => {
    const own = planned.get(stepKey);
    if (own !== undefined) return own.dependsOn;
    const mapping = /\[(.+)\]$/.exec(stepKey);
    if (mapping === null) return [];
    const template = planned.get(stepKey.replace(/\[.+\]$/, '[?]'));
    return (template?.dependsOn ?? []).map((key) => key.replace(/\[\?\]$/, () => `[${mapping[1]}]`));
  };
  return results.filter(({ stepKey }) => isDone(stepKey)).map(toCompletedStep);
}

function toCompletedStep({ stepKey, status, runId, outputs }: StepResult): CompletedStep {
  const mappingKeys: Record<string, string[]> = {};
  for (const { output, mappingKey } of outputs) {
    if (mappingKey === null) continue;
    const keys = mappingKeys[output] ?? [];
    if (!keys.includes(mappingKey)) keys.push(mappingKey);
    mappingKeys[output] = keys;
  }
  return {
    stepKey,
    status,
    mappingKeys,
    outputs: [...new Set(outputs.map(({ output }) => output))],
    ...(runId === null ? {} : { runId }),
  };
}
