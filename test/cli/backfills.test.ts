import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HttpServer, startHttpServer } from '../../lib/cli/local-server/http-server';
import { removeServerFile, writeServerFile } from '../../lib/cli/local-server/server-file';
import { TAG } from '../../lib/model/tags';
import { SUCCESS } from '../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../support/api-harness';
import { runCli } from './support/run-cli';
import { createTestProject, type TestProject } from './support/test-project';

let harness: ApiHarness;
let server: HttpServer;
let project: TestProject;

beforeAll(async () => {
  harness = await createApiHarness();
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handler: (request) => harness.api.handle(request),
    onError: () => {},
  });
  project = createTestProject(['shop']);
  // As `headrace dev` announces itself.
  await mkdir(join(project.root, '.headrace'), { recursive: true });
  writeServerFile(join(project.root, '.headrace'), { url: server.url, pid: process.pid, token: '' });
});

afterAll(async () => {
  removeServerFile(join(project.root, '.headrace'), process.pid);
  project.remove();
  await server.close();
  await harness.close();
});

const cli = (...args: string[]) => runCli('-C', project.root, ...args);
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await cli('--json', ...args)).out) as T;
interface Launched {
  readonly backfill: { readonly backfillId: string; readonly targeted: number; readonly job: string | null };
  readonly runIds: readonly string[];
}

test('a range of assets is previewed, launched, listed and shown with what it said', async () => {
  const range = ['raw/orders', 'clean/orders', '--range', '2026-01-02...2026-01-04'];
  const preview = await cli('backfill', 'launch', ...range, '--dry-run');
  expect(preview).toMatchObject({ code: 0, out: expect.stringContaining('It would make 3 runs') });
  expect(await harness.storage.countRuns({})).toBe(0);

  const { backfill, runIds } = await json<Launched>('backfill', 'launch', ...range, '--title', 'Again');
  expect(backfill).toMatchObject({ targeted: 6, job: null });
  expect(runIds).toHaveLength(3);

  const listed = await cli('backfill', 'list', '--status', 'requested');
  expect(listed.out).toContain(backfill.backfillId);
  const shown = await cli('backfill', 'show', backfill.backfillId);
  expect(shown.out).toContain('is REQUESTED: of 6 partitions 0 made, 6 in progress');
  expect(shown.out).toContain('Requested 6 partitions of raw/orders, clean/orders, by 3 runs.');
});

test('a job’s backfill is paused, resumed, given another priority and canceled', async () => {
  const { backfill } = await json<Launched>('backfill', 'launch', 'raw_daily', '--partition', '2026-01-05');
  expect(backfill.job).toBe('raw_daily');
  const change = async (...args: string[]) => (await cli('backfill', ...args)).out.trim();
  const id = backfill.backfillId;
  expect(await change('pause', id)).toBe(`Backfill ${id} is PAUSED.`);
  expect(await change('resume', id)).toBe(`Backfill ${id} is REQUESTED.`);
  expect(await change('priority', id, '7')).toBe(`Backfill ${id} has priority 7 now.`);
  expect(await change('cancel', id)).toMatch(/is CANCEL/);
  const [stored] = await harness.storage.listBackfills({ backfillIds: [id], limit: 1 });
  expect(stored).toMatchObject({ cause: 'Canceled by ann from the CLI.', tags: { [TAG.priority]: '7' } });
});

test('what is missing is made, and nothing that is made or in progress', async () => {
  for (const partition of ['2026-01-01', '2026-01-10']) {
    const path = '/api/assets/clean%2Forders/materializations';
    expect((await harness.rest('POST', path, { body: { partition } })).status).toBe(201);
  }
  // The first test's runs make the days from the 2nd to the 4th.
  const { backfill } = await json<Launched>('backfill', 'launch', 'clean/orders', '--missing');
  const targets = await harness.storage.backfillTargets(backfill.backfillId);
  expect(targets.flatMap(({ partitions }) => partitions)).toEqual(
    ['05', '06', '07', '08', '09'].map((day) => `2026-01-${day}`),
  );
  expect(await cli('backfill', 'launch', 'clean/orders', '--missing')).toMatchObject({
    code: 2,
    err: expect.stringContaining('nothing is missing'),
  });
});

