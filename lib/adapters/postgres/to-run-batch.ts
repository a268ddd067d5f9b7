import type { ExecutionPlan, PlannedStep } from '../../model/execution-plan';
import type { NewRun } from '../../model/run';
import { maxRuntimeSeconds, runPriority } from '../../model/tags';

/** A plan without what differs from run to run of a backfill. */
export type StoredPlan = Omit<ExecutionPlan, 'partitionKeys'>;

/** Runs as `create_runs` takes them: each plan once, and what the tags say worked out. */
export interface RunBatch {
  readonly plans: readonly StoredPlan[];
  readonly runs: readonly (Omit<NewRun, 'plan'> & {
    /** Index into `plans`. */
    readonly plan: number;
    readonly partitionKeys: readonly string[];
    readonly priority: number;
    /** Seconds. */
    readonly maxRuntime: number | null;
  })[];
}

/**
 * Shares the plans of a batch, so that a backfill of 10,000 runs fits into one request: the Data API takes 4 MiB.
 * Plans that share their `steps` array are recognised without being compared.
 */
export function toRunBatch(runs: readonly NewRun[]): RunBatch {
  const plans: StoredPlan[] = [];
  const bySteps = new Map<readonly PlannedStep[], { readonly text: string }>();
  const byText = new Map<string, number>();

  const share = ({ partitionKeys: _, ...plan }: ExecutionPlan): number => {
    const steps = bySteps.get(plan.steps) ?? { text: JSON.stringify(plan.steps) };
    bySteps.set(plan.steps, steps);
    const text = `${plan.maxConcurrentSteps} ${steps.text}`;
    const index = byText.get(text) ?? plans.push(plan) - 1;
    byText.set(text, index);
    return index;
  };
  const rows = runs.map(({ plan, ...run }) => ({
    ...run,
    plan: share(plan),
    partitionKeys: plan.partitionKeys,
    priority: boundedPriority(runPriority(run.tags)),
    maxRuntime: maxRuntimeSeconds(run.tags),
  }));
  return { plans, runs: rows };
}

function boundedPriority(priority: number): number {
  return Math.min(Math.max(priority, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
