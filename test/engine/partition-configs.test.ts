import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { define } from '../../lib/definitions/define/define';
import { job } from '../../lib/definitions/job';
import { op } from '../../lib/definitions/op';
import { dailyPartitions } from '../../lib/definitions/partitions';
import { runRequest } from '../../lib/definitions/run-requests';
import { schedule } from '../../lib/definitions/schedule';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { forceFailRun } from '../../lib/engine/force-fail-run';
import { launchBackfill } from '../../lib/engine/launch-backfill';
import { type LaunchRunRequest, launchRun } from '../../lib/engine/launch-run';
import { previewSchedule } from '../../lib/engine/preview-instigator';
import { reexecuteRun } from '../../lib/engine/reexecute-run';
import { partitionConfigsOf } from '../../lib/execution/partition-configs';
import type { JsonObject } from '../../lib/model/json';
import type { Run } from '../../lib/model/run';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const START = Date.UTC(2026, 2, 10, 12);
const settings = someSettings();
let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

const days = dailyPartitions({ start: '2026-03-01' });
const load = op({
  name: 'load',
  config: z.object({ folder: z.string(), limit: z.int().default(5) }),
  run: () => 1,
});
const graph = () => {
  load();
};
const loading = (folder: string, limit = 5): JsonObject => ({ ops: { load: { config: { folder, limit } } } });

const byDay = job({
  name: 'by_day',
  partitions: days,
  graph,
  config: ({ key, keys, window }) =>
    key === '2026-03-05'
      ? { ops: { load: { config: {} } } }
      : { ops: { load: { config: { folder: `${window.start.slice(0, 10)}/${keys.length}` } } } },
  runTags: ({ key }) => ({ day: key.slice(8), team: 'data' }),
});
const fixed = job({ name: 'fixed', graph, config: { ops: { load: { config: { folder: 'all' } } } } });
const tagged = job({
  name: 'tagged',
  partitions: days,
  graph,
  config: { ops: { load: { config: { folder: 'all' } } } },
  runTags: ({ key }) => ({ day: key.slice(8) }),
});
const definitions = define({
  jobs: [byDay, fixed, tagged],
  schedules: [
    schedule({ job: byDay, defaultStatus: 'RUNNING' }),
    schedule({ job: fixed, cron: '@daily', defaultStatus: 'RUNNING' }),
    schedule({
      name: 'chosen',
      job: byDay,
      cron: '@daily',
      defaultStatus: 'RUNNING',
      evaluate: () => [
        runRequest({ partition: '2026-03-01' }),
        runRequest({ partition: '2026-03-02', tags: { team: 'mine' } }),
        runRequest({ partition: '2026-03-03', config: loading('mine') }),
      ],
    }),
  ],
});
const manifest = definitions.manifest('orchestration');

beforeEach(() => {
  instance.locations[0] = aLocation(manifest, { updatedAt: START });
  instance.answer = (async (request: (typeof instance.requests)[number]) => {
    if (request.kind === 'validate-config') return definitions.validateConfig(request.job, request.config);
    if (request.kind === 'evaluate-schedule') {
      const silent = { debug() {}, info() {}, warning() {}, error() {} };
      const context = { log: silent, resources: {}, scheduledAt: request.scheduledAt };
      return { result: await definitions.schedules[request.schedule]?.evaluate(context), logs: [] };
    }
    if (request.kind !== 'partition-config') throw new Error(`no answer to ${request.kind}`);
    const asked = manifest.jobs.find(({ name }) => name === request.job);
    if (asked === undefined) throw new Error(`no job ${request.job}`);
    return partitionConfigsOf(definitions, asked, request.runs);
  }) as never;
});

const asked = () =>
  instance.requests.flatMap((request) => (request.kind === 'partition-config' ? [request.runs] : []));
const launch = async (request: Partial<LaunchRunRequest>): Promise<Run | undefined> => {
  const { runId } = await launchRun(instance, settings, {
    location: 'orchestration',
    jobName: 'by_day',
    ...request,
  });
  return storage.getRun(runId);
};
const day = (key: string) => ({ partition: { kind: 'key', key } }) as const;
const runsOf = (jobName: string) => storage.listRuns({ filter: { jobName }, limit: 100 });

