import type { AuditOutcome } from '../model/audit-entry';
import type { StoredEvent } from '../model/event';
import type { PauseScope } from '../model/instance-pause';
import { isFinished, type RunStatus } from '../model/run-status';
import type { SensorEventStatus } from '../model/sensor-event';
import { ClientError } from './client-error';
import type {
  ApiTokenView,
  AssetCheckReport,
  AuditPage,
  BackfillChange,
  BackfillEventView,
  BackfillPreview,
  BackfillView,
  CodeLocationDifference,
  CodeLocationsView,
  CreatedApiToken,
  FailedRun,
  InstanceView,
  LaunchBackfillBody,
  LaunchedBackfill,
  LaunchedRun,
  LaunchRunBody,
  LogPage,
  MaterializationReport,
  NewApiToken,
  ObservationReport,
  Problem,
  ReceivedEvent,
  ReexecuteRunBody,
  Reported,
  RolledBack,
  RunDebugInfo,
  RunView,
  SendSensorEventBody,
  SensorAddress,
  SensorEventView,
} from './types';

export interface ClientOptions {
  /** Address of the API without a path, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Pause between polls while following a run; default 500 ms. */
  readonly pollMs?: number;
}

export interface ListRunsQuery {
  readonly job?: string | undefined;
  readonly location?: string | undefined;
  readonly status?: readonly RunStatus[] | undefined;
  /** Each `key=value`. Several keys must all match; several values of one key match each. */
  readonly tag?: readonly string[] | undefined;
  /** Start of the run id. */
  readonly id?: string | undefined;
  readonly limit?: number | undefined;
  /** Runs older than this run id: the last one of the page before. */
  readonly cursor?: string | undefined;
}

export interface ListBackfillsQuery {
  readonly status?: readonly BackfillView['status'][] | undefined;
  readonly limit?: number | undefined;
  /** Backfills older than this id: the last one of the page before. */
  readonly cursor?: string | undefined;
}

export interface ListAuditQuery {
  readonly user?: string | undefined;
  /** The mutation or route, e.g. `startSchedule`. */
  readonly action?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  readonly limit?: number | undefined;
  /** Entries older than this one: the `cursor` of the page before. */
  readonly cursor?: number | undefined;
}

