import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { buildFunctions } from '../../bin/build-functions.mjs';
import { createLambdaCodeLocationClient } from '../../lib/adapters/aws/lambda-code-location-client';
import { createArchive } from '../../lib/build/archive';
import { bundleObject } from '../../lib/model/pushed-code-location';
import { codeLocationClientContract } from '../contracts/code-location-client-contract';
import { type FakeAws, startFakeAws } from '../support/aws/services/fake-aws';
import { FunctionProcess } from '../support/aws/services/function-process';
import { ROOT } from '../support/build-programs';
import { until } from '../support/until';

let aws: FakeAws;
let client: LambdaClient;
let folder: string;
let deployed: FunctionProcess;

async function upload(hash: string, code: string): Promise<void> {
  const directory = join(folder, hash);
  await mkdir(directory);
  await writeFile(join(directory, 'bundle.mjs'), code);
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  const body = await createArchive(directory);
  aws.s3.buckets.get('bundles')?.set(bundleObject.archive(hash), { body, headers: {}, modifiedAt: 0 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-code-location-'));
  await mkdir(join(folder, 'dashboard'));
  aws = await startFakeAws();
  client = new LambdaClient(aws.clientConfig);
  for (const bucket of ['bundles', 'logs', 'artifacts']) aws.s3.buckets.set(bucket, new Map());
  await buildFunctions({ root: ROOT, outDirectory: folder });
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'test/execution/support/bundle.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    packages: 'external',
  });
  await upload('one', outputFiles[0]?.text ?? '');
  await upload('hangs', 'await new Promise(() => setInterval(() => {}, 1_000));');
  await upload('asks-where', 'throw new Error("running in " + process.cwd());');
  await upload('tells', 'console.log("as " + process.env.AWS_SESSION_TOKEN); export {};');
  await upload('throws', 'throw new SyntaxError("no good");');
  deployed = new FunctionProcess(join(folder, 'lambdas', 'code-location', 'handler.mjs'), {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'session-4711-of-the-role',
    AWS_ENDPOINT_URL: aws.url,
    TMPDIR: await mkdtemp(join(folder, 'tmp-')),
    HEADRACE_LOCATION: 'test',
    HEADRACE_BUNDLES_BUCKET: 'bundles',
    HEADRACE_LOGS_BUCKET: 'logs',
    HEADRACE_ARTIFACTS_BUCKET: 'artifacts',
  });
  aws.functions['prod-code-test'] = (event) => deployed.invoke(event);
});
afterAll(async () => {
  client.destroy();
  await deployed.close();
  await aws.close();
  await rm(folder, { recursive: true, force: true });
});

const subject = (bundleHash = 'one') => ({
  client: createLambdaCodeLocationClient({ client, functions: { test: 'prod-code-test' } }),
  location: 'test',
  bundleHash,
});

describe('code location client contract, by the function', () => {
  codeLocationClientContract(subject);
});

const names = (bundleHash: string, timeoutSeconds: number) =>
  subject(bundleHash).client.call<'definition-names'>(
    'test',
    bundleHash,
    { kind: 'definition-names' },
    { timeoutSeconds },
  );

test('Code that does not load says why; code that takes too long to load, or is gone, may be asked again', async () => {
  await expect(names('throws', 30)).rejects.toMatchObject({
    name: 'UserCodeError',
    message: expect.stringContaining('no good'),
  });
  await expect(names('hangs', 0.5)).rejects.toMatchObject({
    fault: 'transient',
    message: expect.stringContaining(
      "did not answer 'definition-names' within 0.5 s, fetching and loading its code included",
    ),
  });
  await expect(names('gone', 30)).rejects.toThrow('The code of version gone is gone');
  expect((await names('one', 30)).ops).toContain('hello');
});

test('Code runs in the folder of its bundle, where the files that were pushed with it are', async () => {
  await expect(names('asks-where', 30)).rejects.toThrow(/running in \S+\/bundles\/asks-where/);
});

test('What user code prints is in the log, with its invocation', () => {
  const line = deployed.output.find((each) => each.includes('loading the bundle')) ?? '{}';

  expect(JSON.parse(line)).toMatchObject({
    level: 'INFO',
    requestId: expect.stringMatching(/^request-\d+$/),
  });
});

test("What user code prints of the function's credentials is masked in the log", async () => {
  await expect(names('tells', 30)).rejects.toThrow();

  await until('the line is logged', () => deployed.output.some((line) => line.includes('as ********')));
  expect(deployed.output.join('')).not.toContain('session-4711');
});

test('A secret that a sensor is given is masked in the log, also where it is printed in two pieces', async () => {
  const file = join(folder, 'second-piece');
  const said = () => deployed.output.filter((line) => line.includes('User code says')).join('');
  const evaluation = { lastTickStartedAt: null, lastRunKey: null, runStatusChanges: [], assetUpdates: [] };

  const telling = subject().client.call<'evaluate-sensor'>(
    'test',
    'one',
    { kind: 'evaluate-sensor', sensor: 'tell', cursor: file, ...evaluation },
    { timeoutSeconds: 120 },
  );
  await until('the first piece is logged', () => said().includes('in pieces'));
  await writeFile(file, '');
  await telling;
  await until('the second piece is logged', () => said().includes('done'));

  expect(said()).toContain('"text":"******** done"');
  expect(said()).not.toMatch(/s3cr|value/);
});
