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
  const { before: parents, after: children } = stepNeighbours(steps);
  const selected = new Set<string>();
  const list = (typeof clauses === 'string' ? clauses : clauses.join(' '))
    .split(/[\s,]+/)
    .filter((clause) => clause !== '');
  for (const clause of list) {
    if (clause === '*') {
      for (const key of parents.keys()) selected.add(key);
      continue;
    }
    const { before, key, after } = CLAUSE.exec(clause)?.groups ?? {};
    if (key === undefined)
      throw new StepSelectionError(clause, "is not a step's key with '*' or '+' around it");
    if (!parents.has(key)) {
      throw new StepSelectionError(
        clause,
        `names no step of this job.${didYouMean(nearMisses(key, parents.keys()))}`,
      );
    }
    for (const found of stepsWithin([key], stepDistance(before), parents)) selected.add(found);
    for (const found of stepsWithin([key], stepDistance(after), children)) selected.add(found);
  }
  return steps.map(({ key }) => key).filter((key) => selected.has(key));
}

/** Of each step the keys of those right before and right after it; dependencies on steps that are not there are left out. */
export function stepNeighbours(steps: readonly SelectableStep[]): {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
} {
  const after = new Map<string, string[]>(steps.map(({ key }) => [key, []]));
  for (const { key, deps } of steps) for (const dep of deps) after.get(dep)?.push(key);
  const before = new Map(steps.map(({ key, deps }) => [key, deps.filter((dep) => after.has(dep))]));
  return { before, after };
}

/**
 * How many steps a mark beside a step's key reaches: none, one for each `+`, all for `*`.
 *
 * @example stepDistance('++') // 2
 */
export function stepDistance(mark: string | undefined): number {
  return mark === '*' ? Number.POSITIVE_INFINITY : (mark?.length ?? 0);
}

/** Keys that are at most so many steps away in one direction, those where it begins included. */
export function stepsWithin(
  from: readonly string[],
  distance: number,
  next: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(from);
  let frontier = from;
  for (let step = 0; step < distance && frontier.length > 0; step += 1) {
    const found = new Set(frontier.flatMap((key) => next.get(key) ?? []));
    frontier = [...found].filter((key) => !reached.has(key));
    for (const key of frontier) reached.add(key);
  }
  return reached;
}