/** The REST API, typed. */
export interface HeadraceClient {
  /** @param options.idempotencyKey the same key never launches twice */
  launchRun(body: LaunchRunBody, options?: { readonly idempotencyKey?: string }): Promise<LaunchedRun>;
  getRun(runId: string): Promise<RunView>;
  listRuns(query?: ListRunsQuery): Promise<readonly RunView[]>;
  cancelRun(runId: string, options?: { readonly force?: boolean }): Promise<RunView>;
  /** Launches an ended run again: default what failed or did not run. */
  reexecuteRun(runId: string, body?: ReexecuteRunBody): Promise<LaunchedRun>;
  launchBackfill(body: LaunchBackfillBody): Promise<LaunchedBackfill>;
  /** What it would make; changes nothing. */
  previewBackfill(body: LaunchBackfillBody): Promise<BackfillPreview>;
  getBackfill(backfillId: string): Promise<BackfillView>;
  /** Newest first. */
  listBackfills(query?: ListBackfillsQuery): Promise<readonly BackfillView[]>;
  changeBackfill(backfillId: string, change: BackfillChange): Promise<BackfillView>;
  /** @param strategy default `FROM_FAILURE`: what it did not make */
  reexecuteBackfill(backfillId: string, strategy?: 'ALL_STEPS' | 'FROM_FAILURE'): Promise<LaunchedBackfill>;
  /** What it said after an event id, oldest first. */
  backfillEvents(backfillId: string, after?: number): Promise<readonly BackfillEventView[]>;
  /** Marks a run as failed, whatever its worker does, and stops the worker. */
  failRun(runId: string, reason: string): Promise<FailedRun>;
  debugRun(runId: string): Promise<RunDebugInfo>;
  getInstance(): Promise<InstanceView>;
  /** @param scope default `all`: schedules, sensors and the queue */
  pauseInstance(scope?: PauseScope): Promise<InstanceView>;
  resumeInstance(): Promise<InstanceView>;
  codeLocations(): Promise<CodeLocationsView>;
  /** @param versions default: the version in force against the one before */
  codeLocationDifference(
    name: string,
    versions?: { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<CodeLocationDifference>;
  /** Puts an earlier version in force again. */
  rollBackCodeLocation(name: string, version: string): Promise<RolledBack>;
  /** Makes a token for a program; its secret is in the answer, and nowhere else any more. */
  createToken(token: NewApiToken): Promise<CreatedApiToken>;
  /** All that were not revoked, expired ones too. */
  listTokens(): Promise<readonly ApiTokenView[]>;
  revokeToken(id: string): Promise<ApiTokenView>;
  /** Who asked for which change, newest first; for admins. */
  listAudit(query?: ListAuditQuery): Promise<AuditPage>;
  /** One page of a run's events after a storage id. */
  runEvents(runId: string, after?: number): Promise<readonly StoredEvent[]>;
  /**
   * All events of a run in order, waiting for more until it has ended. Passing failures (the server restarts, the
   * database wakes up) are waited out for about a minute.
   */
  followRun(runId: string, signal?: AbortSignal): AsyncIterable<StoredEvent>;
  stepLogs(query: StepLogsQuery): Promise<LogPage>;
  /** Says that an asset was materialized elsewhere. */
  reportMaterialization(assetKey: string, report?: MaterializationReport): Promise<Reported>;
  /** Says what was observed of an asset, without having materialized it. */
  reportObservation(assetKey: string, report?: ObservationReport): Promise<Reported>;
  /** Says what a check of an asset found elsewhere. */
  reportAssetCheck(assetKey: string, check: string, report: AssetCheckReport): Promise<Reported>;
  /** Sends a sensor an event, as what pushes its events would. */
  sendSensorEvent(sensor: SensorAddress, event: SendSensorEventBody): Promise<ReceivedEvent>;
  /** Events that a sensor was sent, newest first. */
  sensorEvents(
    sensor: SensorAddress,
    query?: {
      readonly status?: readonly SensorEventStatus[];
      readonly before?: number;
      readonly limit?: number;
    },
  ): Promise<readonly SensorEventView[]>;
  /** Has failed events evaluated again; default all of the sensor. Returns how many. */
  replaySensorEvents(sensor: SensorAddress, eventIds?: readonly string[]): Promise<number>;
  /** Any GraphQL query; errors of the query throw. */
  graphql<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
}

export interface StepLogsQuery {
  readonly runId: string;
  readonly step: string;
  readonly try: number;
  readonly stream: 'stdout' | 'stderr';
  readonly cursor?: string | undefined;
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
  const request = requester(options);
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
    followRun: (runId, signal) => follow(client, runId, pollMs, signal),
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

/** Failures in a row that following a run survives, and the longest pause between two tries. */
const PATIENCE = { failures: 10, longestMs: 10_000 };

async function* follow(
  client: HeadraceClient,
  runId: string,
  pollMs: number,
  signal?: AbortSignal,
): AsyncIterable<StoredEvent> {
  let after = 0;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const read = await readOn(client, runId, after).catch((error: unknown) => {
      failures += 1;
      if (error instanceof ClientError && error.transient && failures <= PATIENCE.failures) return undefined;
      throw error;
    });
    if (read === undefined) {
      await pause(Math.min(pollMs * 2 ** failures, PATIENCE.longestMs), signal);
      continue;
    }
    failures = 0;
    for (const event of read.events) {
      after = event.storageId;
      yield event;
    }
    if (read.events.length > 0) continue;
    if (isFinished(read.status)) return;
    await pause(pollMs, signal);
  }
}

async function readOn(client: HeadraceClient, runId: string, after: number) {
  // The status before the events: what the run wrote until it ended is then in the page that follows.
  const { status } = await client.getRun(runId);
  return { status, events: await client.runEvents(runId, after) };
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const eventsPath = ({ location, name }: SensorAddress): string =>
  `/api/sensors/${encodeURIComponent(location)}/${encodeURIComponent(name)}/events`;

function requester({ url, token, fetch: send = fetch, headers: always = {} }: ClientOptions) {
  const base = url.replace(/\/+$/, '');
  return async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> => {
    let response: Response;
    try {
      response = await send(base + path, {
        method,
        headers: {
          ...always,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new ClientError(0, `${base} cannot be reached: ${reasonOf(error)}`, undefined, { cause: error });
    }
    const answer = await readJson(response);
    if (response.ok && answer !== undefined) return answer as T;
    const problem = isProblem(answer) ? answer : undefined;
    throw new ClientError(
      response.ok ? 502 : response.status,
      problem?.detail ??
        graphqlErrors(answer) ??
        `${method} ${base}${path}: HTTP ${response.status}, ${whatCame(response)}`,
      problem,
    );
  };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isProblem(answer: unknown): answer is Problem {
  return typeof (answer as Partial<Problem> | null | undefined)?.detail === 'string';
}

/** A query that is refused as a whole answers with a status and GraphQL's own list of errors. */
function graphqlErrors(answer: unknown): string | undefined {
  const { errors } = (answer ?? {}) as { readonly errors?: readonly { readonly message: string }[] };
  return errors === undefined ? undefined : `GraphQL: ${errors.map(({ message }) => message).join('; ')}`;
}

function whatCame(response: Response): string {
  return `answered with ${response.headers.get('content-type') ?? 'nothing'} that is not the API's`;
}

function search(query: Readonly<Record<string, string | number | readonly string[] | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) parameters.append(name, String(item));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
