import { z } from 'zod';
import { positiveSeconds } from './values';

/** How schedules and sensors are evaluated. Durations are seconds. */
export interface InstigatorSettings {
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
}

/**
 * Dagster never turns a sensor off. 100 failures are 50 minutes at its default interval: longer than most outages of what
 * a sensor asks, which should not need a person afterwards.
 */
const SENSOR_FAILURES = 100;

export const instigatorSchema = {
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
};

export function toInstigatorSettings({
  schedules,
  sensors,
}: z.output<z.ZodObject<typeof instigatorSchema>>): InstigatorSettings {
  return {
    schedules: {
      maxCatchupRuns: schedules.max_catchup_runs,
      maxTickRetries: schedules.max_tick_retries,
      timeout: schedules.timeout_seconds,
      maxConsecutiveFailures: schedules.max_consecutive_failures,
    },
    sensors: {
      timeout: sensors.timeout_seconds,
      maxConsecutiveFailures: sensors.max_consecutive_failures,
    },
  };
}
