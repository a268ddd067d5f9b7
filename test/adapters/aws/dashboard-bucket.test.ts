import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { emptyDashboard, publishDashboard } from '../../../lib/adapters/aws/dashboard-bucket';
import { type FakeAws, startFakeAws } from '../../support/aws/services/fake-aws';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

let aws: FakeAws;
let client: S3Client;
let directory: string;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.s3.buckets.set('pages', new Map());
  client = new S3Client(aws.clientConfig);
  directory = await mkdtemp(join(tmpdir(), 'headrace-dashboard-'));
  await mkdir(join(directory, 'assets'));
});
afterEach(async () => {
  client.destroy();
  await aws.close();
  await rm(directory, { recursive: true, force: true });
});

async function publish(files: Record<string, string>, at: number, config = '{}') {
  await rm(directory, { recursive: true });
  await mkdir(join(directory, 'assets'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  aws.s3.now = () => at;
  return publishDashboard(client, { bucket: 'pages', directory, config }, at);
}

test('Files go up with their types and cache rules, the config as it is told', async () => {
  await publish(
    { 'index.html': '<p>', 'config.json': 'built in', 'assets/main-ABCD1234.js': 'x', 'icon.svg': '<svg/>' },
    START,
    '{"apiUrl":"/graphql"}',
  );

  const shown = aws.s3.keys('pages').map((key) => {
    const headers = aws.s3.object('pages', key)?.headers;
    return [key, headers?.['content-type'], headers?.['cache-control']];
  });
  expect(shown).toEqual([
    ['assets/main-ABCD1234.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['config.json', 'application/json; charset=utf-8', 'no-cache'],
    ['icon.svg', 'image/svg+xml', 'no-cache'],
    ['index.html', 'text/html; charset=utf-8', 'no-cache'],
  ]);
  expect(aws.s3.object('pages', 'config.json')?.body.toString()).toBe('{"apiUrl":"/graphql"}');
});

test('Hashed files of former versions stay for 30 days; pages of theirs go at once', async () => {
  await publish(
    { 'index.html': '1', 'old.txt': '1', 'assets/a-AAAAAAAA.js': '1', 'assets/b-BBBBBBBB.js': '1' },
    START,
  );
  const second = await publish({ 'index.html': '2', 'assets/b-BBBBBBBB.js': '1' }, START + 20 * DAY);
  const third = await publish({ 'index.html': '3', 'assets/c-CCCCCCCC.js': '3' }, START + 31 * DAY);

  expect(second.removed).toEqual(['old.txt']);
  expect(third.removed).toEqual(['assets/a-AAAAAAAA.js']);
  expect(aws.s3.keys('pages')).toEqual([
    'assets/b-BBBBBBBB.js',
    'assets/c-CCCCCCCC.js',
    'config.json',
    'index.html',
  ]);
});

test('A bucket is emptied page by page; one that never was is empty', async () => {
  aws.s3.pageSize = 2;
  await publish({ a: '', b: '', c: '', d: '', e: '' }, START);

  await emptyDashboard(client, 'pages');
  await emptyDashboard(client, 'never');

  expect(aws.s3.keys('pages')).toEqual([]);
});
