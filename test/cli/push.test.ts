import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { PushedCodeLocations } from '../../lib/adapters/aws/pushed-code-locations';
import { createS3ObjectStore } from '../../lib/adapters/aws/s3-object-store';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { systemIds } from '../../lib/adapters/system/system-ids';
import { checkApiToken } from '../../lib/api/authorizer/api-token';
import { createApi } from '../../lib/api/create-api';
import { type HttpServer, startHttpServer } from '../../lib/cli/local-server/http-server';
import type { CreatedApiToken } from '../../lib/client';
import { registerCodeLocation } from '../../lib/engine/register-code-location';
import { definitionNames } from '../../lib/model/definition-names';
import type { Manifest } from '../../lib/model/manifest';
import type { RegisterCodeLocationInput } from '../../lib/model/pushed-code-location';
import { bundleObject } from '../../lib/model/pushed-code-location';
import { SIGNED_ROUTES, type SignedRole } from '../../lib/model/signed-routes';
import type { Instance } from '../../lib/ports/instance';
import type { Storage } from '../../lib/ports/storage';
import { defaultInstanceSettings } from '../../lib/settings/instance-settings';
import { aManifest, type ManifestSketch } from '../engine/support/build-manifest';
import { RecordingRunCoordinator, RecordingRunLauncher, RecordingScheduler } from '../support/api-doubles';
import { type FakeAccount, startFakeAccount } from '../support/aws/account/fake-account';
import { ServiceFault } from '../support/aws/services/fake-aws';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type CliResult, runCli } from './support/run-cli';
import { createTestProject, type TestProject } from './support/test-project';

const BUCKET = 'bundles-bucket';
const FUNCTION = 'headrace-register-code-location';
/** Header of this test's gateway: by which kind of route a request came. */
const ROUTE = 'x-test-route';
const KEPT = [
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'XDG_CONFIG_HOME',
  'PROD_TOKEN',
];

let account: FakeAccount;
let database: TestDatabase;
let storage: Storage;
let server: HttpServer;
let project: TestProject;
let home: string;
let added: CliResult;
const kept = Object.fromEntries(KEPT.map((name) => [name, process.env[name]]));

beforeAll(async () => {
  account = await startFakeAccount();
  account.s3.buckets.set(BUCKET, new Map());
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  const instance = deployedInstance();
  const settings = defaultInstanceSettings();
  const api = createApi({
    instance,
    options: { version: '1.2.3', engine: settings },
    authorize(request) {
      const authorization = request.headers.get('authorization') ?? '';
      if (authorization === 'Bearer prod-secret') return { user: 'ann', role: 'admin' };
      if (authorization.startsWith('AWS4-HMAC-SHA256 Credential=test/')) {
        const role = (Object.keys(SIGNED_ROUTES) as SignedRole[]).find(
          (each) => SIGNED_ROUTES[each] === request.headers.get(ROUTE),
        );
        if (role !== undefined) return { user: 'arn:aws:iam::1:user/ann', role };
      }
      const detail = '{"type":"about:blank","title":"t","status":401,"detail":"Who are you?"}';
      return new Response(detail, { status: 401 });
    },
    onError: () => {},
  });
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    // As API Gateway: some routes take signed requests, and IAM lets no stranger through.
    async handler(request) {
      const [, prefix = ''] = /^https?:\/\/[^/]+(\/iam(?:-admin)?)\//.exec(request.url) ?? [];
      if (request.headers.get('authorization')?.includes('Credential=stranger/')) {
        return Response.json({ message: 'Forbidden' }, { status: 403 });
      }
      const passed = new Request(request.url.replace(`${prefix}/`, '/'), request);
      passed.headers.set(ROUTE, prefix);
      return api.handle(passed);
    },
    onError: () => {},
  });
  account.functions[FUNCTION] = async (event) => ({
    value: await registerCodeLocation(instance, settings, event as unknown as RegisterCodeLocationInput),
  });
  account.stacks.headrace = {
    Url: 'https://dashboard.example.com',
    ApiUrl: server.url,
    BundlesBucket: BUCKET,
    RegisterFunction: FUNCTION,
    DeadLettersQueue: `${account.url}/1/dead`,
  };
  home = mkdtempSync(join(tmpdir(), 'headrace-config-'));
  project = createTestProject(['shop', 'lab']);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: account.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    XDG_CONFIG_HOME: home,
    PROD_TOKEN: 'prod-secret',
  });
  added = await runCli(
    ...[
      '-C',
      project.root,
      'profile',
      'add',
      'prod',
      '--region',
      'eu-central-1',
      '--token-env',
      'PROD_TOKEN',
    ],
  );
});

