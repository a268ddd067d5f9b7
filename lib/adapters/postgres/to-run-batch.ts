import type { ExecutionPlan, PlannedStep } from '../../model/execution-plan';
import type { NewRun } from '../../model/run';
import { maxRuntimeSeconds, runPriority } from '../../model/tags';

/** A plan without what differs from run to run of a backfill. */
export type StoredPlan = Omit<ExecutionPlan, 'partitionKeys'>;

/** Runs as `create_runs` takes them: each plan once, and what the tags say worked out. */
export interface RunBatch {
  /** Whether any of the runs may have to wait for a pool or for another run. */
  readonly waits: boolean;
  readonly plans: readonly StoredPlan[];
  readonly runs: readonly (Omit<NewRun, 'plan'> & {
    /** Index into `plans`. */
    readonly plan: number;
    readonly partitionKeys: readonly string[];
    readonly priority: number;
    /** Seconds. */
    readonly maxRuntime: number | null;
    /** Pools of the steps that come first, when each has one. */
    readonly rootPools: readonly string[] | null;
  })[];
}

/**
 * Shares the plans of a batch, so that a backfill of 10,000 runs fits into one request: the Data API takes 4 MiB.
 * Plans that share their `steps` array are recognised without being compared.
 */
export function toRunBatch(runs: readonly NewRun[]): RunBatch {
  const plans: StoredPlan[] = [];
  const bySteps = new Map<
    readonly PlannedStep[],
    { readonly text: string; readonly rootPools: readonly string[] | null }
  >();
  const byText = new Map<string, number>();

  const known = (steps: readonly PlannedStep[]) => {
    const found = bySteps.get(steps) ?? { text: JSON.stringify(steps), rootPools: rootPools(steps) };
    bySteps.set(steps, found);
    return found;
  };
  const share = ({ partitionKeys: _, ...plan }: ExecutionPlan): number => {
    const steps = known(plan.steps);
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
    rootPools: known(plan.steps).rootPools,
  }));
  const waits = rows.some((run) => run.rootPools !== null || run.dependencies != null);
  return { plans, runs: rows, waits };
}

/** Null when a step can start without any pool. */
function rootPools(steps: readonly PlannedStep[]): readonly string[] | null {
  const keys = new Set(steps.map(({ key }) => key));
  const pools = new Set<string>();
  for (const { dependsOn, pool } of steps) {
    if (dependsOn.some((key) => keys.has(key))) continue;
    if (pool === null) return null;
    pools.add(pool);
  }
  return pools.size === 0 ? null : [...pools].sort();
}

function boundedPriority(priority: number): number {
  return Math.min(Math.max(priority, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
