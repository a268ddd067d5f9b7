import { expect } from '@jest/globals';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import {
  createPostgresWorkerStorage,
  type PostgresWorkerStorage,
} from '../../lib/adapters/postgres/postgres-worker-storage';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { systemIds } from '../../lib/adapters/system/system-ids';
import type { ApiOptions } from '../../lib/api/api-context';
import { createApi } from '../../lib/api/create-api';
import type { Api, CreateApiOptions } from '../../lib/api/create-rest-api';
import type { Identity, Role } from '../../lib/api/identity';
import { matchRoute } from '../../lib/api/rest/match-route';
import { problemSchema } from '../../lib/api/rest/problem';
import { ROUTES } from '../../lib/api/rest/routes';
import type { LoadedDefinitions } from '../../lib/definitions/loaded-definitions';
import type { NewEvent } from '../../lib/model/event';
import type { AttemptRef } from '../../lib/model/run';
import type { Clock } from '../../lib/ports/clock';
import type { Instance } from '../../lib/ports/instance';
import type { Storage } from '../../lib/ports/storage';
import type { RunOutcome } from '../../lib/ports/worker-storage';
import { defaultInstanceSettings, type InstanceSettings } from '../../lib/settings/instance-settings';
import { UNLIMITED } from '../contracts/storage-builders';
import {
  InProcessCodeLocationClient,
  MemoryObjectStore,
  RecordingRunCoordinator,
  RecordingRunLauncher,
  RecordingScheduler,
  TestCodeLocations,
} from './api-doubles';
import { brokenLocation, lab, loadedLocation, shop } from './api-workspace';
import { createTestDatabase } from './test-database';

/** A request's answer, read. */
export interface RestAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface GraphqlAnswer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string }[];
}

/** The whole API over a real database, with doubles of everything that would run or wake something. */
export interface ApiHarness {
  readonly api: Api;
  readonly instance: Instance;
  readonly storage: Storage;
  readonly codeLocations: TestCodeLocations;
  readonly codeLocationClient: InProcessCodeLocationClient;
  readonly coordinator: RecordingRunCoordinator;
  readonly launcher: RecordingRunLauncher;
  readonly scheduler: RecordingScheduler;
  readonly objectStore: MemoryObjectStore;
  /** Names of the storage calls since the last time it was emptied. */
  readonly calls: string[];
  /** What the API reported as its own mistakes. */
  readonly errors: unknown[];
  /** Sends a request; default role admin. Answers are held against the route's schema. */
  rest<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: {
      readonly body?: unknown;
      /** Sent as it is. */
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly role?: Role;
    },
  ): Promise<RestAnswer<Body>>;
  graphql<Data = Record<string, never>>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    role?: Role,
  ): Promise<GraphqlAnswer<Data>>;
  /** Serves a claimed run as its worker does: starts it, and with an outcome ends it. */
  work(runId: string, events?: readonly NewEvent[], outcome?: RunOutcome): Promise<AttemptRef>;
  close(): Promise<void>;
}

const ROLE_HEADER = 'x-test-role';

