import {
  type SelectableStep,
  stepDistance,
  stepNeighbours,
  stepsWithin,
} from '../../../../lib/model/select-steps';
import type { StatusKind } from '../../components/status';

/** Of a step of a run, what a selection looks at. */
export interface RunStep extends SelectableStep {
  /** What readers call it. */
  readonly title: string;
  readonly kind: StatusKind;
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
export function selectSteps(selection: string, steps: readonly RunStep[]): StepSelection | undefined {
  const clauses = selection.split(/[\s,]+/).filter((clause) => clause !== '');
  if (clauses.length === 0) return undefined;
  const neighbours = stepNeighbours(steps);
  const keys = new Set<string>();
  const unknown: string[] = [];
  for (const clause of clauses) {
    const { before, name = '', after } = CLAUSE.exec(clause)?.groups ?? {};
    const named = steps.filter((step) => matches(step, name.toLowerCase())).map(({ key }) => key);
    if (named.length === 0) unknown.push(name);
    for (const key of stepsWithin(named, stepDistance(before), neighbours.before)) keys.add(key);
    for (const key of stepsWithin(named, stepDistance(after), neighbours.after)) keys.add(key);
  }
  return { keys, unknown };
}

function matches(step: RunStep, name: string): boolean {
  const status = /^status:(.*)$/.exec(name)?.[1];
  if (status !== undefined) return stepStatusWords[status]?.includes(step.kind) ?? false;
  return step.key.toLowerCase().includes(name) || step.title.toLowerCase().includes(name);
}
