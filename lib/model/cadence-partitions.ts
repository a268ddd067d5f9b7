/** Time window partitions by the hour, day, week, month or any cron. */
import type { TimeWindowPartitionsSpec } from './partitions-spec';
import { timeWindowSeries } from './time-window-partitions';

/** What the helpers for hourly to monthly partitions have in common. */
export interface TimeWindowOptions {
  /** The first window begins here or later. In `format`. */
  readonly start: string;
  /** No window ends later. In `format`. */
  readonly end?: string;
  /** IANA name. Default 'UTC'. */
  readonly timezone?: string;
  /** Default `%Y-%m-%d`; hourly `%Y-%m-%d-%H:%M`. */
  readonly format?: string;
  /** See {@link TimeWindowPartitionsSpec.endOffset}. Default 0. */
  readonly endOffset?: number;
  readonly exclusions?: TimeWindowPartitionsSpec['exclusions'];
  /** Minutes after the hour at which windows begin. Default 0. */
  readonly minuteOffset?: number;
}

/** Options of windows of a day or more. */
export interface DailyOptions extends TimeWindowOptions {
  /** Hours after midnight at which windows begin. Default 0. */
  readonly hourOffset?: number;
}

/**
 * One partition per hour.
 * @example hourlyPartitions({ start: '2026-01-01-00:00', timezone: 'Europe/Berlin' })
 * @throws {InvalidPartitionsSpecError}
 */
export function hourlyPartitions(options: TimeWindowOptions): TimeWindowPartitionsSpec {
  return cronPartitions({
    format: '%Y-%m-%d-%H:%M',
    ...options,
    cron: `${options.minuteOffset ?? 0} * * * *`,
  });
}

/**
 * One partition per day.
 * @example dailyPartitions({ start: '2026-01-01' })
 * @throws {InvalidPartitionsSpecError}
 */
export function dailyPartitions(options: DailyOptions): TimeWindowPartitionsSpec {
  return cronPartitions({ ...options, cron: `${timeOfDay(options)} * * *` });
}

/**
 * One partition per week. `dayOffset` is the day on which weeks begin: Sunday = 0 (the default).
 * @example weeklyPartitions({ start: '2026-01-05', dayOffset: 1 })
 * @throws {InvalidPartitionsSpecError}
 */
export function weeklyPartitions(
  options: DailyOptions & { readonly dayOffset?: number },
): TimeWindowPartitionsSpec {
  return cronPartitions({ ...options, cron: `${timeOfDay(options)} * * ${options.dayOffset ?? 0}` });
}

/**
 * One partition per month. `dayOffset` is the day of the month on which it begins; 1 is the default.
 * @example monthlyPartitions({ start: '2026-01-01' })
 * @throws {InvalidPartitionsSpecError}
 */
export function monthlyPartitions(
  options: DailyOptions & { readonly dayOffset?: number },
): TimeWindowPartitionsSpec {
  // 0 means the first too: an offset that is not there.
  return cronPartitions({ ...options, cron: `${timeOfDay(options)} ${options.dayOffset || 1} * *` });
}

function timeOfDay(options: DailyOptions): string {
  return `${options.minuteOffset ?? 0} ${options.hourOffset ?? 0}`;
}

/**
 * One partition per window between two ticks of any cron.
 * @example cronPartitions({ cron: '0 9 * * 1-5', start: '2026-01-01', timezone: 'Europe/Berlin' })
 * @throws {InvalidPartitionsSpecError}
 */
export function cronPartitions(
  options: Omit<TimeWindowOptions, 'minuteOffset'> & { readonly cron: string },
): TimeWindowPartitionsSpec {
  const spec: TimeWindowPartitionsSpec = {
    type: 'time_window',
    cron: options.cron,
    timezone: options.timezone ?? 'UTC',
    start: options.start,
    ...(options.end === undefined ? {} : { end: options.end }),
    endOffset: options.endOffset ?? 0,
    format: options.format ?? '%Y-%m-%d',
    ...(options.exclusions === undefined ? {} : { exclusions: options.exclusions }),
  };
  timeWindowSeries(spec);
  return spec;
}
