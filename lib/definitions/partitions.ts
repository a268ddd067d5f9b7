import type {
  DynamicPartitionsSpec,
  MultiPartitionsSpec,
  PartitionExclusion,
  PartitionsSpec,
  SingleDimensionPartitionsSpec,
  StaticPartitionsSpec,
  TimeWindowPartitionsSpec,
} from '../model/partitions';
import * as model from '../model/partitions';
import type { TimeWindow } from './loaded-definitions';

/** One partition per window of time. */
export type TimeWindowPartitions = TimeWindowPartitionsSpec;
/** A fixed list of keys, known to the type checker. */
export type StaticPartitions<K extends string = string> = StaticPartitionsSpec & {
  readonly keys: readonly K[];
};
/** Keys that are added and removed at run time. */
export type DynamicPartitions = DynamicPartitionsSpec;
/** Every pair of keys of two dimensions. */
export type MultiPartitions<
  D extends Readonly<Record<string, SingleDimensionPartitionsSpec>> = Readonly<
    Record<string, SingleDimensionPartitionsSpec>
  >,
> = MultiPartitionsSpec & { readonly dimensions: D };

/** The keys that a partitions definition can have. */
export type PartitionKeyOf<P> = P extends StaticPartitions<infer K> ? K : string;

/** What a step knows of its partition: `window` for windows of time only, `dimensions` for two dimensions only. */
export type PartitionOf<P> = P extends PartitionsSpec
  ? PartitionKeys<PartitionKeyOf<P>> &
      (P extends TimeWindowPartitionsSpec
        ? { readonly window: TimeWindow }
        : P extends MultiPartitions<infer D>
          ? { readonly dimensions: { readonly [K in keyof D]: PartitionKeyOf<D[K]> } } & WindowOfDimensions<D>
          : unknown)
  : null;

/** The partition, or the contiguous partitions, that a step works on. */
export interface PartitionKeys<K extends string = string> {
  /** The key; the first one in a run over a range. */
  readonly key: K;
  /** All keys of the range, in order. */
  readonly keys: readonly K[];
}

type WindowOfDimensions<D> = TimeWindowPartitionsSpec extends D[keyof D]
  ? { readonly window: TimeWindow }
  : unknown;

/** What helpers for windows of time take. `start` and `end` are written as keys are. */
export interface TimeWindowPartitionsOptions {
  /** The first window begins here or later, e.g. `2026-01-01`. */
  readonly start: string;
  /** No window ends later. Default: none. */
  readonly end?: string;
  /** IANA name. Default `UTC`. */
  readonly timezone?: string;
  /** strftime format of keys. Default `%Y-%m-%d`; hourly `%Y-%m-%d-%H:%M`. */
  readonly format?: string;
  /** 0 (default): only windows that have ended exist. 1: also the current one. */
  readonly endOffset?: number;
  /** Windows that begin at one of these do not exist. */
  readonly exclusions?: readonly PartitionExclusion[];
}

interface MinuteOption {
  /** Minutes after the hour at which windows begin. Default 0. */
  readonly minuteOffset?: number;
}

interface HourOption extends MinuteOption {
  /** Hours after midnight at which windows begin. Default 0. */
  readonly hourOffset?: number;
}

interface DayOption extends HourOption {
  /** Weekly: day on which weeks begin, Sunday = 0 (default). Monthly: day of the month, default 1. */
  readonly dayOffset?: number;
}

const problems = new WeakMap<object, string>();

/** What is wrong with a definition made by a helper here; undefined when it is fine. */
export function partitionsProblem(spec: PartitionsSpec): string | undefined {
  const known = problems.get(spec);
  if (known !== undefined) return known;
  try {
    model.validatePartitions(spec);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Mistakes are reported by `define`, all at once, with the asset that they belong to. */
function deferred<S extends PartitionsSpec>(make: () => S, instead: S): S {
  try {
    return make();
  } catch (error) {
    problems.set(instead, (error as Error).message);
    return instead;
  }
}

function timeWindows<O extends { readonly start: string }>(
  make: (options: O) => TimeWindowPartitionsSpec,
  options: O,
): TimeWindowPartitions {
  return deferred(() => make(options), {
    type: 'time_window',
    cron: '0 0 * * *',
    timezone: 'UTC',
    start: String(options.start),
    endOffset: 0,
    format: '%Y-%m-%d',
  });
}

/** One partition per hour. @example hourlyPartitions({ start: '2026-01-01-00:00' }) */
export const hourlyPartitions = (options: TimeWindowPartitionsOptions & MinuteOption): TimeWindowPartitions =>
  timeWindows(model.hourlyPartitions, options);

/** One partition per day. @example dailyPartitions({ start: '2026-01-01', timezone: 'Europe/Berlin' }) */
export const dailyPartitions = (options: TimeWindowPartitionsOptions & HourOption): TimeWindowPartitions =>
  timeWindows(model.dailyPartitions, options);

/** One partition per week, from Sunday unless `dayOffset` says otherwise. @example weeklyPartitions({ start: '2026-01-04' }) */
export const weeklyPartitions = (options: TimeWindowPartitionsOptions & DayOption): TimeWindowPartitions =>
  timeWindows(model.weeklyPartitions, options);

/** One partition per month. @example monthlyPartitions({ start: '2026-01-01' }) */
export const monthlyPartitions = (options: TimeWindowPartitionsOptions & DayOption): TimeWindowPartitions =>
  timeWindows(model.monthlyPartitions, options);

/** One partition between two ticks of any cron. @example timeWindowPartitions({ cron: '0 9 * * 1-5', start: '2026-01-01' }) */
export const timeWindowPartitions = (
  options: TimeWindowPartitionsOptions & { readonly cron: string },
): TimeWindowPartitions => timeWindows(model.cronPartitions, options);

/** A fixed, ordered list of keys. @example staticPartitions(['eu', 'us']) */
export function staticPartitions<const K extends string>(keys: readonly K[]): StaticPartitions<K> {
  const spec: StaticPartitions<K> = { type: 'static', keys };
  return deferred(() => {
    model.validatePartitions(spec);
    return spec;
  }, spec);
}

/** Keys that sensors, people and the API add and remove. @example dynamicPartitions('customers') */
export function dynamicPartitions(name: string): DynamicPartitions {
  return deferred<DynamicPartitionsSpec>(() => model.dynamicPartitions(name), { type: 'dynamic', name });
}

/**
 * Every pair of keys of exactly two dimensions; keys are joined by `|` in the order of the dimensions' names.
 *
 * @example multiPartitions({ date: dailyPartitions({ start: '2026-01-01' }), region: staticPartitions(['eu', 'us']) })
 */
export function multiPartitions<const D extends Readonly<Record<string, SingleDimensionPartitionsSpec>>>(
  dimensions: D,
): MultiPartitions<D> {
  const spec: MultiPartitions<D> = { type: 'multi', dimensions };
  return deferred(() => {
    model.validatePartitions(spec);
    return spec;
  }, spec);
}
