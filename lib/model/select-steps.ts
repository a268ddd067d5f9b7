/** Selecting steps (or ops) of a job's graph by name and distance, as Dagster's op selection does. */
import { didYouMean, nearMisses } from './near-misses';

/** Of a step, what selections look at. */
export interface SelectableStep {
  readonly key: string;
  /** Keys of the steps that come right before. */
  readonly deps: readonly string[];
}

/** A step selection that cannot be read, or that names a step that does not exist. */
export class StepSelectionError extends Error {
  readonly clause: string;

  constructor(clause: string, reason: string) {
    super(`Step selection '${clause}' ${reason}`);
    this.name = 'StepSelectionError';
    this.clause = clause;
  }
}

const CLAUSE = /^(?<before>\*|\++)?(?<key>[^*+\s,]+)(?<after>\*|\++)?$/;

/**
 * Keys of the selected steps, in the graph's order. A clause is a step's key, with what belongs to it: `*step` all
 * that comes before it, `step*` all that comes after, `+step` and `step+` what comes right before and after, each
 * further `+` one step more; `*` alone is every step. Clauses (separated by commas or spaces) are joined.
 * @example selectSteps('*load+', steps) // what load needs, load, and what follows it directly
 * @throws {StepSelectionError}
 */
export function selectSteps(
  clauses: string | readonly string[],
  steps: readonly SelectableStep[],
): readonly string[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const children = new Map<string, string[]>(steps.map(({ key }) => [key, []]));
  for (const { key, deps } of steps) for (const dep of deps) children.get(dep)?.push(key);
  const selected = new Set<string>();
  const list = (typeof clauses === 'string' ? clauses : clauses.join(' '))
    .split(/[\s,]+/)
    .filter((clause) => clause !== '');
  for (const clause of list) {
    if (clause === '*') {
      for (const key of byKey.keys()) selected.add(key);
      continue;
    }
    const { before, key, after } = CLAUSE.exec(clause)?.groups ?? {};
    if (key === undefined)
      throw new StepSelectionError(clause, "is not a step's key with '*' or '+' around it");
    if (!byKey.has(key)) {
      throw new StepSelectionError(
        clause,
        `names no step of this job.${didYouMean(nearMisses(key, byKey.keys()))}`,
      );
    }
    add(key, depthOf(before), (each) => byKey.get(each)?.deps.filter((dep) => byKey.has(dep)) ?? []);
    add(key, depthOf(after), (each) => children.get(each) ?? []);
  }
  return steps.map(({ key }) => key).filter((key) => selected.has(key));

  function add(from: string, depth: number, next: (key: string) => readonly string[]): void {
    const reached = new Set([from]);
    let frontier: readonly string[] = [from];
    for (let step = 0; step < depth && frontier.length > 0; step += 1) {
      frontier = [...new Set(frontier.flatMap(next))].filter((key) => !reached.has(key));
      for (const key of frontier) reached.add(key);
    }
    for (const key of reached) selected.add(key);
  }
}

function depthOf(mark: string | undefined): number {
  return mark === '*' ? Number.POSITIVE_INFINITY : (mark?.length ?? 0);
}
