import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createClient, type HeadraceClient } from '../../lib/client';
import { readSignInLink } from '../support/signed-in';
import { until } from '../support/until';
import { buildProduct, type Product, type Running } from './support/product';

jest.setTimeout(120_000);

const SECRET = 'known to the sender and to .env';
let product: Product;
let running: Running;
let project: string;
let broken: string;
let url: string;
let client: HeadraceClient;

const start = (args: readonly string[]): Running =>
  product.start(['-C', project, ...args], { environment: { ORDERS_SECRET: SECRET, BROKEN: broken } });

beforeAll(async () => {
  product = await buildProduct();
  project = join(product.home, 'project');
  broken = join(product.home, 'broken');
  await mkdir(project);
  await cp(join(process.cwd(), 'test', 'fixtures', 'e2e-project', 'hooks'), join(project, 'hooks'), {
    recursive: true,
  });
  await writeFile(join(project, 'workspace.yaml'), 'code_locations: [{name: hooks, entry: hooks/index.ts}]');
  running = start(['dev', '--port', '0']);
  const [, link = ''] = await running.until(/Headrace is up at (\S+)/);
  const { token, ...server } = readSignInLink(link);
  url = server.url;
  client = createClient({ url, token, pollMs: 50 });
});

afterAll(async () => {
  running.child.kill('SIGINT');
  await running.ended;
  await product.dispose();
});

const deliver = async (id: string, body: object, secret = SECRET): Promise<number> => {
  const text = JSON.stringify(body);
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${time}.${text}`).digest('base64');
  const { status } = await fetch(`${url}/api/webhooks/hooks/orders`, {
    method: 'POST',
    body: text,
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
  });
  return status;
};
const runsWith = (tag: string) => client.listRuns({ tag: [tag] });
const succeeded = (tag: string) =>
  until(`a run with ${tag} succeeds`, async () => (await runsWith(tag))[0]?.status === 'SUCCESS', 60);
const cli = async (...args: string[]) => {
  const { code, stdout, stderr } = await start(args).ended;
  return { code, text: stdout + stderr };
};

test('signed webhooks become runs, each once and in order; others are refused', async () => {
  expect(await Promise.all([deliver('e1', { order: 'a' }), deliver('e1', { order: 'a' })])).toEqual([
    202, 202,
  ]);
  await succeeded('order=a');
  expect(await deliver('e2', { order: 'b' })).toBe(202);
  expect(await deliver('e3', { order: 'c' }, 'guessed')).toBe(401);
  await succeeded('order=b');
  expect(await deliver('e1', { order: 'a' })).toBe(202);

  const runs = await client.listRuns();
  expect(runs.map(({ tags }) => [tags['dagster/run_key'], tags.before])).toEqual([
    ['e2', 'a'],
    ['e1', ''],
  ]);
  const misfit = await deliver('e4', { other: 1 });
  expect(misfit).toBe(202);
  const events = { location: 'hooks', name: 'orders' };
  await until(
    'the event that does not fit is kept',
    async () => (await client.sensorEvents(events, { status: ['FAILED'] })).length === 1,
    30,
  );
});

test('a message that fails is tried again, kept, and replayed by hand', async () => {
  await writeFile(broken, '');
  const sent = await cli('sensor', 'send', 'messages', '--body', '{"n": 1}', '--id', 'm1');
  expect(sent).toMatchObject({ code: 0, text: expect.stringContaining('Event m1 is stored') });
  const messages = { location: 'hooks', name: 'messages' };
  await until(
    'it is given up',
    async () => (await client.sensorEvents(messages))[0]?.status === 'FAILED',
    30,
  );
  expect(await client.sensorEvents(messages)).toMatchObject([{ eventId: 'm1', attempts: 2 }]);
  expect(await runsWith('via=queue')).toEqual([]);
  await rm(broken);

  expect((await cli('sensor', 'replay', 'messages')).text).toContain('1 event is evaluated again');
  await succeeded('via=queue');
  expect((await cli('sensor', 'events', 'messages')).text).toMatch(/m1\s+DONE/);
});

test('a file in a local bucket becomes a run', async () => {
  const bucket = join(product.home, 'buckets', 'landing', 'in');
  await mkdir(bucket, { recursive: true });
  await writeFile(join(bucket, 'b.txt'), 'not followed');
  await writeFile(join(bucket, 'a.csv'), '1,2\n');
  await succeeded('file=in/a.csv');
  expect(await client.listRuns({ tag: ['file=in/b.txt'] })).toEqual([]);
});

test('the documented request is taken as it stands', async () => {
  const page = await readFile(join(process.cwd(), 'docs', 'api.md'), 'utf8');
  const script = /^```bash\n(body=.*?)^```$/ms.exec(page)?.[1] ?? '';
  expect(script).toContain('/api/webhooks/orchestration/ordered');
  const { stdout } = spawnSync('bash', ['-c', script.replace('orchestration/ordered', 'hooks/orders')], {
    encoding: 'utf8',
    env: { ...process.env, API: url, ORDERS_WEBHOOK_SECRET: SECRET },
  });
  expect(JSON.parse(stdout)).toEqual({ eventId: 'order-o-1', created: true });
  await succeeded('order=o-1');
});

test('a sensor that is off refuses, and says so', async () => {
  expect(await cli('sensor', 'stop', 'orders')).toMatchObject({ code: 0 });
  expect(await deliver('e9', { order: 'z' })).toBe(409);
  const refused = await cli('sensor', 'send', 'orders', '--body', '{"order": "z"}');
  expect(refused).toMatchObject({
    text: expect.stringContaining("'orders' of code location 'hooks' is off"),
  });
  expect(refused.code).not.toBe(0);
});