afterAll(async () => {
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  project.remove();
  rmSync(home, { recursive: true });
  await server.close();
  await storage.close();
  await database.drop();
  await account.close();
});

/** As a deployment has it, over the account's bucket. */
function deployedInstance(): Instance {
  const client = new S3Client(account.clientConfig);
  const objectStore = createS3ObjectStore({ client, buckets: {}, defaultBucket: BUCKET });
  return {
    storage,
    objectStore,
    codeLocations: new PushedCodeLocations({ storage, objectStore, names: ['shop', 'lab'] }),
    codeLocationClient: {
      // As the location's function does: it loads the bundle and names what is in it.
      call: async (_location, bundleHash) => {
        const body = await objectStore.get(bundleObject.manifest(bundleHash));
        const manifest = JSON.parse(new TextDecoder().decode(body)) as Manifest;
        return definitionNames(manifest) as never;
      },
    },
    runCoordinator: new RecordingRunCoordinator(),
    runLauncher: new RecordingRunLauncher(),
    scheduler: new RecordingScheduler(),
    secretStore: { get: async () => undefined },
    alertPublisher: { publish: async () => {} },
    clock: systemClock,
    ids: systemIds,
  };
}

const cli = (...args: string[]) => runCli('-C', project.root, '--profile', 'prod', ...args);
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const define = (location: string, sketch: ManifestSketch) =>
  project.define(location, aManifest({ ...sketch, location }));
const pushedVersions = async (location: string) => {
  const { out } = await cli('--json', 'versions', location);
  return (JSON.parse(out) as { bundleHash: string; versions: { bundleHash: string }[] }) ?? {};
};

test('a profile is read from the stack, and names what is missing', async () => {
  // Act
  const unknown = await runCli(
    '-C',
    project.root,
    'profile',
    'add',
    'prod',
    '--region',
    'eu-central-1',
    '--stack',
    'nope',
  );

  // Assess
  expect(unknown).toMatchObject({
    code: 3,
    err: expect.stringContaining('Stack with id nope does not exist'),
  });
  expect(unknown.err).toContain('Check name, region and account');
  expect(unknown.err).not.toContain('    at ');
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(home, 'headrace', 'profiles.yaml'), 'utf8')).toContain(
    `bundles_bucket: ${BUCKET}`,
  );
  const wrong = await runCli('-C', project.root, '--profile', 'prd', 'runs');
  expect(wrong).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no profile "prd".*Did you mean.*prod/s),
  });
});

test('a token that a profile names and that is not set is an error with the variable’s name', async () => {
  process.env.PROD_TOKEN = '';
  const refused = await cli('runs');
  process.env.PROD_TOKEN = 'prod-secret';
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('takes its token from PROD_TOKEN') });
});

test('a token in a profiles file is refused, with file and line', async () => {
  const file = join(project.root, 'headrace.profiles.yaml');
  writeFileSync(file, 'profiles:\n  ci:\n    url: https://x.example.com\n    token: abc\n');
  const refused = await cli('runs');
  rmSync(file);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/headrace\.profiles\.yaml:4: profiles\.ci\.token: is not a setting/);
});

