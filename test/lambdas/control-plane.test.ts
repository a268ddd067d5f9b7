import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { systemIds } from '../../lib/adapters/system/system-ids';
import { createApiToken } from '../../lib/api/authorizer/api-token';
import type { AuthorizerAnswer } from '../../lib/api/authorizer/authorize-caller';
import type { GatewayResponse } from '../../lib/api/gateway/gateway-event';
import { createArchive } from '../../lib/build/archive';
import { type BuiltLocation, buildCodeLocation } from '../../lib/build/build-code-location';
import type { ExecutionInput, IssuedToken } from '../../lib/model/execution-input';
import { bundleObject, type RegisterCodeLocationReply } from '../../lib/model/pushed-code-location';
import type { Storage } from '../../lib/ports/storage';
import { buildPrograms, ROOT } from '../support/build-programs';
import { until } from '../support/until';
import { type DeployedFunctions, deployFunctions, SECRETS, SESSION_TOKEN, USERS } from './deployed-functions';

let deployed: DeployedFunctions;
let storage: Storage;
let folder: string;
let built: BuiltLocation;

beforeAll(async () => {
  [deployed, folder] = await Promise.all([deployFunctions(), mkdtemp(join(tmpdir(), 'headrace-bundles-'))]);
  storage = createPostgresStorage({ url: deployed.database.url, maxConnections: 2 });
  built = await buildCodeLocation({
    root: ROOT,
    location: 'test',
    entry: 'test/execution/support/location.ts',
    outDirectory: folder,
  });
});

afterAll(async () => {
  const url = deployed.database.url;
  await storage.close();
  await deployed.close();
  const admin = new pg.Client(new URL('/postgres', url).href);
  await admin.connect();
  for (const { username } of Object.values(USERS)) await admin.query(`drop role if exists ${username}`);
  await admin.end();
  await rm(folder, { recursive: true, force: true });
});

const upload = async (location: BuiltLocation): Promise<void> => {
  const bucket = deployed.aws.s3.buckets.get('bundles');
  const put = (key: string, body: Buffer) => bucket?.set(key, { body, headers: {}, modifiedAt: Date.now() });
  put(bundleObject.archive(location.hash), await createArchive(location.directory));
  put(bundleObject.manifest(location.hash), await readFile(join(location.directory, 'manifest.json')));
};
const register = (input: object) =>
  deployed.invoke<RegisterCodeLocationReply>('register-code-location', {
    location: 'test',
    by: 'ann',
    ...input,
  });
const gateway = (method: string, path: string, authorizer: object, body?: unknown) => ({
  rawPath: path,
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  isBase64Encoded: false,
  requestContext: { domainName: 'api.example.com', http: { method }, authorizer },
});
const asAdmin = { lambda: { principal: 'ann', role: 'admin' } };

