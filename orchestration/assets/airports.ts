import { asset, freshness } from 'headrace';
import type { SnowflakeLoad } from 'headrace/snowflake';
import { flightsApi } from '../resources/flights';
import { snowflake } from '../resources/snowflake';
import { LOADING, RAW } from '../utils/loading';
import type { Needs } from '../utils/needs';

const resources = { flightsApi, snowflake };

export function loadAirports({
  resources: { flightsApi, snowflake },
  signal,
}: Needs<typeof resources>): Promise<SnowflakeLoad> {
  return snowflake.load(flightsApi.airports.read(), { table: 'raw.airports', replace: 'table', signal });
}

/** US airports, replaced as a whole. */
export const airports = asset({
  ...RAW,
  ...LOADING,
  key: 'raw/airports',
  description: 'US airports with their places; a small table that is replaced as a whole.',
  tags: { domain: 'aviation' },
  // Airports open and close rarely.
  freshness: freshness.timeWindow({ failWindow: '31d', warnWindow: '28d' }),
  resources,
  run: loadAirports,
  checks: { hasRows: { check: ({ rows }) => rows > 1000, blocking: true } },
});