test('push shows what changes, uploads it once and brings it into force; rollback goes back', async () => {
  // Prepare
  define('shop', { assets: { a: {} } });

  // Act: the first version, then another, then back
  const unasked = await cli('push', 'shop');
  const first = await cli('push', 'shop', '--yes');
  const again = await cli('push', 'shop', '--yes');
  define('shop', { assets: { a: {}, b: {} }, schedules: [{ name: 's', cron: ['30 2 * * *'] }] });
  const planned = await cli('plan', 'shop', '--exit-code');
  const second = await cli('push', 'shop', '--yes');
  const before = await pushedVersions('shop');
  const back = await cli('rollback', 'shop', '--yes');
  const after = await pushedVersions('shop');

  // Assess
  expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
  expect(first).toMatchObject({
    code: 0,
    out: expect.stringMatching(/nothing → .*1 added.*\+ asset a.*is in force/s),
  });
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Everything is in force already.') });
  expect(planned).toMatchObject({
    code: 2,
    out: expect.stringMatching(/2 added.*\+ asset b.*\+ schedule s/s),
  });
  expect(second.code).toBe(0);
  expect(before.versions).toHaveLength(2);
  expect(back).toMatchObject({ code: 0, out: expect.stringMatching(/- asset b.*is in force again/s) });
  expect(after.bundleHash).toBe(before.versions[1]?.bundleHash);
  expect(account.s3.keys(BUCKET)).toEqual(
    before.versions
      .flatMap(({ bundleHash }) => [bundleObject.archive(bundleHash), bundleObject.manifest(bundleHash)])
      .sort(),
  );
  expect((await cli('plan', 'shop')).out).toContain('+ asset b');
});

test('a profile with AWS’s sign-in signs its requests and needs no token', async () => {
  const { PROD_TOKEN } = process.env;
  delete process.env.PROD_TOKEN;
  const region = ['--region', 'eu-central-1'];
  await runCli('-C', project.root, 'profile', 'add', 'signed', ...region, '--iam');
  const listed = await runCli('-C', project.root, '--profile', 'signed', 'versions', 'shop');
  process.env.PROD_TOKEN = PROD_TOKEN;
  expect(listed).toMatchObject({ code: 0, err: '', out: expect.stringContaining('in force') });
});

test('the first token of a deployment is made by whoever IAM lets be admin, and says who that was', async () => {
  // Prepare: no token at all, only the sign-in of AWS.
  const { PROD_TOKEN } = process.env;
  delete process.env.PROD_TOKEN;
  const signed = (...args: string[]) => runCli('-C', project.root, '--profile', 'signed', ...args);

  // Act
  const created = await signed('--json', 'token', 'create', 'ci', '--location', 'shop');
  const paused = await signed('pause', '--all');
  const resumed = await signed('resume', '--all');
  process.env.AWS_ACCESS_KEY_ID = 'stranger';
  const refused = await signed('token', 'list');
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.PROD_TOKEN = PROD_TOKEN;

  // Assess
  const token = JSON.parse(created.out) as CreatedApiToken;
  expect(token).toMatchObject({
    role: 'launcher',
    locations: ['shop'],
    createdBy: 'arn:aws:iam::1:user/ann',
  });
  expect(await checkApiToken(storage, token.token, Date.now())).toMatchObject({ name: 'ci' });
  const [made] = (await storage.listAudit({ limit: 10 })).filter(
    ({ action }) => action === 'POST /api/tokens',
  );
  expect(made).toMatchObject({
    user: 'arn:aws:iam::1:user/ann',
    role: 'admin',
    outcome: 'DONE',
    after: token.id,
  });
  expect(JSON.stringify(made)).not.toContain(token.token.slice(-64));
  expect([paused.code, resumed.code]).toEqual([0, 0]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('execute-api:Invoke') });
});

test('nothing is uploaded when one of the locations has type errors or a newer interface', async () => {
  const uploaded = account.s3.keys(BUCKET);
  define('shop', { assets: { other: {} } });
  project.define('lab', aManifest({ location: 'lab' }), 'export const wrong: number = "text";');
  const untyped = await cli('push', '--all', '--yes');
  project.define('lab', { ...aManifest({ location: 'lab' }), apiVersion: 2 });
  const newer = await cli('push', '--all', '--yes');

  expect(untyped).toMatchObject({ code: 1, err: expect.stringMatching(/lab\/index\.ts:2: Type 'string'/) });
  expect(newer).toMatchObject({ code: 1, err: expect.stringMatching(/version 2 of the interface.*knows 1/) });
  expect(account.s3.keys(BUCKET)).toEqual(uploaded);
});

