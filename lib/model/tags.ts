/** Labels on runs, jobs and assets. */
export type Tags = Readonly<Record<string, string>>;

/**
 * System tags. Their names are Dagster's, so that filters and clients written for it find the same things.
 * Names that start with `.dagster/` are hidden in the dashboard.
 */
export const TAG = {
  codeLocation: 'dagster/code_location',
  scheduleName: 'dagster/schedule_name',
  scheduledExecutionTime: '.dagster/scheduled_execution_time',
  sensorName: 'dagster/sensor_name',
  tick: 'dagster/tick',
  runKey: 'dagster/run_key',
  backfill: 'dagster/backfill',
  partition: 'dagster/partition',
  partitionRangeStart: 'dagster/asset_partition_range_start',
  partitionRangeEnd: 'dagster/asset_partition_range_end',
  parentRunId: 'dagster/parent_run_id',
  rootRunId: 'dagster/root_run_id',
  isResumeRetry: 'dagster/is_resume_retry',
  stepSelection: 'dagster/step_selection',
  priority: 'dagster/priority',
  maxRetries: 'dagster/max_retries',
  retryNumber: 'dagster/retry_number',
  retryStrategy: 'dagster/retry_strategy',
  retryOnAssetOrOpFailure: 'dagster/retry_on_asset_or_op_failure',
  willRetry: 'dagster/will_retry',
  autoRetryRunId: 'dagster/auto_retry_run_id',
  maxRuntime: 'dagster/max_runtime',
  /** Dagster's other spelling of the same; `maxRuntime` speaks first. */
  maxRuntimeSeconds: 'dagster/max_runtime_seconds',
  parentBackfill: 'dagster/parent_backfill_id',
  rootBackfill: 'dagster/root_backfill_id',
  /** Ours: seconds of waiting from which a run is suspended. */
  suspendAfter: 'headrace/suspend_after',
  /** Ours: `lambda`, or `fargate` for a task of the location, carries the run on AWS, whatever `run_launcher.default` says. */
  launcher: 'headrace/launcher',
  /** Ours: size of the run's task on AWS, in CPU units (1024 = one vCPU) and MB, instead of its location's. */
  cpu: 'headrace/cpu',
  memory: 'headrace/memory',
  /** Dagster's names of the same; ours speak first. */
  ecsCpu: 'ecs/cpu',
  ecsMemory: 'ecs/memory',
  /** Ours: name of one of the location's `images`. */
  image: 'headrace/image',
  /** Ours: name of one of the location's `roles`. */
  taskRole: 'headrace/task_role',
  /** Ours: `true` or `false`, whether the run's task may be on Spot capacity. */
  spot: 'headrace/spot',
  isolation: 'dagster/isolation',
  failureReason: 'dagster/failure_reason',
  autoMaterialize: 'dagster/auto_materialize',
  autoObserve: 'dagster/auto_observe',
  fromAutomationCondition: 'dagster/from_automation_condition',
  assetEvaluationId: 'dagster/asset_evaluation_id',
  /** Fingerprint of the request that an idempotency key stands for. */
  idempotentRequest: '.dagster/idempotent_request',
  user: 'user',
} as const;

/** Tags that ask for something which only a task on AWS has. */
export const TASK_TAGS: readonly string[] = [
  TAG.cpu,
  TAG.ecsCpu,
  TAG.memory,
  TAG.ecsMemory,
  TAG.image,
  TAG.taskRole,
  TAG.spot,
];

/** Tag of one dimension of a two-dimensional partition key. */
export const partitionDimensionTag = (dimension: string): string => `${TAG.partition}/${dimension}`;

/** The tags that are for people, without those that are the system's own business. */
export const shownTags = (tags: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('.dagster/')));

/** The run's priority in the queue: higher first, 0 when absent or not a decimal integer (Dagster's rule). */
export function runPriority(tags: Tags): number {
  const text = tags[TAG.priority] ?? '';
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : 0;
}

/** The run's maximum runtime in seconds; null = none. Dagster's rule: not a positive number = none. */
export function maxRuntimeSeconds(tags: Tags): number | null {
  const value = Number(tags[TAG.maxRuntime] ?? tags[TAG.maxRuntimeSeconds] ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}
