import type { StatusKind } from '../../components/status';

/** Of a step, what a selection looks at. */
export interface SelectableStep {
  readonly key: string;
  /** What readers call it. */
  readonly title: string;
  readonly kind: StatusKind;
  /** Keys of the steps that come right before. */
  readonly deps: readonly string[];
}

export interface StepSelection {
  readonly keys: ReadonlySet<string>;
  /** Names that no step has. */
  readonly unknown: readonly string[];
}

/** What is typed after `status:`, and what it means. */
export const stepStatusWords: Readonly<Record<string, readonly StatusKind[]>> = {
  success: ['success'],
  failed: ['failure'],
  running: ['running', 'retry'],
  skipped: ['skipped'],
  pending: ['none'],
};

const CLAUSE = /^(?<before>\*|\+*)(?<name>.*?)(?<after>\*|\+*)$/;

/**
 * Steps that a selection names: parts of their keys or titles, or `status:failed`, with what belongs to them as in
 * Dagster's op selection: `*step` all that comes before, `step*` all that comes after, each `+` one step. Clauses apart
 * by spaces or commas add up. Undefined for no selection.
 *
 * @example selectSteps('*load+ status:failed', steps)
 */
export function selectSteps(selection: string, steps: readonly SelectableStep[]): StepSelection | undefined {
  const clauses = selection.split(/[\s,]+/).filter((clause) => clause !== '');
  if (clauses.length === 0) return undefined;
  const parents = new Map(steps.map((step) => [step.key, step.deps]));
  const children = new Map<string, string[]>(steps.map(({ key }) => [key, []]));
  for (const { key, deps } of steps) for (const dep of deps) children.get(dep)?.push(key);
  const keys = new Set<string>();
  const unknown: string[] = [];
  for (const clause of clauses) {
    const { before, name = '', after } = CLAUSE.exec(clause)?.groups ?? {};
    const named = steps.filter((step) => matches(step, name.toLowerCase())).map(({ key }) => key);
    if (named.length === 0) unknown.push(name);
    for (const key of reach(named, depthOf(before), parents)) keys.add(key);
    for (const key of reach(named, depthOf(after), children)) keys.add(key);
  }
  return { keys, unknown };
}

function matches(step: SelectableStep, name: string): boolean {
  const status = /^status:(.*)$/.exec(name)?.[1];
  if (status !== undefined) return stepStatusWords[status]?.includes(step.kind) ?? false;
  return step.key.toLowerCase().includes(name) || step.title.toLowerCase().includes(name);
}

const depthOf = (mark: string | undefined): number =>
  mark === '*' ? Number.POSITIVE_INFINITY : (mark?.length ?? 0);

/** Keys that are at most so many steps away. */
function reach(
  from: readonly string[],
  depth: number,
  next: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(from);
  let frontier = from;
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    const found: string[] = [];
    for (const key of frontier) {
      for (const neighbour of next.get(key) ?? []) {
        if (reached.has(neighbour) || !next.has(neighbour)) continue;
        reached.add(neighbour);
        found.push(neighbour);
      }
    }
    frontier = found;
  }
  return reached;
}
