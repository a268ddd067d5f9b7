import fc from 'fast-check';
import { PlanProgress } from '../../lib/execution/plan-progress';
import type { PlannedStep } from '../../lib/model/execution-plan';
import { step } from './support/definitions';

/** A random plan: each step depends on some of those before it. */
const plans = fc
  .array(fc.record({ deps: fc.array(fc.nat(), { maxLength: 4 }), fails: fc.boolean() }), {
    minLength: 1,
    maxLength: 15,
  })
  .map((nodes) => {
    const steps = nodes.map(({ deps }, index) =>
      step(`s${index}`, { dependsOn: index === 0 ? [] : [...new Set(deps.map((dep) => `s${dep % index}`))] }),
    );
    return { steps, failing: new Set(nodes.flatMap(({ fails }, index) => (fails ? [`s${index}`] : []))) };
  });

interface Walk {
  readonly ran: string[];
  readonly abandoned: string[];
}

/** Runs a plan to its end, taking ready steps in the order that `pick` says. */
function walk(
  steps: readonly PlannedStep[],
  failing: ReadonlySet<string>,
  picks: readonly number[],
  known: { readonly done: readonly string[]; readonly failed: readonly string[] } = { done: [], failed: [] },
): Walk {
  const progress = new PlanProgress(
    { steps, maxConcurrentSteps: null, partitionKeys: [] },
    {
      completed: known.done.map((stepKey) => ({ stepKey, status: 'SUCCESS', mappingKeys: {}, outputs: [] })),
      failed: Object.fromEntries(known.failed.map((key) => [key, 'x'])),
      failedBlockingChecks: [],
    },
  );
  const ready: string[] = [];
  const result: Walk = { ran: [], abandoned: [] };
  const take = (): void => {
    for (const decision of progress.decide()) {
      if (decision.kind === 'run') ready.push(decision.step.key);
      else result.abandoned.push(decision.step.key);
    }
  };
  take();
  for (let turn = 0; ready.length > 0; turn += 1) {
    const [key = ''] = ready.splice((picks[turn % picks.length] ?? 0) % ready.length, 1);
    result.ran.push(key);
    progress.complete(key, {
      status: failing.has(key) ? 'FAILURE' : 'SUCCESS',
      outputs: [],
      mappingKeys: {},
    });
    take();
  }
  return result;
}

const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 15 });

test('Every step is decided once: run after all it depends on, or abandoned because of a failure above', () => {
  fc.assert(
    fc.property(plans, picks, ({ steps, failing }, order) => {
      const { ran, abandoned } = walk(steps, failing, order);
      expect([...ran, ...abandoned].sort()).toEqual(steps.map(({ key }) => key).sort());
      const bad = new Set([...abandoned, ...failing]);
      for (const { key, dependsOn } of steps) {
        const isBelowBad = dependsOn.some((dep) => bad.has(dep));
        expect(abandoned.includes(key)).toBe(isBelowBad);
        if (isBelowBad) continue;
        for (const dep of dependsOn) expect(ran.indexOf(dep)).toBeLessThan(ran.indexOf(key));
      }
    }),
  );
});

test('Going on after any interruption decides exactly what is left', () => {
  fc.assert(
    fc.property(plans, picks, fc.nat(), ({ steps, failing }, order, at) => {
      const whole = walk(steps, failing, order);
      const before = whole.ran.slice(0, at % (whole.ran.length + 1));
      const done = before.filter((key) => !failing.has(key));
      const failed = before.filter((key) => failing.has(key));
      const rest = walk(steps, failing, order, { done, failed });
      expect([...before, ...rest.ran].sort()).toEqual([...whole.ran].sort());
      expect([...rest.abandoned].sort()).toEqual([...whole.abandoned].sort());
    }),
  );
});
