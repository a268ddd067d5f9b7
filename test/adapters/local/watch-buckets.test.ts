import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BucketWatcher, watchBuckets } from '../../../lib/adapters/local/watch-buckets';
import type { ObjectCreated } from '../../../lib/model/sensor-event';

let folder: string;
let watcher: BucketWatcher | undefined;
const seen: [ObjectCreated, string][] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'headrace-buckets-')), 'buckets');
  seen.length = 0;
});
afterEach(async () => {
  watcher?.close();
  await rm(join(folder, '..'), { recursive: true, force: true });
  expect(errors).toEqual([]);
});

const start = async () => {
  watcher = await watchBuckets(
    folder,
    async (object, version) => seen.push([object, version]),
    (error) => errors.push(error),
  );
};
async function until(count: number): Promise<void> {
  for (let waited = 0; seen.length < count && waited < 10_000; waited += 20) await sleep(20);
  expect(seen).toHaveLength(count);
}

test('a file is announced once when it is whole, and again when it is written anew', async () => {
  await mkdir(join(folder, 'landing'), { recursive: true });
  await writeFile(join(folder, 'landing', 'old.csv'), 'was there before');
  await start();

  await mkdir(join(folder, 'landing', 'in', 'deep'), { recursive: true });
  await writeFile(join(folder, 'landing', 'in', 'deep', 'a.csv'), '1,');
  await appendFile(join(folder, 'landing', 'in', 'deep', 'a.csv'), '2\n');
  await writeFile(join(folder, 'landing', 'in', '.hidden'), 'x');
  await writeFile(join(folder, 'landing', 'in', 'b.csv.tmp'), 'x');
  await writeFile(join(folder, 'no-bucket.csv'), 'x');
  await until(1);
  expect(seen[0]?.[0]).toEqual({ bucket: 'landing', key: 'in/deep/a.csv', size: 4, etag: null });

  await writeFile(join(folder, 'landing', 'in', 'deep', 'a.csv'), 'other');
  await until(2);
  expect(seen[1]?.[0]).toMatchObject({ key: 'in/deep/a.csv', size: 5 });
  expect(seen[1]?.[1]).not.toBe(seen[0]?.[1]);
});

test('buckets that come later are watched too', async () => {
  await start();
  await mkdir(join(folder, 'new'), { recursive: true });
  await writeFile(join(folder, 'new', 'a'), '');
  await until(1);
  expect(seen[0]?.[0]).toEqual({ bucket: 'new', key: 'a', size: 0, etag: null });
});
