import { asset, backfill, hourlyPartitions, type TimeWindow } from 'headrace';
import type { SnowflakeLoad } from 'headrace/snowflake';
import { flightsApi } from '../resources/flights';
import { snowflake } from '../resources/snowflake';
import { countRecords } from '../utils/count-records';
import { LOADING, RAW } from '../utils/loading';
import type { Needs } from '../utils/needs';
import { hourKey } from '../utils/windows';

const resources = { flightsApi, snowflake };

/** Loads the flights of a window, an hour or half a year, in one go and counts them by hour. */
export async function loadFlights(
  window: TimeWindow,
  { resources: { flightsApi, snowflake }, signal }: Needs<typeof resources>,
): Promise<{ readonly load: SnowflakeLoad; readonly counts: ReadonlyMap<string, number> }> {
  const { source, counts } = countRecords(flightsApi.flights.read(window), ({ date }) =>
    hourKey(String(date)),
  );
  const load = await snowflake.load(source, {
    table: 'raw.flights',
    replace: { key: window.start, window },
    column: 'date',
    columns: {
      row_number: 'NUMBER(38,0)',
      date: 'TIMESTAMP_NTZ',
      delay: 'NUMBER(38,0)',
      distance: 'NUMBER(38,0)',
      origin: 'VARCHAR',
      destination: 'VARCHAR',
    },
    signal,
  });
  return { load, counts };
}

/** US flights by hour of departure. */
export const flights = asset({
  ...RAW,
  ...LOADING,
  key: 'raw/flights',
  description: 'US flights, by the hour of their departure in the local time of the airport.',
  tags: { domain: 'aviation' },
  // The last flights leave at midnight of 1 July.
  partitions: hourlyPartitions({ start: '2001-01-01-00:00', end: '2001-07-01-01:00' }),
  // A backfill of any length is one run that reads the whole window.
  backfill: backfill.singleRun(),
  resources,
  async run({ partition, ...needs }) {
    const { load } = await loadFlights(partition.window, needs);
    return load;
  },
  checks: {
    allInserted: {
      check: ({ rows, inserted }) => inserted === rows,
      blocking: true,
      description: 'What was read is what was written.',
    },
  },
});
