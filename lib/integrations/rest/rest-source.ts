import { type ResourceDefinition, resource } from '../../definitions/resource';
import { captureSource } from '../../definitions/source-capture';
import { createRestClient } from './rest-client';
import type { ConnectionSettings, Resources, RestClient, RestConfig } from './rest-config';

/** A REST API as a resource of assets and ops: what one names `headrace/rest` for. */
export interface RestSourceOptions<R extends Resources> extends RestConfig<R> {
  /** Default: the key under which it is used, e.g. `usgs` for `resources: { usgs }`. */
  readonly name?: string;
  readonly description?: string;
}

/**
 * Declares a REST API. Its value offers every resource by name, e.g. `resources.usgs.events.read(window)`, as a
 * `Source` that a destination loads. Retries are logged as warnings. Setting it up throws `RestConfigError` if
 * the declaration cannot work; reading throws a `RestSourceError`.
 *
 * @example
 * export const usgs = restSource({
 *   baseUrl: env('USGS_URL', 'https://earthquake.usgs.gov/fdsnws/event/1'),
 *   resources: {
 *     events: {
 *       path: '/query',
 *       params: ({ start, end }) => ({ format: 'geojson', starttime: start, endtime: end, orderby: 'time-asc' }),
 *       records: 'features',
 *       primaryKey: 'id',
 *       pagination: offset({ size: 500, start: 1 }),
 *     },
 *   },
 * });
 */
export function restSource<const R extends Resources>(
  options: RestSourceOptions<R>,
): ResourceDefinition<RestClient<R>> {
  const { name, description, baseUrl, auth, headers, ...service } = options;
  const settings: ConnectionSettings = {
    baseUrl,
    ...(auth === undefined ? {} : { auth }),
    ...(headers === undefined ? {} : { headers }),
  };
  return resource({
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    settings,
    source: captureSource(restSource),
    setUp: ({ settings: connection, log }) =>
      createRestClient({ ...service, ...connection }, { onRetry: (message) => log.warning(message) }),
  });
}
