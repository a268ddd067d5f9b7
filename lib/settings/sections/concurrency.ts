import { z } from 'zod';
import type { RunQueueSettings, TagConcurrencyLimit } from '../../model/run-queue-settings';

/** What the run queue and pools let through at once. */
export interface ConcurrencySettings {
  readonly runQueue: RunQueueSettings;
  readonly pools: {
    /** Limit of every pool without one of its own; null = unlimited. */
    readonly defaultLimit: number | null;
    /** Limits by pool; set when the instance starts. */
    readonly limits: Readonly<Record<string, number>>;
  };
}

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

const runLimits = { max_concurrent_runs: maxConcurrentRuns, tag_concurrency_limits: tagConcurrencyLimits };

const olderSpelling = z
  .strictObject({
    ...runLimits,
    block_op_concurrency_limited_runs: z
      .strictObject({
        enabled: z.boolean().default(true),
        op_concurrency_slot_buffer: z.number().int().min(0).optional(),
      })
      .optional(),
  })
  .prefault({});

/** `concurrency`, and `run_queue`: Dagster's older spelling of `concurrency.runs`. */
export const concurrencySchema = {
  run_queue: olderSpelling,
  concurrency: z
    .strictObject({
      runs: z.strictObject(runLimits).prefault({}),
      pools: z
        .strictObject({
          default_limit: poolLimit.optional(),
          granularity: z.enum(['op', 'run']).default('op'),
          op_granularity_run_buffer: z.number().int().min(0).optional(),
          limits: z.record(z.string(), poolLimit).default({}),
        })
        .prefault({}),
    })
    .prefault({}),
};

type Raw = z.output<z.ZodObject<typeof concurrencySchema>>;

/** Says what is set by both spellings, and what has no meaning together. */
export function refineConcurrency(raw: Raw, context: z.RefinementCtx): void {
  for (const key of ['max_concurrent_runs', 'tag_concurrency_limits'] as const) {
    if (raw.run_queue[key] !== undefined && raw.concurrency.runs[key] !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['run_queue', key],
        message: `is also set as concurrency.runs.${key}; keep one of the two`,
      });
    }
  }
  const { granularity, op_granularity_run_buffer: buffer } = raw.concurrency.pools;
  const older = raw.run_queue.block_op_concurrency_limited_runs;
  if (buffer !== undefined && older?.op_concurrency_slot_buffer !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['run_queue', 'block_op_concurrency_limited_runs', 'op_concurrency_slot_buffer'],
      message: 'is also set as concurrency.pools.op_granularity_run_buffer; keep one of the two',
    });
  }
  if (granularity === 'run' && (buffer ?? older?.op_concurrency_slot_buffer ?? 0) > 0) {
    context.addIssue({
      code: 'custom',
      path: ['concurrency', 'pools', 'op_granularity_run_buffer'],
      message:
        'lets runs wait for slots inside, which runs of granularity run never do; remove it, or set granularity: op',
    });
  }
}

/** More runs than can be in progress: none is kept in the queue for a pool. */
const NO_RUN_IS_BLOCKED = 1_000_000;

function olderBuffer({ block_op_concurrency_limited_runs: blocking }: Raw['run_queue']): number {
  return blocking?.enabled === false ? NO_RUN_IS_BLOCKED : (blocking?.op_concurrency_slot_buffer ?? 0);
}

/** Dagster's default of `max_concurrent_runs`. */
const MAX_CONCURRENT_RUNS = 10;

export function toConcurrencySettings({ run_queue, concurrency }: Raw): ConcurrencySettings {
  const { runs, pools } = concurrency;
  const limits = runs.tag_concurrency_limits ?? run_queue.tag_concurrency_limits ?? [];
  return {
    runQueue: {
      maxConcurrentRuns: runs.max_concurrent_runs ?? run_queue.max_concurrent_runs ?? MAX_CONCURRENT_RUNS,
      tagConcurrencyLimits: limits.map((limit): TagConcurrencyLimit => limit),
      poolGranularity: pools.granularity,
      opGranularityRunBuffer: pools.op_granularity_run_buffer ?? olderBuffer(run_queue),
    },
    pools: { defaultLimit: pools.default_limit ?? null, limits: pools.limits },
  };
}