test('partitions are named in one way', async () => {
  for (const args of [[], ['--all', '--missing'], ['--range', 'x']]) {
    const answer = await cli('backfill', 'launch', 'raw/orders', ...args);
    expect(answer.code).toBe(2);
  }
  expect(await cli('backfill', 'show', 'nosuchid')).toMatchObject({
    code: 2,
    err: expect.stringContaining("There is no backfill 'nosuchid'"),
  });
});

test('an ended run is launched again: from failure, all of it, or chosen steps', async () => {
  const config = join(project.root, 'nightly.yaml');
  await writeFile(config, 'ops: {extract: {config: {table: orders}}}');
  const launched = await json<{ runId: string }>('run', 'nightly', '--config', config);
  await harness.work(launched.runId, [], SUCCESS);
  expect(await cli('rerun', launched.runId)).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no failure to start from'),
  });
  const again = await json<{ runId: string }>('rerun', launched.runId, '--all');
  const steps = await json<{ runId: string }>('rerun', launched.runId, '--step', 'extract+');
  expect(await harness.storage.getRun(again.runId)).toMatchObject({
    parentRunId: launched.runId,
    tags: { [TAG.parentRunId]: launched.runId, [TAG.rootRunId]: launched.runId },
  });
  expect((await harness.storage.getRun(steps.runId))?.stepKeys).toEqual(['extract', 'load']);
  expect((await cli('rerun', launched.runId, '--all', '--step', 'load')).code).toBe(2);
});

test('dynamic partitions are added, made without a run, wiped, and deleted with what was made of them', async () => {
  const states = async () =>
    (await harness.storage.partitionStates(['raw/customers'])).map(({ partition }) => partition).sort();
  const keys = () => harness.storage.dynamicPartitionKeys('shop', 'customers');
  const at = ['--location', 'shop'];

  expect(await cli('partition', 'add', 'customers', 'acme', 'initech', ...at)).toMatchObject({ code: 0 });
  expect(await keys()).toEqual(['acme', 'initech']);
  expect(await cli('partition', 'add', 'customers', 'acme', ...at)).toMatchObject({
    code: 1,
    err: expect.stringContaining("'acme' is already a partition"),
  });

  const report = ['asset', 'report', 'raw/customers', '--partition', 'acme', '--partition', 'initech'];
  expect(await cli(...report)).toMatchObject({ code: 0 });
  expect(await states()).toEqual(['acme', 'initech']);
  await cli('asset', 'wipe', 'raw/customers', '--partition', 'initech', '--yes');
  expect(await states()).toEqual(['acme']);

  await cli('partition', 'delete', 'customers', 'acme', '--wipe', ...at);
  expect([await states(), await keys()]).toEqual([[], ['initech']]);
});

test('an asset is observed without a run, an external one too, and wiped as a whole', async () => {
  expect((await cli('asset', 'report', 'vendor/rates', '--observation', '--description', 'seen')).code).toBe(
    0,
  );
  const latest = async (key: string) => (await harness.storage.assetRecords([key]))[0];
  expect((await latest('vendor/rates'))?.lastObservation).toMatchObject({ type: 'ASSET_OBSERVATION' });

  expect((await cli('asset', 'report', 'reports/orders')).code).toBe(0);
  expect((await latest('reports/orders'))?.lastMaterialization).not.toBeNull();
  expect((await cli('asset', 'wipe', 'reports/orders', '--yes')).out).toContain(
    'Forgotten: all of reports/orders',
  );
  expect((await latest('reports/orders'))?.lastMaterialization ?? null).toBeNull();
  expect(await cli('asset', 'report', 'reports/nosuch')).toMatchObject({ code: 1 });
});
