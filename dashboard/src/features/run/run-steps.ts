import { stepKind } from './gantt-layout';
import type { PlanStep, StepStats } from './run-types';
import type { RunStep } from './select-steps';
import type { StepTitles } from './step-titles';

/** The steps of a run: those of its plan, and those that came of dynamic outputs. */
export function runSteps(
  planned: readonly PlanStep[],
  stats: readonly StepStats[],
  titles: StepTitles,
): readonly RunStep[] {
  const statsOf = new Map(stats.map((each) => [each.stepKey, each]));
  const known = new Set(planned.map(({ key }) => key));
  return [
    ...planned.map(({ key, inputs }) => ({
      key,
      title: titles.get(key) ?? key,
      kind: stepKind(statsOf.get(key)),
      deps: inputs.flatMap(({ dependsOn }) => dependsOn.map((before) => before.key)),
    })),
    ...stats
      .filter(({ stepKey }) => !known.has(stepKey))
      .map((each) => ({
        key: each.stepKey,
        title: titles.get(each.stepKey) ?? each.stepKey,
        kind: stepKind(each),
        // `load[a]` is one of `load`.
        deps: mappedFrom(each.stepKey, known),
      })),
  ];
}

function mappedFrom(key: string, known: ReadonlySet<string>): readonly string[] {
  const step = key.replace(/\[[^\]]*\]$/, '');
  return step !== key && known.has(step) ? [step] : [];
}
