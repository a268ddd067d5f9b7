import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BucketWatcher, watchBuckets } from '../../../lib/adapters/local/watch-buckets';
import type { ObjectCreated } from '../../../lib/model/sensor-event';
import { until } from '../../support/until';

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

/** The announcement of an object of this size, and its version. */
const announced = (size: number) =>
  until(`an object of ${size} bytes is announced`, () => seen.find(([object]) => object.size === size));

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
  const [whole, version] = await announced(4);
  expect(whole).toEqual({ bucket: 'landing', key: 'in/deep/a.csv', size: 4, etag: null });

  await writeFile(join(folder, 'landing', 'in', 'deep', 'a.csv'), 'other');
  const [anew, versionAnew] = await announced(5);
  expect(anew.key).toBe('in/deep/a.csv');
  expect(versionAnew).not.toBe(version);
  // On a busy machine it may have been seen half written too: each state once, and nothing else.
  expect(new Set(seen.map(([, each]) => each)).size).toBe(seen.length);
  expect(new Set(seen.map(([{ key }]) => key))).toEqual(new Set(['in/deep/a.csv']));
});

test('buckets that come later are watched too', async () => {
  await start();
  await mkdir(join(folder, 'new'), { recursive: true });
  await writeFile(join(folder, 'new', 'a'), '');
  expect((await announced(0))[0]).toEqual({ bucket: 'new', key: 'a', size: 0, etag: null });
});
