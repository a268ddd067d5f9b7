import { env } from 'headrace';
import { linkHeader, restSource } from 'headrace/rest';

/** US flights of the first half of 2001 and the airports they connect. All times are local to the airport. */
export const flightsApi = restSource({
  description: 'Flights and airports',
  baseUrl: env('FLIGHTS_URL'),
  resources: {
    flights: {
      path: '/flights',
      params: ({ start, end }) => ({ start, end, limit: 50_000 }),
      // A line per record: read as a stream, however large the page is.
      format: 'ndjson',
      pagination: linkHeader(),
    },
    airports: { path: '/airports', primaryKey: 'iata' },
  },
});