test('what the deployment refuses, and what AWS refuses, are words', async () => {
  // Prepare
  define('lab', { assets: { c: {} } });
  const register = account.functions[FUNCTION];

  // Act
  account.functions[FUNCTION] = async () => ({ error: { errorType: 'Error', errorMessage: 'out of luck' } });
  const crashed = await cli('push', 'lab', '--yes');
  delete account.functions[FUNCTION];
  const gone = await cli('push', 'lab', '--yes');
  if (register !== undefined) account.functions[FUNCTION] = register;
  const version = await cli('rollback', 'shop', 'ffff', '--yes');

  // Assess
  expect(crashed).toMatchObject({
    code: 3,
    err: expect.stringContaining('ended before it answered: Error: out of luck'),
  });
  expect(gone).toMatchObject({ code: 3, err: expect.stringMatching(/Lambda Invoke of .*ResourceNotFound/) });
  for (const { err } of [crashed, gone]) expect(err).not.toContain('    at ');
  expect(version).toMatchObject({ code: 2, err: expect.stringContaining('no version "ffff"') });
});

test('doctor --aws looks at bootstrap, quotas and permissions', async () => {
  // Prepare
  account.operations.ListRules = () => ({
    Rules: Array.from({ length: 250 }, (_, i) => ({ Name: `r${i}` })),
  });
  account.operations.GetQueueAttributes = () => ({ Attributes: { ApproximateNumberOfMessages: '3' } });
  account.operations.GetServiceQuota = ({ ServiceCode, QuotaCode }) => ({
    Quota: { ServiceCode, QuotaCode, Value: 6 },
  });
  account.concurrency = 10;

  // Act
  const { code, out } = await cli('--json', 'doctor', '--aws');
  account.operations.GetServiceQuota = () => {
    throw new ServiceFault(
      'AccessDeniedException',
      'not authorized to perform servicequotas:GetServiceQuota',
    );
  };
  process.env.AWS_ACCESS_KEY_ID = 'stranger';
  const stranger = await runCli('-C', project.root, '--json', '--profile', 'signed', 'doctor', '--aws');
  process.env.AWS_ACCESS_KEY_ID = 'test';
  account.stacks.CDKToolkit = { BootstrapVersion: '30' };
  const bootstrapped = JSON.parse((await cli('--json', 'doctor', '--aws')).out) as Finding[];
  account.refusedRoles.add(
    'arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-eu-central-1',
  );
  const roleless = JSON.parse((await cli('--json', 'doctor', '--aws')).out) as Finding[];

  // Assess
  interface Finding {
    check: string;
    result: string;
    remedy?: string;
  }
  const found = new Map((JSON.parse(out) as Finding[]).map((finding) => [finding.check, finding]));
  expect(code).toBe(1);
  expect(found.get('CDK bootstrap')).toMatchObject({
    result: 'problem',
    remedy: expect.stringContaining('cdk bootstrap'),
  });
  expect(found.get('Lambda concurrency')?.result).toBe('warning');
  expect(found.get('EventBridge rules')?.result).toBe('warning');
  expect(found.get('Fargate vCPU')).toMatchObject({
    result: 'warning',
    found: expect.stringContaining('only 6'),
    remedy: expect.stringContaining('request-service-quota-increase'),
  });
  expect(account.of('GetServiceQuota')[0]).toEqual({ ServiceCode: 'fargate', QuotaCode: 'L-3032A538' });
  expect(found.get('May call the API')?.result).toBe('ok');
  expect(found.get('May call the API as admin: tokens, pause')?.result).toBe('ok');
  const refused = new Map((JSON.parse(stranger.out) as Finding[]).map((finding) => [finding.check, finding]));
  expect(refused.get('May call the API')).toMatchObject({
    result: 'problem',
    remedy: expect.stringContaining('execute-api:Invoke'),
  });
  expect(refused.get('May call the API as admin: tokens, pause')?.result).toBe('warning');
  expect(refused.get('Fargate vCPU')).toMatchObject({
    result: 'warning',
    found: expect.stringContaining('AccessDeniedException'),
  });
  expect(found.get('May push code')?.result).toBe('ok');
  expect(found.get('May bring code into force')?.result).toBe('ok');
  expect(found.get('Dead letters')).toMatchObject({ result: 'warning', found: '3 events failed for good' });
  expect(found.has('CDK roles')).toBe(false);
  expect(bootstrapped.find(({ check }) => check === 'CDK bootstrap')?.result).toBe('ok');
  expect(bootstrapped.find(({ check }) => check === 'CDK roles')?.result).toBe('ok');
  expect(roleless.find(({ check }) => check === 'CDK roles')).toMatchObject({
    result: 'problem',
    found: expect.stringMatching(
      /^you may not act as deploy: STS AssumeRole of .*AccessDenied.*not authorized/,
    ),
    remedy: expect.stringContaining(
      'sts:AssumeRole on arn:aws:iam::123456789012:role/cdk-hnb659fds-*-role-123456789012-eu-central-1',
    ),
  });
});

