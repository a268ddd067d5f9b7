import { z } from 'zod';
import { ALERT_TYPES, type AlertType } from '../model/alert';
import type { RunQueueSettings, TagConcurrencyLimit } from '../model/run-queue-settings';
import type { Tags } from '../model/tags';
import type { TaskSettings } from '../model/task-settings';
import type { TickStatus } from '../model/tick';

/** What `headrace.yaml` says, with every default applied. Durations are seconds. */
export interface InstanceSettings {
  readonly runQueue: RunQueueSettings;
  readonly pools: {
    /** Limit of every pool without one of its own; null = unlimited. */
    readonly defaultLimit: number | null;
    /** Limits by pool; set when the instance starts. */
    readonly limits: Readonly<Record<string, number>>;
  };
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
  readonly schedules: {
    /** Missed ticks of a partitioned schedule that are made up for. An unpartitioned one makes up for the last. */
    readonly maxCatchupRuns: number;
    readonly maxTickRetries: number;
    readonly timeout: number;
    /** Failures in a row after which a schedule turns itself off; 0 = never. */
    readonly maxConsecutiveFailures: number;
  };
  readonly sensors: {
    readonly timeout: number;
    /** The same of a sensor whose definition says nothing else. */
    readonly maxConsecutiveFailures: number;
  };
  readonly alerts: {
    /** What people are told of. */
    readonly types: readonly AlertType[];
    /** Jobs whose failed runs count, as `job` or `location/job`; empty = all. */
    readonly jobs: readonly string[];
    /** Tags that a failed run must have. */
    readonly tags: Tags;
    /** A queue in which nothing moves for so long is stuck. */
    readonly queueStuckAfter: number;
  };
  readonly retention: {
    /** Days after which finished runs and their events are removed; null = kept. */
    readonly runsPurgeAfterDays: number | null;
    /** Days after its end after which a backfill is removed, with its partitions and what it said; null = kept. */
    readonly backfillsPurgeAfterDays: number | null;
    /** Days after which ticks are removed, by how they ended; null = kept. */
    readonly ticksPurgeAfterDays: Readonly<
      Record<'schedule' | 'sensor', Readonly<Record<TickStatus, number | null>>>
    >;
    /** Days after which evaluations of automation conditions are removed; null = kept. */
    readonly automationPurgeAfterDays: number | null;
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
  readonly codeServers: { readonly localStartupTimeout: number; readonly reloadTimeout: number };
  readonly dev: {
    /** What `npm start` launches, stage after stage; jobs of one stage run side by side. */
    readonly mainJob: readonly (readonly JobReference[])[];
    /** Stand-ins for outside services, started beside `npm start`. */
    readonly services: readonly DevelopmentServiceSettings[];
  };
}

/** A program that plays an outside service in development; started unless the user set its variables. */
export interface DevelopmentServiceSettings {
  readonly name: string;
  /** Program and arguments; `{home}`, `{node}` and `{python}` are filled in. */
  readonly command: readonly string[];
  /** Variables that point code at the service; `{port}` and `{home}` are filled in. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface JobReference {
  readonly location: string;
  readonly job: string;
}

const seconds = (fallback: number) => z.number().min(0).default(fallback);
const positiveSeconds = (fallback: number) => z.number().positive().default(fallback);
const poolLimit = z.number().int().min(0).max(1000);
const maxConcurrentRuns = z.number().int().min(-1).optional();

const tagConcurrencyLimits = z
  .array(
    z.strictObject({
      key: z.string().min(1),
      value: z.union([z.string(), z.strictObject({ applyLimitPerUniqueValue: z.literal(true) })]).optional(),
      limit: z.number().int().min(0),
    }),
  )
  .optional();

/** -1 = kept for ever. */
const days = z.number().int().min(-1);
/** S3 removes nothing on the day on which it was made. */
const bucketDays = days.refine((value) => value !== 0, 'must be at least 1, or -1 to keep them');
const daysByStatus = z.strictObject({
  skipped: days.optional(),
  success: days.optional(),
  failure: days.optional(),
  started: days.optional(),
});
const tickRetention = z
  .strictObject({ purge_after_days: z.union([days, daysByStatus]).optional() })
  .prefault({});

const runLimits = z
  .strictObject({ max_concurrent_runs: maxConcurrentRuns, tag_concurrency_limits: tagConcurrencyLimits })
  .prefault({});

const jobReference = z.strictObject({ location: z.string().min(1), job: z.string().min(1) });

/** Dagster's default. */
const AUTOMATION_DAYS = 30;
const COMPUTE_LOG_DAYS = 90;

/**
 * Dagster never turns a sensor off. 100 failures are 50 minutes at its default interval: longer than most outages of what
 * a sensor asks, which should not need a person afterwards.
 */
const SENSOR_FAILURES = 100;

/** The shape of `headrace.yaml`: Dagster's names and defaults where it has them. */
export const instanceSettingsSchema = z
  .strictObject({
    /** Dagster's older spelling of `concurrency.runs`. */
    run_queue: runLimits,
    concurrency: z
      .strictObject({
        runs: runLimits,
        pools: z
          .strictObject({
            default_limit: poolLimit.optional(),
            granularity: z.enum(['op', 'run']).default('op'),
            limits: z.record(z.string(), poolLimit).default({}),
          })
          .prefault({}),
      })
      .prefault({}),
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
    schedules: z
      .strictObject({
        max_catchup_runs: z.number().int().min(0).default(5),
        max_tick_retries: z.number().int().min(0).default(0),
        timeout_seconds: positiveSeconds(60),
        max_consecutive_failures: z.number().int().min(0).default(0),
      })
      .prefault({}),
    sensors: z
      .strictObject({
        timeout_seconds: positiveSeconds(60),
        max_consecutive_failures: z.number().int().min(0).default(SENSOR_FAILURES),
      })
      .prefault({}),
    alerts: z
      .strictObject({
        types: z.array(z.enum(ALERT_TYPES)).default([...ALERT_TYPES]),
        jobs: z.array(z.string().min(1)).default([]),
        tags: z.record(z.string(), z.string()).default({}),
        queue_stuck_after_seconds: positiveSeconds(600),
      })
      .prefault({}),
    retention: z
      .strictObject({
        runs: z.strictObject({ purge_after_days: days.default(-1) }).prefault({}),
        backfills: z.strictObject({ purge_after_days: days.default(-1) }).prefault({}),
        schedule: tickRetention,
        sensor: tickRetention,
        automation: z.strictObject({ purge_after_days: days.optional() }).prefault({}),
        /** Dagster's word for `automation`. */
        auto_materialize: z.strictObject({ purge_after_days: days.optional() }).prefault({}),
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
    code_servers: z
      .strictObject({ local_startup_timeout: positiveSeconds(180), reload_timeout: positiveSeconds(180) })
      .prefault({}),
    dev: z
      .strictObject({
        main_job: z.array(z.union([jobReference, z.array(jobReference).min(1)])).default([]),
        services: z
          .record(
            z.string(),
            z.strictObject({
              command: z.array(z.string()).min(1),
              environment: z.record(z.string(), z.string()).default({}),
            }),
          )
          .default({}),
      })
      .prefault({}),
  })
  .superRefine((raw, context) => {
    const { automation, auto_materialize } = raw.retention;
    if (automation.purge_after_days !== undefined && auto_materialize.purge_after_days !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['retention', 'auto_materialize', 'purge_after_days'],
        message: 'is also set as retention.automation.purge_after_days; keep one of the two',
      });
    }
    for (const key of ['max_concurrent_runs', 'tag_concurrency_limits'] as const) {
      if (raw.run_queue[key] !== undefined && raw.concurrency.runs[key] !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['run_queue', key],
          message: `is also set as concurrency.runs.${key}; keep one of the two`,
        });
      }
    }
  });

