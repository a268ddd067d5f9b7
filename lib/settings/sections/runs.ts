import { z } from 'zod';
import type { TaskSettings } from '../../model/task-settings';
import { days, daysOrNull, positiveSeconds, seconds } from './values';

/** How runs are launched, watched and made again, and what becomes of what they print. Durations are seconds. */
export interface RunSettings {
  readonly runRetries: {
    /** New runs made of a failed one. 0 = none, unless its tag `dagster/max_retries` says otherwise. */
    readonly maxRetries: number;
    /** Whether a failed step (rather than a lost worker) is worth a new run. */
    readonly retryOnAssetOrOpFailure: boolean;
  };
  readonly runMonitoring: {
    readonly startTimeout: number;
    readonly cancelTimeout: number;
    /** A worker that has said nothing for so long is lost. */
    readonly heartbeatTimeout: number;
    /** 0 = no limit. */
    readonly maxRuntime: number;
    /** Attempts after the first that a run gets when its worker is lost. */
    readonly maxResumeRunAttempts: number;
    /** Between two sweeps while anything is live. */
    readonly pollInterval: number;
  };
  readonly runLauncher: {
    /** `auto`: Lambda for runs whose `dagster/max_runtime` fits its 15 minutes, else Fargate. */
    readonly default: 'fargate' | 'lambda' | 'auto';
    /** Of locations that say nothing else. Fargate's units: 1024 = one vCPU; memory in MB. */
    readonly fargate: { readonly cpu: number; readonly memory: number; readonly spot: boolean };
    readonly lambda: { readonly memory: number };
    /** By code location; `withWorkspace` takes them from `workspace.yaml`. */
    readonly tasks: Readonly<Record<string, TaskSettings>>;
  };
  /** What user code prints. */
  readonly computeLogs: {
    /** Whether it is kept, by step; else it goes where the worker's own output goes. */
    readonly enabled: boolean;
    /** Days that AWS keeps it; null = for ever. It is removed with its run in any case. */
    readonly purgeAfterDays: number | null;
  };
}

const COMPUTE_LOG_DAYS = 90;
/** S3 removes nothing on the day on which it was made. */
const bucketDays = days.refine((value) => value !== 0, 'must be at least 1, or -1 to keep them');

export const runSchema = {
  run_retries: z
    .strictObject({
      enabled: z.boolean().default(false),
      max_retries: z.number().int().min(0).default(0),
      retry_on_asset_or_op_failure: z.boolean().default(true),
    })
    .prefault({}),
  run_monitoring: z
    .strictObject({
      start_timeout_seconds: positiveSeconds(180),
      cancel_timeout_seconds: positiveSeconds(180),
      heartbeat_timeout_seconds: positiveSeconds(60),
      max_runtime_seconds: seconds(0),
      max_resume_run_attempts: z.number().int().min(0).default(0),
      poll_interval_seconds: positiveSeconds(30),
    })
    .prefault({}),
  run_launcher: z
    .strictObject({
      default: z.enum(['fargate', 'lambda', 'auto']).default('fargate'),
      fargate: z
        .strictObject({
          cpu: z.number().int().positive().default(1024),
          memory: z.number().int().positive().default(2048),
          spot: z.boolean().default(false),
        })
        .prefault({}),
      lambda: z.strictObject({ memory: z.number().int().min(128).max(10_240).default(1769) }).prefault({}),
    })
    .prefault({}),
  compute_logs: z
    .strictObject({
      enabled: z.boolean().default(true),
      purge_after_days: bucketDays.default(COMPUTE_LOG_DAYS),
    })
    .prefault({}),
};

export function toRunSettings(raw: z.output<z.ZodObject<typeof runSchema>>): RunSettings {
  const { run_retries: retries, run_monitoring: monitoring } = raw;
  return {
    runRetries: {
      maxRetries: retries.enabled ? retries.max_retries : 0,
      retryOnAssetOrOpFailure: retries.retry_on_asset_or_op_failure,
    },
    runMonitoring: {
      startTimeout: monitoring.start_timeout_seconds,
      cancelTimeout: monitoring.cancel_timeout_seconds,
      heartbeatTimeout: monitoring.heartbeat_timeout_seconds,
      maxRuntime: monitoring.max_runtime_seconds,
      maxResumeRunAttempts: monitoring.max_resume_run_attempts,
      pollInterval: monitoring.poll_interval_seconds,
    },
    runLauncher: { ...raw.run_launcher, tasks: {} },
    computeLogs: {
      enabled: raw.compute_logs.enabled,
      purgeAfterDays: daysOrNull(raw.compute_logs.purge_after_days),
    },
  };
}
