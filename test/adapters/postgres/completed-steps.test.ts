import { completedSteps, type StepResult } from '../../../lib/adapters/postgres/completed-steps';
import type { ExecutionPlan } from '../../../lib/model/execution-plan';
import { aStep } from '../../contracts/storage-builders';

const keysOf = (layer: number): string[] =>
  layer < 0 ? [] : ['a', 'b', 'c'].map((name) => `${name}${layer}`);
const steps = Array.from({ length: 60 }, (_, layer) =>
  keysOf(layer).map((key) => aStep({ key, dependsOn: keysOf(layer - 1) })),
).flat();
const plan: ExecutionPlan = { steps, maxConcurrentSteps: null, partitionKeys: [] };
const skipped = (stepKey: string): StepResult => ({ stepKey, status: 'SKIPPED', runId: null, outputs: [] });
const completed = (results: readonly StepResult[]): string[] =>
  completedSteps(plan, results).map(({ stepKey }) => stepKey);

test('Skipped steps count as done behind what is done, each asked about once', () => {
  expect(completed(steps.map(({ key }) => skipped(key)))).toEqual(steps.map(({ key }) => key));
});

test('Skipped steps behind one without a result run again', () => {
  const results = steps.map(({ key }) => skipped(key)).filter(({ stepKey }) => stepKey !== 'b3');
  expect(completed(results)).toEqual(
    steps
      .slice(0, 12)
      .map(({ key }) => key)
      .filter((key) => key !== 'b3'),
  );
});