/** Dagster's default: a sensor skips so often that nobody reads it. */
const SENSOR_RETENTION: z.output<typeof daysByStatus> = { skipped: 7 };

const daysOrNull = (days: number | undefined): number | null =>
  days === undefined || days < 0 ? null : days;

/** One number is for every status. */
function ticksPurgeAfterDays(
  asked: number | z.output<typeof daysByStatus> | undefined,
  defaults: z.output<typeof daysByStatus>,
): Readonly<Record<TickStatus, number | null>> {
  const of = (status: keyof z.output<typeof daysByStatus>): number | null =>
    daysOrNull(typeof asked === 'number' ? asked : (asked?.[status] ?? defaults[status]));
  return { SKIPPED: of('skipped'), SUCCESS: of('success'), FAILURE: of('failure'), STARTED: of('started') };
}

/** Dagster's default of `max_concurrent_runs`. */
const MAX_CONCURRENT_RUNS = 10;

/** From the file's words to ours. */
export function toInstanceSettings(raw: z.output<typeof instanceSettingsSchema>): InstanceSettings {
  const limits = raw.concurrency.runs.tag_concurrency_limits ?? raw.run_queue.tag_concurrency_limits ?? [];
  return {
    runQueue: {
      maxConcurrentRuns:
        raw.concurrency.runs.max_concurrent_runs ?? raw.run_queue.max_concurrent_runs ?? MAX_CONCURRENT_RUNS,
      tagConcurrencyLimits: limits.map((limit): TagConcurrencyLimit => limit),
      poolGranularity: raw.concurrency.pools.granularity,
    },
    pools: {
      defaultLimit: raw.concurrency.pools.default_limit ?? null,
      limits: raw.concurrency.pools.limits,
    },
    runRetries: {
      maxRetries: raw.run_retries.enabled ? raw.run_retries.max_retries : 0,
      retryOnAssetOrOpFailure: raw.run_retries.retry_on_asset_or_op_failure,
    },
    runMonitoring: {
      startTimeout: raw.run_monitoring.start_timeout_seconds,
      cancelTimeout: raw.run_monitoring.cancel_timeout_seconds,
      heartbeatTimeout: raw.run_monitoring.heartbeat_timeout_seconds,
      maxRuntime: raw.run_monitoring.max_runtime_seconds,
      maxResumeRunAttempts: raw.run_monitoring.max_resume_run_attempts,
      pollInterval: raw.run_monitoring.poll_interval_seconds,
    },
    schedules: {
      maxCatchupRuns: raw.schedules.max_catchup_runs,
      maxTickRetries: raw.schedules.max_tick_retries,
      timeout: raw.schedules.timeout_seconds,
      maxConsecutiveFailures: raw.schedules.max_consecutive_failures,
    },
    sensors: {
      timeout: raw.sensors.timeout_seconds,
      maxConsecutiveFailures: raw.sensors.max_consecutive_failures,
    },
    alerts: {
      types: raw.alerts.types,
      jobs: raw.alerts.jobs,
      tags: raw.alerts.tags,
      queueStuckAfter: raw.alerts.queue_stuck_after_seconds,
    },
    retention: {
      runsPurgeAfterDays: daysOrNull(raw.retention.runs.purge_after_days),
      ticksPurgeAfterDays: {
        schedule: ticksPurgeAfterDays(raw.retention.schedule.purge_after_days, {}),
        sensor: ticksPurgeAfterDays(raw.retention.sensor.purge_after_days, SENSOR_RETENTION),
      },
      backfillsPurgeAfterDays: daysOrNull(raw.retention.backfills.purge_after_days),
      automationPurgeAfterDays: daysOrNull(
        raw.retention.automation.purge_after_days ??
          raw.retention.auto_materialize.purge_after_days ??
          AUTOMATION_DAYS,
      ),
    },
    runLauncher: { ...raw.run_launcher, tasks: {} },
    computeLogs: {
      enabled: raw.compute_logs.enabled,
      purgeAfterDays: daysOrNull(raw.compute_logs.purge_after_days),
    },
    codeServers: {
      localStartupTimeout: raw.code_servers.local_startup_timeout,
      reloadTimeout: raw.code_servers.reload_timeout,
    },
    dev: {
      mainJob: raw.dev.main_job.map((stage) => (Array.isArray(stage) ? stage : [stage])),
      services: Object.entries(raw.dev.services).map(([name, service]) => ({ name, ...service })),
    },
  };
}

/** The settings of an instance without a `headrace.yaml`. */
export function defaultInstanceSettings(): InstanceSettings {
  return toInstanceSettings(instanceSettingsSchema.parse({}));
}
