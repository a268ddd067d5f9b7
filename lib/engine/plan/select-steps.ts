import type { PlannedStep } from '../../model/execution-plan';
import { stepDistance, stepNeighbours, stepsWithin } from '../../model/select-steps';
import { PlanError } from '../errors';
import { unresolvedKey } from './subset-steps';

/** Dagster's: `*` = all, each `+` = one level further. */
const CLAUSE = /^(\*?\+*)([^*+]+)(\+*\*?)$/;

/**
 * The steps that selections stand for, in plan order: keys, or `*load` (with all before it), `++load` (with two levels
 * before it), `load+`, `load*` after it likewise; `*` is every step. Keys without either are kept as they are, so that
 * a step of a dynamic output (`load[usgs]`) can be named.
 *
 * @throws {PlanError} `unknown-step`
 * @example selectSteps(plan.steps, ['*load+']) // everything before load, load, and what comes right after it
 */
export function selectSteps(steps: readonly PlannedStep[], selections: readonly string[]): readonly string[] {
  const keys = new Set(steps.map(({ key }) => key));
  const { before, after } = stepNeighbours(steps.map(({ key, dependsOn }) => ({ key, deps: dependsOn })));

  const chosen = new Set<string>();
  for (const selection of selections.map((each) => each.trim())) {
    if (selection === '*') {
      for (const key of keys) chosen.add(key);
      continue;
    }
    const [, up = '', name = selection, down = ''] = CLAUSE.exec(selection) ?? [];
    chosen.add(name);
    if (up === '' && down === '') continue;
    const start = unresolvedKey(name);
    if (!keys.has(start)) {
      throw new PlanError('unknown-step', name, `The job has no step '${name}'.`, { known: keys });
    }
    for (const [next, mark] of [
      [before, up],
      [after, down],
    ] as const) {
      for (const key of stepsWithin([start], distanceOf(mark), next)) if (key !== start) chosen.add(key);
    }
  }
  const order = new Map([...keys].map((key, index) => [key, index]));
  const placeOf = (key: string): number => order.get(unresolvedKey(key)) ?? keys.size;
  return [...chosen].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Dagster takes `*+` too, which is `*`. */
const distanceOf = (mark: string): number => stepDistance(mark.includes('*') ? '*' : mark);
