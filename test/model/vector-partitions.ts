import {
  cronPartitions,
  dailyPartitions,
  hourlyPartitions,
  monthlyPartitions,
  multiPartitions,
  type PartitionsSpec,
  type SingleDimensionPartitionsSpec,
  staticPartitions,
  weeklyPartitions,
} from '../../lib/model/partitions';

/** A partitions definition as the data files write it. */
export type VectorPartitions =
  | {
      readonly type: 'time_window';
      readonly cadence?: 'hourly' | 'daily' | 'weekly' | 'monthly';
      readonly cron?: string;
      readonly fmt?: string;
      readonly timezone?: string;
      readonly start: string;
      readonly end?: string;
      readonly end_offset?: number;
      readonly minute_offset?: number;
      readonly hour_offset?: number;
      readonly day_offset?: number;
      readonly exclusions?: readonly ({ readonly cron: string } | { readonly local: string })[];
    }
  | { readonly type: 'static'; readonly keys: readonly string[] }
  | {
      readonly type: 'multi';
      readonly dimensions: readonly { readonly name: string; readonly def: VectorPartitions }[];
    };

/** The definition that a data file means, made with the public helpers. */
export function partitionsOf(def: VectorPartitions): PartitionsSpec {
  switch (def.type) {
    case 'static':
      return staticPartitions(def.keys);
    case 'multi':
      return multiPartitions(
        Object.fromEntries(
          def.dimensions.map(({ name, def: each }) => [
            name,
            partitionsOf(each) as SingleDimensionPartitionsSpec,
          ]),
        ),
      );
    case 'time_window': {
      const options = {
        start: def.start,
        ...(def.end === undefined ? {} : { end: def.end }),
        ...(def.fmt === undefined ? {} : { format: def.fmt }),
        ...(def.timezone === undefined ? {} : { timezone: def.timezone }),
        ...(def.end_offset === undefined ? {} : { endOffset: def.end_offset }),
        ...(def.minute_offset === undefined ? {} : { minuteOffset: def.minute_offset }),
        ...(def.hour_offset === undefined ? {} : { hourOffset: def.hour_offset }),
        ...(def.day_offset === undefined ? {} : { dayOffset: def.day_offset }),
        ...(def.exclusions === undefined
          ? {}
          : { exclusions: def.exclusions.map((each) => ('cron' in each ? each : { at: each.local })) }),
      };
      if (def.cron !== undefined) return cronPartitions({ ...options, cron: def.cron });
      const make = {
        hourly: hourlyPartitions,
        daily: dailyPartitions,
        weekly: weeklyPartitions,
        monthly: monthlyPartitions,
      }[def.cadence ?? 'daily'];
      return make(options);
    }
  }
}
