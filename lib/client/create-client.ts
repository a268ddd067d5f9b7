import type { StoredEvent } from '../model/event';
import type { BackfillEventView, BackfillView } from './backfill-types';
import { ClientError } from './client-error';
import type { ApiTokenView } from './deployment-types';
import { followRun } from './follow-run';
import type { HeadraceClient } from './headrace-client';
import { createRequest, type RequestOptions, search } from './request';
import type { RunView } from './run-types';
import type { SensorAddress, SensorEventView } from './sensor-event-types';

export interface ClientOptions extends RequestOptions {
  /** Pause between polls while following a run; default 500 ms. */
  readonly pollMs?: number;
}

/**
 * A client of one deployment.
 *
 * @throws {ClientError} from every method: the server's words, or why it could not be reached
 * @example
 * const headrace = createClient({ url: 'https://headrace.example.com', token });
 * const { runId } = await headrace.launchRun({ assets: ['raw/earthquakes+'], partition: '2026-11-01' });
 */
export function createClient(options: ClientOptions): HeadraceClient {
  const request = createRequest(options);
  const pollMs = options.pollMs ?? 500;
  const client: HeadraceClient = {
    launchRun: (body, { idempotencyKey } = {}) =>
      request(
        'POST',
        '/api/runs',
        body,
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      ),
    getRun: (runId) => request('GET', `/api/runs/${encodeURIComponent(runId)}`),
    listRuns: async (query = {}) =>
      (await request<{ runs: RunView[] }>('GET', `/api/runs${search({ ...query })}`)).runs,
    cancelRun: (runId, { force = false } = {}) =>
      request('POST', `/api/runs/${encodeURIComponent(runId)}/cancel`, { force }),
    reexecuteRun: (runId, body = {}) =>
      request('POST', `/api/runs/${encodeURIComponent(runId)}/reexecute`, body),
    launchBackfill: (body) => request('POST', '/api/backfills', body),
    previewBackfill: (body) => request('POST', '/api/backfills/preview', body),
    getBackfill: (backfillId) => request('GET', `/api/backfills/${encodeURIComponent(backfillId)}`),
    listBackfills: async (query = {}) =>
      (await request<{ backfills: BackfillView[] }>('GET', `/api/backfills${search({ ...query })}`))
        .backfills,
    changeBackfill: (backfillId, change) =>
      request('POST', `/api/backfills/${encodeURIComponent(backfillId)}/change`, change),
    reexecuteBackfill: (backfillId, strategy = 'FROM_FAILURE') =>
      request('POST', `/api/backfills/${encodeURIComponent(backfillId)}/reexecute`, { strategy }),
    backfillEvents: async (backfillId, after = 0) =>
      (
        await request<{ events: BackfillEventView[] }>(
          'GET',
          `/api/backfills/${encodeURIComponent(backfillId)}/events${search({ after })}`,
        )
      ).events,
    failRun: (runId, reason) => request('POST', `/api/runs/${encodeURIComponent(runId)}/fail`, { reason }),
    debugRun: (runId) => request('GET', `/api/runs/${encodeURIComponent(runId)}/debug`),
    getInstance: () => request('GET', '/api/instance'),
    pauseInstance: (scope = 'all') => request('POST', '/api/instance/pause', { scope }),
    resumeInstance: () => request('POST', '/api/instance/resume'),
    codeLocations: () => request('GET', '/api/code-locations'),
    codeLocationDifference: (name, versions = {}) =>
      request('GET', `/api/code-locations/${encodeURIComponent(name)}/difference${search({ ...versions })}`),
    rollBackCodeLocation: (name, version) =>
      request('POST', `/api/code-locations/${encodeURIComponent(name)}/rollback`, { version }),
    createToken: (token) => request('POST', '/api/tokens', token),
    listTokens: async () => (await request<{ tokens: ApiTokenView[] }>('GET', '/api/tokens')).tokens,
    listAudit: (query = {}) => request('GET', `/api/audit${search({ ...query })}`),
    revokeToken: (id) => request('POST', `/api/tokens/${encodeURIComponent(id)}/revoke`),
    runEvents: async (runId, after = 0) =>
      (
        await request<{ events: StoredEvent[] }>(
          'GET',
          `/api/runs/${encodeURIComponent(runId)}/events${search({ after })}`,
        )
      ).events,
    followRun: (runId, signal) => followRun(client, runId, pollMs, signal),
    stepLogs: ({ runId, ...query }) =>
      request('GET', `/api/runs/${encodeURIComponent(runId)}/logs${search({ ...query })}`),
    reportMaterialization: (assetKey, report = {}) =>
      request('POST', `/api/assets/${encodeURIComponent(assetKey)}/materializations`, report),
    reportObservation: (assetKey, report = {}) =>
      request('POST', `/api/assets/${encodeURIComponent(assetKey)}/observations`, report),
    sendSensorEvent: (sensor, event) => request('POST', eventsPath(sensor), event),
    sensorEvents: async (sensor, query = {}) => {
      const path = eventsPath(sensor) + search({ ...query });
      return (await request<{ events: readonly SensorEventView[] }>('GET', path)).events;
    },
    replaySensorEvents: async (sensor, eventIds) => {
      const body = eventIds === undefined ? {} : { eventIds };
      return (await request<{ replayed: number }>('POST', `${eventsPath(sensor)}/replay`, body)).replayed;
    },
    reportAssetCheck: (assetKey, check, report) =>
      request(
        'POST',
        `/api/assets/${encodeURIComponent(assetKey)}/checks/${encodeURIComponent(check)}`,
        report,
      ),
    graphql: async <T>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
      const answer = await request<{ data?: T; errors?: { message: string }[] }>('POST', '/graphql', {
        query,
        variables,
      });
      if (answer.data === undefined || answer.data === null || answer.errors !== undefined) {
        throw new ClientError(
          200,
          `GraphQL: ${answer.errors?.map((e) => e.message).join('; ') ?? 'no data'}`,
        );
      }
      return answer.data;
    },
  };
  return client;
}

const eventsPath = ({ location, name }: SensorAddress): string =>
  `/api/sensors/${encodeURIComponent(location)}/${encodeURIComponent(name)}/events`;
