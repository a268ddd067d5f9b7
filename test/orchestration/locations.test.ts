import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensurePythonEnvironment } from '../../bin/python-environment.mjs';
import { type BuiltLocation, buildCodeLocation } from '../../lib/build/build-code-location';
import { prepareProject } from '../integrations/dbt/support';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-locations-'));
  for (const folder of ['orchestration', 'orchestration-dbt']) {
    await cp(join(ROOT, folder), join(root, folder), { recursive: true });
  }
  const { bin } = await ensurePythonEnvironment({ root: ROOT });
  await prepareProject('dbt_project', root, join(bin, 'dbt'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

const build = (location: string, files: readonly string[]): Promise<BuiltLocation> =>
  buildCodeLocation({
    ...{ root, location, files, library: ROOT },
    entry: `${location}/index.ts`,
    outDirectory: join(root, 'bundles'),
  });

describe('orchestration', () => {
  it('builds without any variable set, and defines everything that the main job loads', async () => {
    const { manifest } = await build('orchestration', []);
    expect(manifest.assets.map(({ key, op }) => [key, op !== null])).toEqual([
      ['raw/airports', true],
      ['raw/earthquakes', true],
      ['raw/flights', true],
      ['raw/github_comments', true],
      ['raw/github_issues', true],
      ['raw/github_users', true],
      ['raw/inbox', false],
    ]);
    expect(manifest.jobs.find(({ name }) => name === 'ingest')).toMatchObject({
      partitions: null,
      assets: null,
    });
    expect(
      manifest.schedules.map(({ name, timezone, defaultStatus }) => [name, timezone, defaultStatus]),
    ).toEqual([
      ['earthquakes_every_morning', 'Europe/Berlin', 'RUNNING'],
      ['flights_every_hour', 'America/New_York', 'STOPPED'],
      ['github_in_working_hours', 'America/New_York', 'RUNNING'],
    ]);
    expect(manifest.sensors.map(({ name }) => name)).toEqual(['new_inbox_files']);
    const loads = manifest.ops.filter(({ resources }) => resources.includes('snowflake'));
    expect(
      loads.every(({ pool, retryPolicy }) => pool === 'snowflake' && retryPolicy?.maxRetries === 3),
    ).toBe(true);
    expect(JSON.stringify(manifest.resources)).toContain('SNOWFLAKE_PRIVATE_KEY_PATH');
  });
});

describe('orchestration-dbt', () => {
  it('builds from the dbt manifest in its bundle; its job, schedule and sensor run all of dbt', async () => {
    const { manifest, directory } = await build('orchestration-dbt', ['dbt_project']);
    const own = manifest.assets.filter(({ op }) => op !== null);
    expect([own.length, manifest.assets.length, manifest.assetChecks.length]).toEqual([15, 21, 41]);
    expect(manifest.jobs.find(({ name }) => name === 'transform')?.assets).toHaveLength(15);
    expect(manifest.schedules).toMatchObject([
      { name: 'transform_nightly', cron: ['30 2 * * *'], timezone: 'Europe/Berlin', jobName: 'transform' },
    ]);
    expect(manifest.sensors).toMatchObject([
      {
        ...{ name: 'transform_after_ingest', defaultStatus: 'RUNNING', minimumIntervalSeconds: 5 },
        runStatus: { statuses: ['SUCCESS'], jobs: [{ location: 'orchestration', jobName: 'ingest' }] },
      },
    ]);
    expect(manifest.ops).toMatchObject([{ name: 'dbt_analytics', pool: 'dbt', canSubset: true }]);

    const { definitions } = await import(join(directory, 'bundle.mjs'));
    const change = {
      runId: 'r-1',
      location: 'orchestration',
      jobName: 'ingest',
      status: 'SUCCESS',
      tags: {},
    };
    const silent = { debug() {}, info() {}, warning() {}, error() {} };
    const evaluated = await definitions.sensors.transform_after_ingest.evaluate({
      ...{
        cursor: null,
        lastTickStartedAt: null,
        lastRunKey: null,
        assetUpdates: [],
        resources: {},
        log: silent,
      },
      runStatusChanges: [{ ...change, storageId: 7, timestamp: 0, cause: null }],
    });
    expect(evaluated.runRequests).toMatchObject([{ runKey: 'r-1', tags: { ingest_run: 'r-1' } }]);
  });
});