test('From an empty account to a finished run: migrate, push, token, trigger, execute on Lambda, finalize, read', async () => {
  const { aws } = deployed;

  // Migrations make the users that everything else logs in as.
  const users = [
    { role: 'headrace_app', secretArn: SECRETS.app },
    { role: 'headrace_worker', secretArn: SECRETS.worker },
  ];
  const migrated = { RequestType: 'Create', ResourceProperties: { users } };
  expect(await deployed.invoke('migrate', migrated)).toEqual({ PhysicalResourceId: 'schema' });
  // Again, as an update does.
  await deployed.invoke('migrate', { ...migrated, RequestType: 'Update', PhysicalResourceId: 'schema' });

  // Code is refused before it was uploaded, and in force after.
  expect(await register({ bundleHash: built.hash })).toMatchObject({
    ok: false,
    bundleHash: null,
    error: { message: expect.stringContaining('was not uploaded') },
  });
  await upload(built);
  expect(await register({ bundleHash: built.hash })).toEqual({
    ok: true,
    location: 'test',
    bundleHash: built.hash,
    previous: null,
  });

  // A token of our own lets its holder in, as a launcher of this location only.
  const { token } = await createApiToken(
    storage,
    {
      name: 'ci',
      role: 'launcher',
      locations: ['test'],
      expiresAt: Date.now() + 60_000,
      createdAt: Date.now(),
      createdBy: 'ann',
    },
    systemIds,
  );
  const authorized = await deployed.invoke<AuthorizerAnswer>('authorize', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(authorized).toEqual({
    isAuthorized: true,
    context: {
      principal: 'ci',
      role: 'launcher',
      grants: '{"everywhere":null,"locations":{"test":"launcher"}}',
      locations: '["test"]',
    },
  });
  const refused = { headers: { authorization: `Bearer ${token.slice(0, -1)}x` } };
  expect(await deployed.invoke('authorize', refused)).toEqual({ isAuthorized: false });

  // The run is accepted, claimed at once, and its execution started.
  const asCi = { lambda: authorized.context };
  const triggered = await deployed.invoke<GatewayResponse>(
    'trigger-run',
    gateway('POST', '/api/runs', asCi, { assets: ['raw/numbers+'], partition: '2025-01-02' }),
  );
  expect([triggered.statusCode, triggered.body]).toEqual([201, expect.stringContaining('runId')]);
  const { runId } = JSON.parse(triggered.body) as { runId: string };
  const [started] = aws.of('StartExecution');
  expect(started).toMatchObject({ name: `${runId}-1` });
  const input = JSON.parse(String(started?.['input'])) as ExecutionInput;
  expect(input).toMatchObject({ runId, attempt: 1, location: 'test', bundleHash: built.hash });

  // What the state machine does.
  const { attemptToken } = await deployed.invoke<IssuedToken>('issue-attempt-token', { runId, attempt: 1 });
  const worked = await deployed.invoke('run-on-lambda', {
    ...input,
    workerId: `${runId}-1-0`,
    attemptToken,
  });
  expect(worked).toEqual({ exitCode: 0 });
  await deployed.invoke('finalize-run', { runId, attempt: 1, cause: null });

  // It is seen by GraphQL, with events and logs.
  const answered = await deployed.invoke<GatewayResponse>(
    'graphql',
    gateway('POST', '/graphql', asAdmin, {
      query: `query($id: ID!) { runOrError(runId: $id) { ... on Run { status tags { key value } stepStats { stepKey status } } } }`,
      variables: { id: runId },
    }),
  );
  const { data } = JSON.parse(answered.body);
  expect(data.runOrError).toMatchObject({ status: 'SUCCESS' });
  expect(data.runOrError.stepStats).toEqual(
    expect.arrayContaining([{ stepKey: 'mart__total', status: 'SUCCESS' }]),
  );
  const logs = aws.s3.keys('logs').map((key) => aws.s3.object('logs', key)?.body.toString());
  // A secret of the location, as everywhere.
  expect(logs.join('')).toContain('the key is ***');
  expect(logs.join('')).not.toContain('from-the-secret');
  // So are the function's own credentials.
  expect(logs.join('')).toContain('the session is ***');
  expect(logs.join('')).not.toContain(SESSION_TOKEN);
  expect(aws.s3.keys('artifacts').some((key) => key.startsWith('artifacts/'))).toBe(true);

  // Scoped tokens see their own runs, and nothing else.
  const own = gateway('GET', `/api/runs/${runId}`, asCi);
  expect(await deployed.invoke('trigger-run', own)).toMatchObject({ statusCode: 200 });
  expect(await deployed.invoke('graphql', gateway('GET', '/api/runs', asCi))).toMatchObject({
    statusCode: 200,
  });
  for (const path of ['/api/tokens', '/api/audit'])
    expect(await deployed.invoke('graphql', gateway('GET', path, asCi))).toMatchObject({ statusCode: 403 });
});

test('A failure of user code is none of the invocation; a signed request needs no token', async () => {
  const signed = { iam: { userArn: 'arn:aws:sts::000000000000:assumed-role/loader/session' } };
  const body = { job: 'flaky_job', location: 'test' };
  const triggered = await deployed.invoke<GatewayResponse>(
    'trigger-run',
    gateway('POST', '/iam/api/runs', signed, body),
  );
  const { runId } = JSON.parse(triggered.body) as { runId: string };
  const { attemptToken } = await deployed.invoke<IssuedToken>('issue-attempt-token', { runId, attempt: 1 });

  // User code fails; the invocation does not.
  const event = { runId, attempt: 1, location: 'test', bundleHash: built.hash, maxRuntimeSeconds: 60 };
  const worked = deployed.invoke('run-on-lambda', { ...event, workerId: 'w', attemptToken });

  expect(await worked).toEqual({ exitCode: 0 });
  const run = await storage.getRun(runId);
  expect(run).toMatchObject({ status: 'FAILURE', cause: expect.stringContaining('check_rows') });
});

test('A run that outlasts its function is interrupted with the reason, and ends', async () => {
  const body = { job: 'totals', location: 'test', partition: '2025-01-03' };
  const triggered = await deployed.invoke<GatewayResponse>(
    'trigger-run',
    gateway('POST', '/api/runs', asAdmin, body),
  );
  const { runId } = JSON.parse(triggered.body) as { runId: string };
  const { attemptToken } = await deployed.invoke<IssuedToken>('issue-attempt-token', { runId, attempt: 1 });
  const event = { runId, attempt: 1, location: 'test', bundleHash: built.hash, maxRuntimeSeconds: 60 };

  // Less time than the margin: it is told to stop at once.
  const answer = await deployed.answerOf('run-on-lambda', { ...event, workerId: 'w', attemptToken }, 10);
  expect(answer).toMatchObject({ error: { errorMessage: expect.stringContaining('interrupted') } });
  const { error } = answer as { error: { errorType: string; errorMessage: string } };
  const cause = { Error: error.errorType, Cause: JSON.stringify(error) };
  await deployed.invoke('finalize-run', { runId, attempt: 1, cause });

  expect(await storage.getRun(runId)).toMatchObject({
    status: 'FAILURE',
    cause: expect.stringContaining('the worker was lost: interrupted: its function ends soon'),
  });
});

test('A version that does not load stays out of force and is shown; a rollback needs a version that was there', async () => {
  const hash = 'f'.repeat(32);
  const bucket = deployed.aws.s3.buckets.get('bundles');
  const manifest = { ...built.manifest, assets: built.manifest.assets.slice(1) };
  const copy = bucket?.get(bundleObject.archive(built.hash));
  if (copy !== undefined) bucket?.set(bundleObject.archive(hash), copy);
  const body = Buffer.from(JSON.stringify(manifest));
  bucket?.set(bundleObject.manifest(hash), { body, headers: {}, modifiedAt: 0 });

  expect(await register({ bundleHash: hash })).toMatchObject({
    ok: false,
    bundleHash: built.hash,
    error: { message: expect.stringMatching(/the code has \S+ among its assets, the manifest has not/) },
  });
  expect(await storage.getValue('code_location', 'test')).toMatchObject({
    bundleHash: built.hash,
    error: { name: 'CodeLocationRefusedError' },
  });
  expect(await register({ rollbackTo: hash })).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('is none of its versions') },
  });
  expect(await register({ rollbackTo: built.hash })).toMatchObject({ ok: true });
  expect(await register({ location: 'other', bundleHash: built.hash })).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('is in no deployment') },
  });
  expect(await storage.getValue('code_location', 'test')).toMatchObject({ error: null });
  expect(await storage.getValue('code_location', 'other')).toBeUndefined();
});