export async function createApiHarness(
  overrides: {
    readonly settings?: Partial<InstanceSettings>;
    readonly storage?: Partial<Storage>;
    readonly clock?: Clock;
    /** Code of further locations, for what asks it. */
    readonly definitions?: Readonly<Record<string, LoadedDefinitions>>;
    /** What code locations find by `env` and `secret`, when they check webhooks. */
    readonly secrets?: Readonly<Record<string, string>>;
    readonly authorize?: CreateApiOptions['authorize'];
  } = {},
): Promise<ApiHarness> {
  const database = await createTestDatabase();
  const postgres = createPostgresStorage({ url: database.url, maxConnections: 4 });
  const worker = createPostgresWorkerStorage({ url: database.workerUrl });
  const calls: string[] = [];
  const errors: unknown[] = [];
  const doubles = {
    codeLocations: new TestCodeLocations([
      brokenLocation,
      loadedLocation('lab', lab),
      loadedLocation('shop', shop),
    ]),
    codeLocationClient: new InProcessCodeLocationClient(
      { shop, lab, ...overrides.definitions },
      overrides.secrets,
    ),
    runCoordinator: new RecordingRunCoordinator(),
    runLauncher: new RecordingRunLauncher(),
    scheduler: new RecordingScheduler(),
    objectStore: new MemoryObjectStore(),
  };
  const instance: Instance = {
    ...doubles,
    storage: counting({ ...postgres, ...overrides.storage }, calls),
    secretStore: { get: async () => undefined },
    alertPublisher: { publish: async () => {} },
    clock: overrides.clock ?? systemClock,
    ids: systemIds,
  };
  const options: ApiOptions = {
    version: '1.2.3',
    engine: { ...defaultInstanceSettings(), runQueue: UNLIMITED, ...overrides.settings },
  };
  const authorize = overrides.authorize ?? identify;
  const api = createApi({ instance, options, authorize, onError: (error) => errors.push(error) });
  return {
    api,
    instance,
    storage: postgres,
    codeLocations: doubles.codeLocations,
    codeLocationClient: doubles.codeLocationClient,
    coordinator: doubles.runCoordinator,
    launcher: doubles.runLauncher,
    scheduler: doubles.scheduler,
    objectStore: doubles.objectStore,
    calls,
    errors,
    rest: (method, path, request = {}) => sendRest(api, method, path, request),
    graphql: (query, variables, role) => sendGraphql(api, query, variables, role),
    work: (runId, events = [], outcome = undefined) => work(postgres, worker, runId, events, outcome),
    async close() {
      await postgres.close();
      await worker.close();
      await database.drop();
    },
  };
}

function identify(request: Request): Identity {
  return { user: 'ann', role: (request.headers.get(ROLE_HEADER) ?? 'admin') as Role };
}

/** The same storage; every call leaves its name. */
function counting(storage: Storage, calls: string[]): Storage {
  return new Proxy(storage, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return value.apply(target, args) as unknown;
      };
    },
  });
}

async function sendRest<Body>(
  api: Api,
  method: string,
  path: string,
  request: {
    readonly body?: unknown;
    readonly text?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly role?: Role;
  },
): Promise<RestAnswer<Body>> {
  const text = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const response = await api.handle(
    new Request(`http://api.test${path}`, {
      method,
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.role === undefined ? {} : { [ROLE_HEADER]: request.role }),
        ...request.headers,
      },
      ...(text === undefined ? {} : { body: text }),
    }),
  );
  const body = (await response.json()) as Body;
  const match = matchRoute(ROUTES, method, new URL(response.url || `http://api.test${path}`).pathname);
  if (response.headers.get('content-type') === 'application/problem+json') {
    expect(problemSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({ status: response.status });
  } else if (match.kind === 'found') {
    // Nothing is said that the contract does not name, and nothing is left out.
    const schema = match.route.operation.answers[response.status];
    expect(schema?.parse(body)).toEqual(body);
  }
  return { status: response.status, headers: response.headers, body };
}

async function sendGraphql<Data>(
  api: Api,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  role: Role = 'admin',
): Promise<GraphqlAnswer<Data>> {
  const response = await api.handle(
    new Request('http://api.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', [ROLE_HEADER]: role },
      body: JSON.stringify({ query, variables }),
    }),
  );
  return (await response.json()) as GraphqlAnswer<Data>;
}

async function work(
  storage: Storage,
  worker: PostgresWorkerStorage,
  runId: string,
  events: readonly NewEvent[],
  outcome: RunOutcome | undefined,
): Promise<AttemptRef> {
  const attempt = (await storage.getRun(runId))?.attempt ?? 0;
  const ref = {
    runId,
    attempt,
    workerId: 'worker-1',
    token: await storage.issueAttemptToken(runId, attempt),
  };
  await worker.startRun(ref);
  if (events.length > 0) await worker.appendEvents(ref, 1, events);
  if (outcome !== undefined) await worker.finishRun(ref, outcome);
  return ref;
}
