import type { PlannedStep } from '../../model/execution-plan';
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
  const before = new Map(
    steps.map(({ key, dependsOn }) => [key, dependsOn.filter((each) => keys.has(each))]),
  );
  const after = new Map(steps.map(({ key }) => [key, [] as string[]]));
  for (const [key, needed] of before) for (const each of needed) after.get(each)?.push(key);

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
    for (const key of reached(start, before, levels(up))) chosen.add(key);
    for (const key of reached(start, after, levels(down))) chosen.add(key);
  }
  const order = new Map([...keys].map((key, index) => [key, index]));
  const placeOf = (key: string): number => order.get(unresolvedKey(key)) ?? keys.size;
  return [...chosen].sort((a, b) => placeOf(a) - placeOf(b));
}

const levels = (operators: string): number =>
  operators.includes('*') ? Number.POSITIVE_INFINITY : operators.length;

function reached(start: string, next: ReadonlyMap<string, readonly string[]>, levels: number): Set<string> {
  const found = new Set<string>();
  let edge: readonly string[] = [start];
  for (let level = 0; level < levels && edge.length > 0; level += 1) {
    edge = [...new Set(edge.flatMap((key) => next.get(key) ?? []))].filter((key) => !found.has(key));
    for (const key of edge) found.add(key);
  }
  return found;
}
