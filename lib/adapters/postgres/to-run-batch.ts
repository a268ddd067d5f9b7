import type { ExecutionPlan, PlannedStep } from '../../model/execution-plan';
import type { NewRun } from '../../model/run';
import { maxRuntimeSeconds, runPriority } from '../../model/tags';

/** A plan without what differs from run to run of a backfill. */
export type StoredPlan = Omit<ExecutionPlan, 'partitionKeys'>;

/** What runs of a batch have in common, once: a backfill's differ in their id, partition and tags only. */
type SharedByRuns = Omit<NewRun, 'runId' | 'tags' | 'plan' | 'origin' | 'idempotencyKey' | 'dependencies'> & {
  /** Index into `plans`. */
  readonly plan: number;
  readonly originKind: NewRun['origin']['kind'];
  readonly originName: string;
  readonly priority: number;
  /** Seconds. */
  readonly maxRuntime: number | null;
  /** Pools of the steps that come first, when each has one. */
  readonly rootPools: readonly string[] | null;
  /** Pools of all steps. */
  readonly pools: readonly string[] | null;
};

/** Runs as `enqueue_runs` and `create_runs` take them: each plan once, and what the tags say worked out. */
export interface RunBatch {
  readonly plans: readonly StoredPlan[];
  readonly shared: readonly SharedByRuns[];
  readonly runs: readonly (Pick<NewRun, 'runId' | 'tags' | 'dependencies'> & {
    /** Index into `shared`. */
    readonly shared: number;
    readonly partitionKeys: readonly string[];
    readonly runKey: string | null;
    readonly idempotencyKey?: string;
  })[];
}

/**
 * Shares what the runs of a batch have in common, so that a backfill of 10,000 fits into one request (the Data API
 * takes 4 MiB) and is quickly read. Plans that share their `steps` array are recognised without being compared.
 */
export function toRunBatch(runs: readonly NewRun[]): RunBatch {
  const plans = distinct<StoredPlan>();
  const shared = distinct<SharedByRuns>();
  const bySteps = new Map<
    readonly PlannedStep[],
    { readonly text: string } & Pick<SharedByRuns, 'rootPools' | 'pools'>
  >();
  const known = (steps: readonly PlannedStep[]) => {
    const found = bySteps.get(steps) ?? {
      text: JSON.stringify(steps),
      rootPools: rootPools(steps),
      pools: allPools(steps),
    };
    bySteps.set(steps, found);
    return found;
  };
  // The same objects come again with every run of a backfill, and may be large.
  const texts = new Map<unknown, string>();
  const textOf = (value: unknown): string => {
    const text = texts.get(value) ?? JSON.stringify(value);
    texts.set(value, text);
    return text;
  };
  const rows = runs.map(({ runId, tags, plan, origin, idempotencyKey, dependencies, ...rest }) => {
    const { partitionKeys, ...stored } = plan;
    const steps = known(stored.steps);
    const common: SharedByRuns = {
      ...rest,
      plan: plans.indexOf(stored, `${stored.maxConcurrentSteps} ${steps.text}`),
      originKind: origin.kind,
      originName: origin.name,
      priority: boundedPriority(runPriority(tags)),
      maxRuntime: maxRuntimeSeconds(tags),
      rootPools: steps.rootPools,
      pools: steps.pools,
    };
    return {
      runId,
      tags,
      shared: shared.indexOf(common, Object.values(common).map(textOf).join(' ')),
      partitionKeys,
      runKey: origin.runKey,
      ...(idempotencyKey === null ? {} : { idempotencyKey }),
      ...(dependencies === undefined ? {} : { dependencies }),
    };
  });
  return { plans: plans.values, shared: shared.values, runs: rows };
}

/** Values by their text, each kept once. */
function distinct<T>(): {
  readonly values: readonly T[];
  indexOf(value: T, text: string): number;
} {
  const values: T[] = [];
  const byText = new Map<string, number>();
  return {
    values,
    indexOf(value, text) {
      const index = byText.get(text) ?? values.push(value) - 1;
      byText.set(text, index);
      return index;
    },
  };
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

function allPools(steps: readonly PlannedStep[]): readonly string[] | null {
  const pools = new Set(steps.flatMap(({ pool }) => pool ?? []));
  return pools.size === 0 ? null : [...pools].sort();
}

function boundedPriority(priority: number): number {
  return Math.min(Math.max(priority, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