test('A wake-up evaluates what is due and measures; events of tasks and queues reach the engine', async () => {
  // What was put in force last is looked at, unless it has been already.
  expect(await deployed.invoke('evaluate-ticks', {})).toMatchObject({ errors: 0 });
  // Everything has ended: the index in S3 says so, and the database is not asked.
  const calls = { ...deployed.dataApi.calls };
  expect(await deployed.invoke('evaluate-ticks', {})).toEqual({ isEvaluated: false, errors: 0 });
  expect(deployed.dataApi.calls).toEqual(calls);
  deployed.aws.s3.buckets.get('artifacts')?.delete('alarms/alarm.json');
  expect(await deployed.invoke('evaluate-ticks', {})).toEqual({ isEvaluated: true, errors: 0 });
  const measured = deployed.logs('evaluate-ticks').filter((line) => '_aws' in line);
  expect(measured).toEqual(
    expect.arrayContaining([expect.objectContaining({ instance: 'prod', QueueAge: 0 })]),
  );
  const stopped = {
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    detail: { lastStatus: 'STOPPED' },
  };
  expect(await deployed.invoke('receive-events', stopped)).toBeNull();
  const record = (messageId: string, body: object) => ({
    eventSource: 'aws:sqs',
    messageId,
    body: JSON.stringify(body),
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:requests',
  });
  const Records = [
    record('good-1', { job: 'stamp_job', location: 'test' }),
    record('bad-1', { job: 'nothing' }),
  ];
  const expected = { batchItemFailures: [{ itemIdentifier: 'bad-1' }] };
  const before = (await storage.listRuns({ filter: {}, limit: 100 })).length;
  expect(await deployed.invoke('receive-events', { Records })).toEqual(expected);
  expect(await deployed.invoke('receive-events', { Records })).toEqual(expected);
  expect(await storage.listRuns({ filter: {}, limit: 100 })).toHaveLength(before + 1);
  const unknown = await deployed.answerOf('receive-events', { source: 'x', 'detail-type': 'y', detail: {} });
  expect(unknown).toMatchObject({ error: { errorMessage: expect.stringContaining('Nothing handles') } });

  expect(await deployed.invoke('dequeue', {})).toEqual({ claimed: 0 });
  expect(await deployed.invoke('deliver-outbox', {})).toBeNull();
  const hook = gateway('POST', '/api/webhooks/unknown', {}, {});
  expect(await deployed.invoke('receive-events', hook)).toMatchObject({ statusCode: 401 });
});

