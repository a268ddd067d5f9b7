import { job, type MaterializeResult, materializeResult, op, z } from 'headrace';
import type { SnowflakeLoad } from 'headrace/snowflake';
import { airports, loadAirports } from '../assets/airports';
import { earthquakes, loadEarthquakes } from '../assets/earthquakes';
import { flights, loadFlights } from '../assets/flights';
import {
  githubComments,
  githubIssues,
  githubUsers,
  loadComments,
  loadIssues,
  loadUsers,
} from '../assets/github';
import { flightsApi } from '../resources/flights';
import { github } from '../resources/github';
import { snowflake } from '../resources/snowflake';
import { usgs } from '../resources/usgs';
import { LOADING } from '../utils/loading';
import { daysOf, hoursOf } from '../utils/windows';

/** A window in a run's config; ISO 8601, `end` is excluded. */
const window = (start: string, end: string) =>
  z.object({ start: z.iso.datetime().default(start), end: z.iso.datetime().default(end) });

/** One load of a whole window, told as one materialization for the load and one for each partition in it. */
function materializedWindow(
  asset: string,
  partitions: readonly string[],
  { load, counts }: { readonly load: SnowflakeLoad; readonly counts: ReadonlyMap<string, number> },
): readonly MaterializeResult[] {
  const each = partitions.map((partition) =>
    materializeResult({ asset, partition, metadata: { 'dagster/row_count': counts.get(partition) ?? 0 } }),
  );
  return [...each, materialized(asset, load)];
}

const materialized = (asset: string, load: SnowflakeLoad): MaterializeResult =>
  materializeResult({ asset, metadata: load.toMetadata() });

export const ingestEarthquakes = op({
  ...LOADING,
  name: 'ingest_earthquakes',
  description: 'Loads the earthquakes of a window; by default the recorded week of the sample service.',
  config: window('2018-01-31T00:00:00Z', '2018-02-08T00:00:00Z'),
  resources: { usgs, snowflake },
  run: async ({ config, ...needs }) =>
    materializedWindow(earthquakes.key, daysOf(config), await loadEarthquakes(config, needs)),
});

export const ingestFlights = op({
  ...LOADING,
  name: 'ingest_flights',
  description: 'Loads the flights of a window; by default one week.',
  config: window('2001-01-01T00:00:00Z', '2001-01-08T00:00:00Z'),
  resources: { flightsApi, snowflake },
  run: async ({ config, ...needs }) =>
    materializedWindow(flights.key, hoursOf(config), await loadFlights(config, needs)),
});

export const ingestAirports = op({
  ...LOADING,
  name: 'ingest_airports',
  resources: { flightsApi, snowflake },
  run: async (needs) => materialized(airports.key, await loadAirports(needs)),
});

export const ingestIssues = op({
  ...LOADING,
  name: 'ingest_github_issues',
  resources: { github, snowflake },
  run: async (needs) => materialized(githubIssues.key, await loadIssues(needs)),
});

export const ingestComments = op({
  ...LOADING,
  name: 'ingest_github_comments',
  resources: { github, snowflake },
  run: async (needs) => materialized(githubComments.key, await loadComments(needs)),
});

export const ingestUsers = op({
  ...LOADING,
  name: 'ingest_github_users',
  resources: { github, snowflake },
  run: async (needs) => materialized(githubUsers.key, await loadUsers(needs)),
});

/**
 * Loads every source at once. Its assets are partitioned differently (by day, by hour, not at all), which one run
 * over assets cannot be, so it is a graph of ops with windows in its config. Single partitions have their own jobs.
 */
export const ingest = job({
  name: 'ingest',
  description: 'Loads every source into the warehouse; windows are set in the run config.',
  owners: ['team:data-platform'],
  tags: { domain: 'ingestion' },
  graph: () => {
    ingestEarthquakes();
    ingestFlights();
    ingestAirports();
    ingestIssues();
    ingestComments();
    ingestUsers();
  },
});

/** Loads all three million flights in one go. */
export const flightsFull = job({
  name: 'flights_full',
  description: 'Loads all flights, from January to June 2001, in one load.',
  owners: ['team:data-platform'],
  config: {
    ops: { ingest_flights: { config: { start: '2001-01-01T00:00:00Z', end: '2001-07-01T01:00:00Z' } } },
  },
  graph: () => {
    ingestFlights();
  },
});
