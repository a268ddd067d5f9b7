import { asset, dailyPartitions, freshness, type TimeWindow } from 'headrace';
import type { SnowflakeLoad } from 'headrace/snowflake';
import { snowflake } from '../resources/snowflake';
import { usgs } from '../resources/usgs';
import { countRecords } from '../utils/count-records';
import { LOADING, RAW } from '../utils/loading';
import type { Needs } from '../utils/needs';
import { dayKey } from '../utils/windows';

const resources = { usgs, snowflake };

/** Loads the events of a window in one go and counts them by day. */
export async function loadEarthquakes(
  window: TimeWindow,
  { resources: { usgs, snowflake }, signal }: Needs<typeof resources>,
): Promise<{ readonly load: SnowflakeLoad; readonly counts: ReadonlyMap<string, number> }> {
  const { source, counts } = countRecords(usgs.events.read(window), ({ occurred_at }) => dayKey(occurred_at));
  const load = await snowflake.load(source, {
    table: 'raw.earthquakes',
    replace: { key: window.start, window },
    column: 'occurred_at',
    signal,
  });
  return { load, counts };
}

/** Every seismic event that the USGS reported that day. */
export const earthquakes = asset({
  ...RAW,
  ...LOADING,
  key: 'raw/earthquakes',
  description: 'Every seismic event that the USGS reported, by UTC day. Properties and geometry stay nested.',
  tags: { domain: 'seismology' },
  partitions: dailyPartitions({ start: '2018-01-31' }),
  // It is loaded every morning.
  freshness: freshness.timeWindow({ failWindow: '26h', warnWindow: '25h' }),
  resources,
  async run({ partition, ...needs }) {
    const { load } = await loadEarthquakes(partition.window, needs);
    return load;
  },
  checks: {
    hasRows: {
      check: ({ rows }) => rows > 0,
      severity: 'WARN',
      description: 'Some earthquake happens every day.',
    },
    noDuplicates: ({ rows, inserted, updated }) => inserted + updated === rows,
  },
});
