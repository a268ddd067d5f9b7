import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import type { GatewayResponse } from '../../lib/api/gateway/gateway-event';
import { createArchive } from '../../lib/build/archive';
import { buildCodeLocation } from '../../lib/build/build-code-location';
import { bundleObject } from '../../lib/model/pushed-code-location';
import type { Storage } from '../../lib/ports/storage';
import { ROOT } from '../support/build-programs';
import { type DeployedFunctions, deployFunctions, SECRETS, USERS } from './deployed-functions';

let deployed: DeployedFunctions;
let storage: Storage;
let folder: string;
/** Wake-ups that were asked for, still to be answered. */
const wakeUps: unknown[] = [];

beforeAll(async () => {
  [deployed, folder] = await Promise.all([deployFunctions(), mkdtemp(join(tmpdir(), 'headrace-push-'))]);
  storage = createPostgresStorage({ url: deployed.database.url, maxConnections: 2 });
  const users = [
    { role: 'headrace_app', secretArn: SECRETS.app },
    { role: 'headrace_worker', secretArn: SECRETS.worker },
  ];
  await deployed.invoke('migrate', { RequestType: 'Create', ResourceProperties: { users } });
  const built = await buildCodeLocation({
    root: ROOT,
    location: 'test',
    entry: 'test/lambdas/push-location.ts',
    outDirectory: folder,
  });
  const bucket = deployed.aws.s3.buckets.get('bundles');
  const put = (key: string, body: Buffer) => bucket?.set(key, { body, headers: {}, modifiedAt: Date.now() });
  put(bundleObject.archive(built.hash), await createArchive(built.directory));
  put(bundleObject.manifest(built.hash), await readFile(join(built.directory, 'manifest.json')));
  await deployed.invoke('register-code-location', { location: 'test', by: 'ann', bundleHash: built.hash });
  deployed.aws.functions['arn:aws:lambda:eu-central-1:000000000000:function:prod-evaluate-ticks'] = async (
    event,
  ) => {
    wakeUps.push(event);
    return { value: null };
  };
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

/** Lambda calls what was invoked and waits for nothing. */
async function wake(): Promise<void> {
  expect(wakeUps.length).toBeGreaterThan(0);
  for (const event of wakeUps.splice(0)) {
    expect(await deployed.invoke('evaluate-ticks', event)).toEqual({ isEvaluated: true, errors: 0 });
  }
}
const runs = async () =>
  (await storage.listRuns({ filter: {}, limit: 20 })).map(({ tags }) => [tags.by, tags.body]).reverse();

function hook(id: string, body: string, key = 'from-the-secret') {
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return deployed.invoke<GatewayResponse>('receive-events', {
    rawPath: '/api/webhooks/test/hooks',
    rawQueryString: '',
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: { domainName: 'api.example.com', http: { method: 'POST' } },
  });
}
const message = (messageId: string, body: unknown, sensor?: string) => ({
  eventSource: 'aws:sqs',
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:prod-events',
  messageAttributes: sensor === undefined ? {} : { sensor: { stringValue: sensor, dataType: 'String' } },
});
const object = (key: string, sequencer: string) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'landing' }, object: { key, size: 3, etag: 'e', sequencer } },
});

test('a signed webhook is checked by the location, stored, and evaluated at once', async () => {
  expect((await hook('e1', '{"n":1}')).statusCode).toBe(202);
  expect(JSON.parse((await hook('e1', '{"n":1}')).body)).toEqual({ eventId: 'e1', created: false });
  expect((await hook('e2', '{"n":2}', 'guessed')).statusCode).toBe(401);

  await wake();

  expect(await runs()).toEqual([['hooks', '{"n":1}']]);
});

test('messages and objects go to their sensors; what cannot be taken comes again', async () => {
  const Records = [
    message('m1', { n: 1 }, 'test/messages'),
    message('m2', 'plain text', 'test/messages'),
    message('m3', {}, 'test/unknown'),
    message('m4', {}, 'nonsense'),
    message('m5', object('in/a.csv', '1')),
    message('m6', object('out/a.csv', '2')),
  ];
  const failed = { batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm4' }] };
  expect(await deployed.invoke('receive-events', { Records })).toEqual(failed);
  expect(await deployed.invoke('receive-events', { Records })).toEqual(failed);

  await wake();

  const made = (await runs()).slice(1).map(([by, body]) => [by, JSON.parse(body ?? '') as unknown]);
  expect(made).toHaveLength(3);
  expect(made).toEqual(
    expect.arrayContaining([
      ['messages', { n: 1 }],
      ['messages', 'plain text'],
      ['landed', { bucket: 'landing', key: 'in/a.csv', size: 3, etag: 'e' }],
    ]),
  );
});