describe('the worker on Fargate', () => {
  let programs: string;
  beforeAll(async () => {
    programs = await buildPrograms({ worker: 'bin/worker.ts' });
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  /** A run whose execution has begun, and a task as ECS starts it. */
  async function startTask(job: string, more: Record<string, string> = {}) {
    const body = { job, location: 'test', ...(job === 'totals' ? { partition: '2025-01-04' } : {}) };
    const triggered = await deployed.invoke<GatewayResponse>(
      'trigger-run',
      gateway('POST', '/api/runs', asAdmin, body),
    );
    const { runId } = JSON.parse(triggered.body) as { runId: string };
    const { attemptToken } = await deployed.invoke<IssuedToken>('issue-attempt-token', { runId, attempt: 1 });
    const temporary = await mkdtemp(join(folder, 'task-'));
    const task = spawn(process.execPath, [join(programs, 'worker.mjs')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        TMPDIR: temporary,
        ...deployed.locationEnvironment,
        HEADRACE_RUN_ID: runId,
        HEADRACE_ATTEMPT: '1',
        HEADRACE_ATTEMPT_TOKEN: attemptToken,
        HEADRACE_BUNDLE_HASH: built.hash,
        HEADRACE_WORKER_ID: `${runId}-1-0`,
        HEADRACE_MAX_RUNTIME: '60',
        ...more,
      },
    });
    const said: string[] = [];
    for (const pipe of [task.stdout, task.stderr]) pipe.on('data', (text) => said.push(String(text)));
    const ended = new Promise<number | null>((resolve) => task.once('exit', resolve));
    return { runId, task, ended, said: () => said.join('') };
  }

  test('fetches its code, executes the run over the Data API and keeps its logs in S3', async () => {
    const { runId, ended, said } = await startTask('totals');

    expect([await ended, said()]).toEqual([0, '']);
    expect(await storage.getRun(runId)).toMatchObject({ status: 'SUCCESS' });
    const logs = deployed.aws.s3.keys('logs').filter((key) => key.includes(runId));
    expect(logs.length).toBeGreaterThan(0);
  });

  test('told to stop (Spot), flushes what happened and ends as interrupted, so that another attempt goes on', async () => {
    const { runId, task, ended, said } = await startTask('waiting_job');
    const isWaiting = async (): Promise<boolean> =>
      (await storage.runEvents({ runId, limit: 100 })).some(({ type }) => type === 'STEP_START');
    await until('its step waits', isWaiting);

    task.kill('SIGTERM');

    expect(await ended).toBe(143);
    expect(said()).toContain('interrupted: the worker was told to stop (SIGTERM)');
    const events = await storage.runEvents({ runId, limit: 100 });
    expect(events.map(({ message }) => message).join()).toContain('told to stop (SIGTERM)');
    expect(await storage.getRun(runId)).toMatchObject({ status: 'STARTED' });
  });

  test('says why when its code is gone', async () => {
    const { ended, said } = await startTask('stamp_job', { HEADRACE_BUNDLE_HASH: '0'.repeat(32) });

    expect(await ended).not.toBe(0);
    expect(said()).toContain(`The code of version ${'0'.repeat(32)} is gone`);
  });
});
