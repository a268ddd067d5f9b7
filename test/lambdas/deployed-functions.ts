import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../bin/build-functions.mjs';
import {
  type InstanceSettings,
  instanceSettingsSchema,
  toInstanceSettings,
} from '../../lib/settings/instance-settings';
import { SETTINGS_FILE } from '../../lib/settings/settings-file';
import { type DataApi, startDataApi } from '../support/aws/data-api/start-data-api';
import { type FakeAws, type FunctionAnswer, startFakeAws } from '../support/aws/services/fake-aws';
import { FunctionProcess } from '../support/aws/services/function-process';
import { ROOT } from '../support/build-programs';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:';

/** What Lambda gives the functions of a location, in whose environment user code runs. */
export const SESSION_TOKEN = 'session-4711-of-the-role';
export const SECRETS = {
  owner: `${SECRET}owner-abcdef`,
  app: `${SECRET}app-abcdef`,
  worker: `${SECRET}worker-abcdef`,
  location: `${SECRET}prod/test-abcdef`,
} as const;

/** Database users of this test only: users are the whole server's. */
const suffix = `${process.pid}_${Date.now().toString(36)}`;
export const USERS = {
  app: { username: `test_api_${suffix}`, password: 'app-password' },
  worker: { username: `test_task_${suffix}`, password: 'worker-password' },
} as const;

/** The built functions with services around them as small as tests need them; the database is a real one. */
export interface DeployedFunctions {
  readonly aws: FakeAws;
  readonly dataApi: DataApi;
  readonly database: TestDatabase;
  readonly settings: InstanceSettings;
  /** Variables of whatever runs code of the location. */
  readonly locationEnvironment: Readonly<Record<string, string>>;
  /** Folder of the built functions. */
  readonly folder: string;
  /** Invokes a function in its own process, which is kept; rejects with what the function threw. */
  invoke<T>(name: string, event: unknown, remaining?: number): Promise<T>;
  answerOf(name: string, event: unknown, remaining?: number): Promise<FunctionAnswer>;
  /** What a function logged, parsed where it is JSON. */
  logs(name: string): readonly Record<string, unknown>[];
  close(): Promise<void>;
}

export async function deployFunctions(): Promise<DeployedFunctions> {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-functions-'));
  mkdirSync(join(folder, 'dashboard', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'dashboard', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'dashboard', 'assets', 'main-ABCD1234.js'), 'export {};');
  const settings = toInstanceSettings(instanceSettingsSchema.parse({}));
  const [aws, database] = await Promise.all([
    startFakeAws(),
    createTestDatabase(),
    buildFunctions({ root: ROOT, outDirectory: folder }),
  ]);
  const dataApi = await startDataApi({
    databaseUrl: database.url,
    roles: {
      'app-': `${USERS.app.username}:${USERS.app.password}`,
      'worker-': `${USERS.worker.username}:${USERS.worker.password}`,
    },
  });
  for (const bucket of ['bundles', 'logs', 'artifacts', 'dashboard']) aws.s3.buckets.set(bucket, new Map());
  const secrets: Readonly<Record<string, object>> = {
    [SECRETS.app]: USERS.app,
    [SECRETS.worker]: USERS.worker,
    [SECRETS.location]: { VAULT_KEY: 'from-the-secret' },
  };
  aws.operations['GetSecretValue'] = ({ SecretId }) => ({
    SecretString: JSON.stringify(secrets[String(SecretId)]),
  });

  const name = new URL(database.url).pathname.slice(1);
  const shared = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.url,
    HEADRACE_INSTANCE: 'prod',
    HEADRACE_CLUSTER_ARN: 'arn:aws:rds:eu-central-1:000000000000:cluster:headrace',
    HEADRACE_DATABASE: name,
    HEADRACE_BUNDLES_BUCKET: 'bundles',
    HEADRACE_LOGS_BUCKET: 'logs',
    HEADRACE_ARTIFACTS_BUCKET: 'artifacts',
  };
  const location = {
    AWS_SESSION_TOKEN: SESSION_TOKEN,
    HEADRACE_LOCATION: 'test',
    HEADRACE_LOCATION_SECRET_ARN: SECRETS.location,
    HEADRACE_WORKER_SECRET_ARN: SECRETS.worker,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  };
  const control = {
    HEADRACE_SECRET_ARN: SECRETS.app,
    HEADRACE_STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:prod-run-coordinator',
    HEADRACE_ECS_CLUSTER: 'arn:aws:ecs:eu-central-1:000000000000:cluster/prod',
    HEADRACE_CODE_FUNCTIONS: JSON.stringify({ test: 'prod-code-test' }),
    HEADRACE_WAKE_UP_ARN: 'arn:aws:lambda:eu-central-1:000000000000:function:prod-evaluate-ticks',
    HEADRACE_IDENTITY: JSON.stringify({
      issuer: 'https://login.example.com/',
      clientId: 'client',
      audience: 'client',
      groupsClaim: 'groups',
      groupPrefix: 'headrace-',
      authorizationEndpoint: null,
      tokenEndpoint: null,
      logoutEndpoint: null,
    }),
  };
  const environmentOf = (fn: string): Record<string, string> => {
    if (fn === 'code-location' || fn === 'run-on-lambda') return { ...shared, ...location };
    if (fn === 'migrate') return { ...shared, HEADRACE_SECRET_ARN: SECRETS.owner };
    return { ...shared, ...control };
  };
  for (const fn of readdirSync(join(folder, 'lambdas'))) {
    writeFileSync(join(folder, 'lambdas', fn, SETTINGS_FILE), JSON.stringify(settings));
  }

  const processes = new Map<string, FunctionProcess>();
  const processOf = (fn: string): FunctionProcess => {
    const known = processes.get(fn);
    if (known !== undefined) return known;
    const started = new FunctionProcess(join(folder, 'lambdas', fn, 'handler.mjs'), environmentOf(fn));
    processes.set(fn, started);
    return started;
  };
  const answerOf: DeployedFunctions['answerOf'] = (fn, event, remaining) =>
    processOf(fn).invoke(event, remaining);
  aws.functions['prod-code-test'] = (event) => answerOf('code-location', event);

  return {
    aws,
    dataApi,
    database,
    settings,
    locationEnvironment: { ...shared, ...location },
    folder: join(folder, 'lambdas'),
    answerOf,
    async invoke<T>(fn: string, event: unknown, remaining?: number): Promise<T> {
      const answer = await answerOf(fn, event, remaining);
      if ('value' in answer) return answer.value as T;
      throw new Error(`${fn}: ${JSON.stringify(answer.error)}`);
    },
    logs: (fn) =>
      (processes.get(fn)?.output ?? []).map((line) => {
        try {
          return JSON.parse(line) as Record<string, unknown>;
        } catch {
          return { text: line };
        }
      }),
    async close() {
      await Promise.all([...processes.values()].map((each) => each.close()));
      await Promise.all([aws.close(), dataApi.stop()]);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