describe('a job whose config depends on the partition', () => {
  it('gives a launched run the config and tags of its partition', async () => {
    expect(await launch(day('2026-03-02'))).toMatchObject({
      config: loading('2026-03-02/1'),
      tags: { day: '02', team: 'data', 'dagster/partition': '2026-03-02' },
    });
  });

  it('is asked for a whole range, also where tags name it', async () => {
    const range = { start: '2026-03-02', end: '2026-03-04' };
    const run = await launch({ partition: { kind: 'range', ...range } });
    expect(run?.config).toEqual(loading('2026-03-02/3'));
    const tags = {
      'dagster/asset_partition_range_start': range.start,
      'dagster/asset_partition_range_end': range.end,
    };
    expect((await launch({ tags }))?.config).toEqual(loading('2026-03-02/3'));
    expect(asked()[0]).toEqual([['2026-03-02', '2026-03-03', '2026-03-04']]);
  });

  it('gives way to a config and tags that are asked for, but not to an empty config', async () => {
    const own = await launch({ ...day('2026-03-02'), config: loading('x'), tags: { team: 'mine' } });
    expect(own).toMatchObject({ config: loading('x'), tags: { day: '02', team: 'mine' } });
    const empty = await launch({ ...day('2026-03-03'), config: {} });
    expect(empty?.config).toEqual(loading('2026-03-03/1'));
  });

  it('launches nothing when what it gives does not fit, naming the partition', async () => {
    await expect(launch(day('2026-03-05'))).rejects.toThrow(
      /The config does not fit job 'by_day':\n {2}ops\.load\.config\.folder: .*for partition '2026-03-05'/,
    );
    await expect(launch(day('2027-01-01'))).rejects.toMatchObject({ code: 'unknown-partition' });
    expect(await storage.countRuns({})).toBe(0);
  });

  it('gives its schedules’ runs the config of their partition, asked for together', async () => {
    await evaluateTicks(instance, settings);
    clock.jump(12 * 3_600_000);
    expect((await evaluateTicks(instance, settings)).errors).toEqual([]);

    const runs = await runsOf('by_day');
    const made = runs.map(({ config, tags }) => [tags['dagster/partition'], config, tags['team']]);
    expect(made.sort()).toEqual([
      ['2026-03-01', loading('2026-03-01/1'), 'data'],
      ['2026-03-02', loading('2026-03-02/1'), 'mine'],
      ['2026-03-03', loading('mine'), 'data'],
      ['2026-03-10', loading('2026-03-10/1'), 'data'],
    ]);
    expect(asked().sort()).toEqual([[['2026-03-01'], ['2026-03-02'], ['2026-03-03']], [['2026-03-10']]]);
  });

  it('shows its config where a tick is tried without launching', async () => {
    const preview = (name: string) =>
      previewSchedule(instance, settings, { location: 'orchestration', name }, START);
    const shown = async (name: string) => {
      const tried = await preview(name);
      return tried.ok ? tried.result.runRequests.map(({ config, tags }) => [config, tags]) : tried.error;
    };
    expect(await shown('chosen')).toEqual([
      [loading('2026-03-01/1'), { day: '01', team: 'data' }],
      [loading('2026-03-02/1'), { day: '02', team: 'mine' }],
      [loading('mine'), { day: '03', team: 'data' }],
    ]);
    expect(await shown('fixed_schedule')).toEqual([[fixed.config, {}]]);
    expect(await storage.countRuns({})).toBe(0);
  });

  it('gives each run of a backfill its own, unless the backfill has a config for all', async () => {
    const backfill = (keys: readonly string[], config: JsonObject | null) =>
      launchBackfill(instance, settings, {
        location: 'orchestration',
        jobName: 'by_day',
        assets: null,
        partitions: keys,
        config,
        tags: { team: 'backfill' },
      });
    await backfill(['2026-03-01', '2026-03-02'], null);
    await backfill(['2026-03-03', '2026-03-04'], loading('all'));

    const runs = await runsOf('by_day');
    const made = runs.map(({ config, tags }) => [tags['day'], config, tags['team']]);
    expect(made.sort()).toEqual([
      ['01', loading('2026-03-01/1'), 'backfill'],
      ['02', loading('2026-03-02/1'), 'backfill'],
      ['03', loading('all'), 'backfill'],
      ['04', loading('all'), 'backfill'],
    ]);
    await expect(backfill(['2026-03-05'], null)).rejects.toThrow(/for partition '2026-03-05'/);
    expect(await storage.listBackfills({ limit: 10 })).toHaveLength(2);
  });

  it('is not asked again when a run is executed again: that has the config of the first', async () => {
    const first = await launch(day('2026-03-02'));
    await forceFailRun(instance, settings, first?.runId ?? '', 'the test needs it ended');
    const before = asked().length;
    const again = await reexecuteRun(instance, settings, {
      parentRunId: first?.runId ?? '',
      strategy: 'ALL_STEPS',
    });
    expect(await storage.getRun(again.runId)).toMatchObject({
      config: loading('2026-03-02/1'),
      tags: { day: '02' },
    });
    expect(asked()).toHaveLength(before);
  });
});

it('Tags alone may depend on the partition; the config is the job’s own', async () => {
  expect(await launch({ jobName: 'tagged', ...day('2026-03-02') })).toMatchObject({
    config: loading('all'),
    tags: { day: '02' },
  });
});

it('A schedule that says no config gives its runs that of the job', async () => {
  await evaluateTicks(instance, settings);
  clock.jump(12 * 3_600_000);
  await evaluateTicks(instance, settings);
  expect((await runsOf('fixed')).map(({ config }) => config)).toEqual([loading('all')]);
});
