import { z } from 'zod';
import type { TickStatus } from '../../model/tick';
import { days, daysOrNull } from './values';

export interface RetentionSettings {
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
}

/** Dagster's default. */
const AUTOMATION_DAYS = 30;

const daysByStatus = z.strictObject({
  skipped: days.optional(),
  success: days.optional(),
  failure: days.optional(),
  started: days.optional(),
});
type DaysByStatus = z.output<typeof daysByStatus>;
const tickRetention = z
  .strictObject({ purge_after_days: z.union([days, daysByStatus]).optional() })
  .prefault({});

/** Days by status are of ticks: those of automation sensors are the sensor's, in Dagster too. */
const daysOfEvaluations = z
  .unknown()
  .refine((value) => typeof value !== 'object', {
    message:
      'is for evaluations, which have no status: give a number; ticks of automation sensors go by retention.sensor',
    abort: true,
  })
  .pipe(days);

/** Dagster's default: a sensor skips so often that nobody reads it. */
const SENSOR_DAYS: DaysByStatus = { skipped: 7 };

export const retentionSchema = {
  retention: z
    .strictObject({
      runs: z.strictObject({ purge_after_days: days.default(-1) }).prefault({}),
      backfills: z.strictObject({ purge_after_days: days.default(-1) }).prefault({}),
      schedule: tickRetention,
      sensor: tickRetention,
      automation: z.strictObject({ purge_after_days: days.optional() }).prefault({}),
      /** Dagster's word for `automation`. */
      auto_materialize: z.strictObject({ purge_after_days: daysOfEvaluations.optional() }).prefault({}),
    })
    .prefault({}),
};

type Raw = z.output<z.ZodObject<typeof retentionSchema>>;

/** Says what is set by both spellings. */
export function refineRetention({ retention }: Raw, context: z.RefinementCtx): void {
  const { automation, auto_materialize } = retention;
  if (automation.purge_after_days === undefined || auto_materialize.purge_after_days === undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['retention', 'auto_materialize', 'purge_after_days'],
    message: 'is also set as retention.automation.purge_after_days; keep one of the two',
  });
}

export function toRetentionSettings({ retention }: Raw): RetentionSettings {
  const { runs, backfills, schedule, sensor, automation, auto_materialize } = retention;
  return {
    retention: {
      runsPurgeAfterDays: daysOrNull(runs.purge_after_days),
      ticksPurgeAfterDays: {
        schedule: ticksPurgeAfterDays(schedule.purge_after_days, {}),
        sensor: ticksPurgeAfterDays(sensor.purge_after_days, SENSOR_DAYS),
      },
      backfillsPurgeAfterDays: daysOrNull(backfills.purge_after_days),
      automationPurgeAfterDays: daysOrNull(
        automation.purge_after_days ?? auto_materialize.purge_after_days ?? AUTOMATION_DAYS,
      ),
    },
  };
}

/** One number is for every status. */
function ticksPurgeAfterDays(
  asked: number | DaysByStatus | undefined,
  defaults: DaysByStatus,
): Readonly<Record<TickStatus, number | null>> {
  const of = (status: keyof DaysByStatus): number | null =>
    daysOrNull(typeof asked === 'number' ? asked : (asked?.[status] ?? defaults[status]));
  return { SKIPPED: of('skipped'), SUCCESS: of('success'), FAILURE: of('failure'), STARTED: of('started') };
}