test('dlq list shows letters and leaves them; replay sends them to their function and removes them', async () => {
  // Prepare: one of EventBridge, one of Lambda, one that somebody put there, and an alert that its topic refused.
  const letters = [
    {
      MessageId: 'aaaaaaaa-1',
      ReceiptHandle: 'r1',
      Body: '{"tick":1}',
      Attributes: { SentTimestamp: '1767225600000' },
      MessageAttributes: {
        TARGET_ARN: { DataType: 'String', StringValue: 'arn:aws:lambda:eu-central-1:1:function:evaluate' },
        ERROR_CODE: { DataType: 'String', StringValue: 'THROTTLING' },
      },
    },
    {
      MessageId: 'bbbbbbbb-2',
      ReceiptHandle: 'r2',
      Body: JSON.stringify({
        version: '1.0',
        timestamp: '2026-01-01T00:00:00.000Z',
        requestContext: {
          requestId: '9d0c8d51',
          functionArn: 'arn:aws:lambda:eu-central-1:1:function:receive:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { taskArn: 'task/1' },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'StorageError', errorMessage: 'boom', trace: [] },
      }),
      Attributes: { SentTimestamp: '1767225600000' },
    },
    {
      MessageId: 'cccccccc-3',
      ReceiptHandle: 'r3',
      Body: 'by hand',
      Attributes: { SentTimestamp: '1767225600000' },
    },
    {
      MessageId: 'dddddddd-4',
      ReceiptHandle: 'r4',
      Body: '{"detail-type":"Headrace Alert"}',
      Attributes: { SentTimestamp: '1767225600000' },
      MessageAttributes: {
        TARGET_ARN: { DataType: 'String', StringValue: 'arn:aws:sns:eu-central-1:1:alerts' },
        ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      },
    },
  ];
  let hidden = false;
  account.operations.ReceiveMessage = () => {
    const answer = {
      Messages: hidden ? [] : letters.map((letter) => ({ ...letter, MD5OfBody: md5(letter.Body) })),
    };
    hidden = true;
    return answer;
  };
  for (const name of ['evaluate', 'receive']) {
    account.functions[`arn:aws:lambda:eu-central-1:1:function:${name}`] = async () => ({ value: null });
  }

  // Act
  const listed = await cli('dlq', 'list');
  hidden = false;
  const replayed = await cli('dlq', 'replay', '--yes');

  // Assess
  expect(listed).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(
      /evaluate +THROTTLING +\{"tick":1\}[\s\S]*receive +RetriesExhausted: StorageError: boom +\{"taskArn":"task\/1"\}[\s\S]*by hand/,
    ),
  });
  expect(account.of('ChangeMessageVisibility').map(({ ReceiptHandle }) => ReceiptHandle)).toEqual([
    'r1',
    'r2',
    'r3',
    'r4',
    'r3',
    'r4',
  ]);
  expect(replayed).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /1 of them were for a topic[\s\S]*1 of them do not say[\s\S]*--function <name>/,
    ),
  });
  expect(account.invocations.filter(({ type }) => type === 'Event')).toEqual([
    { name: 'arn:aws:lambda:eu-central-1:1:function:evaluate', type: 'Event', body: '{"tick":1}' },
    { name: 'arn:aws:lambda:eu-central-1:1:function:receive', type: 'Event', body: '{"taskArn":"task/1"}' },
  ]);
  expect(account.of('DeleteMessage').map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['r1', 'r2']);
});
