import { env } from 'headrace';
import { offset, restSource } from 'headrace/rest';
import { justBefore } from '../utils/windows';

/** The USGS's earthquake catalogue: https://earthquake.usgs.gov/fdsnws/event/1/ */
export const usgs = restSource({
  description: 'Earthquake catalogue of the U.S. Geological Survey',
  baseUrl: env('USGS_URL', 'https://earthquake.usgs.gov/fdsnws/event/1'),
  resources: {
    events: {
      path: '/query',
      // endtime is inclusive, so an event at the very end belongs to the next window.
      params: ({ start, end }) => ({
        format: 'geojson',
        orderby: 'time-asc',
        starttime: start,
        endtime: justBefore(end),
      }),
      records: 'features',
      primaryKey: 'id',
      pagination: offset({ size: 500, start: 1 }),
      map: (feature) => {
        const { time } = feature.properties as { time: number };
        return { ...feature, occurred_at: new Date(time).toISOString() };
      },
    },
  },
});
