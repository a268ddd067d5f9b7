import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { daemonHealth } from '../../lib/engine/daemon-health';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { launchRun } from '../../lib/engine/launch-run';
import { previewSchedule, previewSensor } from '../../lib/engine/preview-instigator';
import { purgeTicks } from '../../lib/engine/purge-ticks';
import { setInstigatorStatus } from '../../lib/engine/set-instigator-status';
import { readTickLogs } from '../../lib/engine/ticks/tick-logs';
import { wakeUp } from '../../lib/engine/wake-up';
import type { InstigatorLog } from '../../lib/model/code-location';
import type { RunRequest } from '../../lib/model/run-request';
import type { InstigatorId, Tick } from '../../lib/model/tick';
import { UserCodeError } from '../../lib/ports/code-location-client';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { aManifest, aNode, type ManifestSketch } from './support/build-manifest';
import {
  aLocation,
  createTestInstance,
  memoryObjectStore,
  someSettings,
  type TestInstance,
} from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);

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

const schedule = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'schedule', name });
const sensor = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'sensor', name });
const ticksOf = (instigator: InstigatorId): Promise<readonly Tick[]> =>
  storage.listTicks({ instigator, limit: 50 });
const define = (sketch: ManifestSketch, updatedAt = START) => {
  instance.locations[0] = aLocation(aManifest(sketch), { updatedAt });
};
const request = (fields: Partial<RunRequest> = {}): RunRequest => ({
  runKey: null,
  jobName: null,
  config: {},
  tags: {},
  partitionKey: null,
  assetSelection: null,
  assetCheckSelection: null,
  ...fields,
});
const answering = (runRequests: readonly RunRequest[], more: { cursor?: string; skipReason?: string } = {}) =>
  ({
    result: { runRequests, skipReason: null, cursor: null, dynamicPartitionsRequests: [], ...more },
    logs: [],
  }) as never;

const aLog = (message: string): InstigatorLog => ({ level: 'INFO', timestamp: 1, message });

/** Lets a minute pass and evaluates. */
async function later(minutes: number) {
  clock.jump(minutes * 60_000);
  return evaluateTicks(instance, settings);
}

const daily = {
  type: 'time_window',
  cron: '0 0 * * *',
  timezone: 'UTC',
  start: '2026-03-01',
  endOffset: 0,
  format: '%Y-%m-%d',
} as const;

describe('schedules', () => {
  it('launch their run at the tick, once, however many evaluate it', async () => {
    define({
      assets: { a: {} },
      schedules: [
        {
          name: 'hourly',
          cron: ['0 * * * *'],
          request: { config: {}, tags: { by: 'clock' }, partitioned: false },
        },
      ],
    });
    expect((await later(0)).ticks).toBe(0);
    clock.jump(60 * 60_000);
    const evaluations = await Promise.all([1, 2, 3, 4].map(() => evaluateTicks(instance, settings)));
    expect(evaluations.map(({ errors }) => errors)).toEqual([[], [], [], []]);

    const runs = await storage.listRuns({ filter: {}, limit: 10 });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.tags).toMatchObject({
      by: 'clock',
      'dagster/schedule_name': 'hourly',
      '.dagster/scheduled_execution_time': '2026-03-10T13:00:00.000Z',
    });
    const [tick] = await ticksOf(schedule('hourly'));
    expect(tick).toMatchObject({
      status: 'SUCCESS',
      runIds: [runs[0]?.runId],
      scheduledAt: Date.UTC(2026, 2, 10, 13),
    });
    expect(instance.started).toHaveLength(1);
    expect(instance.requests).toEqual([]);
  });

  it('make up for the latest tick only after a long sleep', async () => {
    define({ assets: { a: {} }, schedules: [{ name: 'hourly', cron: ['0 * * * *'] }] });
    await later(0);
    await later(60 * 24 * 3);
    expect((await ticksOf(schedule('hourly'))).map(({ scheduledAt }) => scheduledAt)).toEqual([
      Date.UTC(2026, 2, 13, 12),
    ]);
  });

  it('of a partitioned job launch the latest complete partition of each of the last ticks', async () => {
    define({
      assets: { a: { partitions: daily } },
      schedules: [
        { name: 'nightly', cron: ['30 2 * * *'], request: { config: {}, tags: {}, partitioned: true } },
      ],
    });
    await later(0);
    await later(60 * 24 * 2);
    const runs = await storage.listRuns({ filter: {}, limit: 10 });
    expect(runs.map((run) => run.tags['dagster/partition']).sort()).toEqual(['2026-03-10', '2026-03-11']);
  });

  it('in function form ask the location, and keep what it logged', async () => {
    define({
      jobs: [{ name: 'job', nodes: [aNode('one')] }],
      schedules: [{ name: 'f', cron: ['0 * * * *'], jobName: 'job', request: null }],
    });
    await later(0);
    instance.answer = () =>
      ({
        result: {
          runRequests: [request({ runKey: 'x' }), request({ runKey: 'x' }), request({ runKey: 'y' })],
          skipReason: null,
          cursor: null,
          dynamicPartitionsRequests: [],
        },
        logs: [{ level: 'INFO', timestamp: 1, message: 'hello' }],
      }) as never;
    await later(60);
    const [tick] = await ticksOf(schedule('f'));
    expect(tick?.runIds).toHaveLength(2);
    expect(await readTickLogs(instance, schedule('f'), tick?.tickId ?? 0)).toMatchObject([
      { message: 'hello' },
    ]);
    expect(instance.requests).toMatchObject([
      { kind: 'evaluate-schedule', scheduledAt: Date.UTC(2026, 2, 10, 13) },
    ]);
  });

  it('record what user code threw as a failed tick, with what it had logged, and go on at the next', async () => {
    define({
      jobs: [{ name: 'job', nodes: [aNode('one')] }],
      schedules: [{ name: 'f', cron: ['0 * * * *'], jobName: 'job', request: null }],
    });
    await later(0);
    instance.answer = () => {
      const cause = { name: 'TypeError', message: 'boom' };
      throw new UserCodeError('evaluation failed', { cause, logs: [aLog('looking')] });
    };
    await later(60);
    instance.answer = () => answering([], { skipReason: 'nothing to do' });
    await later(60);
    expect(await ticksOf(schedule('f'))).toMatchObject([
      { status: 'SKIPPED', skipReason: 'nothing to do' },
      { status: 'FAILURE', error: { name: 'TypeError', message: 'boom' } },
    ]);
    const [, failed] = await ticksOf(schedule('f'));
    expect(await readTickLogs(instance, schedule('f'), failed?.tickId ?? 0)).toEqual([aLog('looking')]);
  });

  it('keep what every try of a tick logged', async () => {
    define({
      jobs: [{ name: 'job', nodes: [aNode('one')] }],
      schedules: [{ name: 'f', cron: ['0 * * * *'], jobName: 'job', request: null }],
    });
    const retrying = someSettings({ schedules: { ...settings.schedules, maxTickRetries: 1 } });
    await evaluateTicks(instance, retrying);
    let tries = 0;
    instance.answer = () => {
      tries += 1;
      const logs = [aLog(`try ${tries}`)];
      if (tries === 1) throw new UserCodeError('x', { cause: { name: 'Error', message: 'boom' }, logs });
      return { ...(answering([], { skipReason: 'none' }) as object), logs } as never;
    };
    clock.jump(60 * 60_000);
    await evaluateTicks(instance, retrying);
    const [tick] = await ticksOf(schedule('f'));
    expect(tick?.status).toBe('SKIPPED');
    expect(await readTickLogs(instance, schedule('f'), tick?.tickId ?? 0)).toEqual([
      aLog('try 1'),
      aLog('try 2'),
    ]);
  });

  it('end as failed though what was logged cannot be kept', async () => {
    define({
      jobs: [{ name: 'job', nodes: [aNode('one')] }],
      schedules: [{ name: 'f', cron: ['0 * * * *'], jobName: 'job', request: null }],
    });
    let refused = 0;
    const objectStore = {
      ...instance.objectStore,
      put: async () => {
        refused += 1;
        throw new PortError('transient', 'the store is away');
      },
    };
    const storeless = { ...instance, objectStore };
    await evaluateTicks(storeless, settings);
    instance.answer = () => {
      const cause = { name: 'TypeError', message: 'boom' };
      throw new UserCodeError('evaluation failed', { cause, logs: [aLog('looking')] });
    };
    clock.jump(60 * 60_000);
    await evaluateTicks(storeless, settings);
    expect(await ticksOf(schedule('f'))).toMatchObject([{ status: 'FAILURE', error: { message: 'boom' } }]);
    expect(refused).toBeGreaterThan(0);
  });

  it('wait for a location that cannot be reached, and give up after an hour', async () => {
    define(
      {
        jobs: [{ name: 'job', nodes: [aNode('one')] }],
        schedules: [{ name: 'f', cron: ['0 0 * * *'], jobName: 'job', request: null }],
      },
      START - 86_400_000,
    );
    await storage.passOver(schedule('f'), Date.UTC(2026, 2, 10));
    clock.jump(12 * 3600_000);
    let down = true;
    instance.answer = () => {
      if (down) throw new PortError('transient', 'connection refused');
      return answering([request()]);
    };
    await later(0);
    expect(await ticksOf(schedule('f'))).toMatchObject([{ status: 'STARTED' }]);
    down = false;
    await later(5);
    expect(await ticksOf(schedule('f'))).toMatchObject([{ status: 'SUCCESS' }]);

    down = true;
    await later(60 * 24);
    await later(61);
    expect((await ticksOf(schedule('f')))[0]).toMatchObject({
      status: 'FAILURE',
      error: { message: 'connection refused' },
    });
  });

  it('never replay what lies before they were turned on or edited', async () => {
    define({ assets: { a: {} }, schedules: [{ name: 's', cron: ['0 * * * *'], defaultStatus: 'STOPPED' }] });
    await later(180);
    await setInstigatorStatus(instance, settings, schedule('s'), 'RUNNING');
    await later(1);
    expect(await ticksOf(schedule('s'))).toEqual([]);
    await later(60);
    expect(await ticksOf(schedule('s'))).toHaveLength(1);
    define(
      { assets: { a: {} }, schedules: [{ name: 's', cron: ['*/5 * * * *'], defaultStatus: 'STOPPED' }] },
      clock.now() + 600_000,
    );
    await later(10);
    expect(await ticksOf(schedule('s'))).toHaveLength(1);
    await later(5);
    expect(await ticksOf(schedule('s'))).toHaveLength(2);
  });

  it('show what a tick would do without doing it', async () => {
    define({
      assets: { a: { partitions: daily } },
      schedules: [{ name: 'n', request: { config: {}, tags: {}, partitioned: true } }],
    });
    const preview = await previewSchedule(
      instance,
      settings,
      { location: 'orchestration', name: 'n' },
      Date.UTC(2026, 2, 5),
    );
    expect(preview).toMatchObject({ ok: true, result: { runRequests: [{ partitionKey: '2026-03-04' }] } });
    expect(await storage.countRuns({})).toBe(0);
    const missing = previewSchedule(instance, settings, { location: 'orchestration', name: 'm' }, 0);
    await expect(missing).rejects.toThrow("no schedule 'm'");
  });
});

describe('sensors', () => {
  const polling: ManifestSketch = {
    jobs: [{ name: 'job', nodes: [aNode('one')] }],
    sensors: [{ name: 's', jobNames: ['job'], minimumIntervalSeconds: 30 }],
  };

  it('keep their cursor, and never make two runs of one run key', async () => {
    define(polling);
    instance.answer = () => answering([request({ runKey: 'file-1' })], { cursor: 'c1' });
    await later(0);
    instance.answer = () =>
      answering([request({ runKey: 'file-1' }), request({ runKey: 'file-2' })], { cursor: 'c2' });
    await later(1);
    expect(instance.requests).toMatchObject([
      { kind: 'evaluate-sensor', cursor: null, lastRunKey: null },
      { kind: 'evaluate-sensor', cursor: 'c1', lastRunKey: 'file-1' },
    ]);
    const [second] = await ticksOf(sensor('s'));
    expect(second).toMatchObject({ status: 'SUCCESS', skippedRunKeys: ['file-1'], cursor: 'c2' });
    expect(await storage.countRuns({})).toBe(2);
    expect((await storage.listRuns({ filter: {}, limit: 1 }))[0]?.tags).toMatchObject({
      'dagster/sensor_name': 's',
      'dagster/run_key': 'file-2',
    });
  });

  it('are not asked again before their interval is over, whoever asks', async () => {
    define(polling);
    instance.answer = () => answering([]);
    await Promise.all([evaluateTicks(instance, settings), evaluateTicks(instance, settings)]);
    clock.jump(29_000);
    await evaluateTicks(instance, settings);
    expect(instance.requests).toHaveLength(1);
    clock.jump(1_000);
    await evaluateTicks(instance, settings);
    expect(instance.requests).toHaveLength(2);
  });

  it('do not advance their cursor when they fail, or ask for what cannot be run', async () => {
    define(polling);
    await storage.setSensorCursor(sensor('s'), 'before');
    instance.answer = () => {
      throw new UserCodeError('x', {
        cause: { name: 'Error', message: 'boom' },
        logs: [aLog('looking')],
      });
    };
    await later(0);
    instance.answer = () => answering([request(), request({ jobName: 'jobb' })], { cursor: 'after' });
    await later(1);
    const [unknownJob, thrown] = await ticksOf(sensor('s'));
    expect(thrown).toMatchObject({ status: 'FAILURE', error: { message: 'boom' } });
    expect(await readTickLogs(instance, sensor('s'), thrown?.tickId ?? 0)).toEqual([aLog('looking')]);
    expect(unknownJob).toMatchObject({
      status: 'FAILURE',
      error: { message: expect.stringContaining("'jobb'") },
    });
    expect(await storage.instigatorStates()).toMatchObject([{ cursor: 'before' }]);
    expect(await storage.countRuns({})).toBe(0);
  });

  it('add partitions before they ask for runs of them', async () => {
    define({
      assets: { a: { partitions: { type: 'dynamic', name: 'files' } } },
      sensors: [{ name: 's' }],
    });
    instance.answer = () =>
      ({
        result: {
          runRequests: [request({ partitionKey: 'f1' })],
          skipReason: null,
          cursor: null,
          dynamicPartitionsRequests: [{ kind: 'add', name: 'files', keys: ['f1'] }],
        },
        logs: [],
      }) as never;
    await later(0);
    expect((await ticksOf(sensor('s')))[0]).toMatchObject({ status: 'SUCCESS', error: null });
    expect(await storage.dynamicPartitionKeys('orchestration', 'files')).toEqual(['f1']);
    expect((await storage.listRuns({ filter: {}, limit: 1 }))[0]?.tags['dagster/partition']).toBe('f1');
  });

  it('report about assets with the end of their tick, also without a run, and only about what is there', async () => {
    define({
      assets: { a: {}, days: { partitions: { type: 'dynamic', name: 'files' } } },
      checks: [{ asset: 'a', name: 'fresh', blocking: true }],
      sensors: [{ name: 's' }],
    });
    const made = { type: 'ASSET_MATERIALIZATION', data: { metadata: {}, tags: {}, inputDataVersions: {} } };
    const seen = { type: 'ASSET_OBSERVATION', data: { metadata: {}, tags: {}, dataVersion: 'v1' } };
    const checked = {
      type: 'ASSET_CHECK_EVALUATION',
      data: { asset: 'a', name: 'fresh', passed: false, severity: 'WARN', metadata: {}, blocking: false },
    };
    const report = async (assetEvents: readonly object[]) => {
      instance.answer = () =>
        ({
          result: {
            runRequests: [],
            skipReason: 'only looked',
            cursor: 'next',
            dynamicPartitionsRequests: [{ kind: 'add', name: 'files', keys: ['f1'] }],
            assetEvents,
          },
          logs: [],
        }) as never;
      await later(1);
      return (await ticksOf(sensor('s')))[0];
    };

    expect(
      await report([
        { ...made, assetKey: 'days', partition: 'f1' },
        { ...seen, assetKey: 'a', partition: null },
        { ...checked, assetKey: 'a', partition: null },
      ]),
    ).toMatchObject({ status: 'SKIPPED', skipReason: 'only looked', cursor: 'next', error: null });
    const [a, days] = await storage.assetRecords(['a', 'days']);
    expect(days?.lastMaterialization).toMatchObject({
      partition: 'f1',
      message: 'Reported by sensor s.',
      runId: null,
    });
    expect([a?.lastMaterialization, a?.lastObservation?.data]).toMatchObject([null, { dataVersion: 'v1' }]);
    const [check] = await storage.checkRecords(['a']);
    expect(check).toMatchObject({ status: 'FAILED', evaluation: { severity: 'WARN' } });

    for (const [wrong, words] of [
      [{ ...seen, assetKey: 'other', partition: null }, 'does not define'],
      [{ ...seen, assetKey: 'days', partition: 'f2' }, "has no partition 'f2'"],
      [{ ...made, assetKey: 'a', partition: 'f1' }, "has no partition 'f1'"],
      [{ ...made, assetKey: 'days', partition: null }, 'say which partition'],
      [
        { ...checked, data: { ...checked.data, name: 'none' }, assetKey: 'a', partition: null },
        "has no check 'none'",
      ],
    ] as const) {
      const tick = await report([
        { ...seen, assetKey: 'a', partition: null, data: { ...seen.data, dataVersion: 'v2' } },
        wrong,
      ]);
      expect(tick).toMatchObject({ status: 'FAILURE', error: { message: expect.stringContaining(words) } });
    }
    expect((await storage.assetRecords(['a']))[0]?.lastObservation?.data).toMatchObject({
      dataVersion: 'v1',
    });
  });

  it('that hang delay no other, nor the next alarm, and fail by their own time-out', async () => {
    define({
      ...polling,
      sensors: [
        { name: 'bad', jobNames: ['job'] },
        { name: 'good', jobNames: ['job'] },
      ],
    });
    instance.answer = (asked) =>
      'sensor' in asked && asked.sensor === 'bad' ? new Promise(() => {}) : answering([request()]);
    const waking = wakeUp(instance, settings);
    await until('the good sensor’s tick has ended', async () =>
      (await ticksOf(sensor('good'))).some(({ status }) => status === 'SUCCESS'),
    );
    await until('both are asked', () => instance.requests.length === 2);
    await clock.advance(1_500);
    await until('the alarm is set', () => instance.alarms.some((alarm) => alarm !== null));
    expect((await ticksOf(sensor('bad')))[0]?.status).toBe('STARTED');
    await clock.advance(70_000);
    expect(await waking).toEqual([]);
    expect((await ticksOf(sensor('bad')))[0]).toMatchObject({
      status: 'FAILURE',
      error: { message: expect.stringContaining('did not answer') },
    });
  });

  it('that follow runs see each end once, from when they were first on', async () => {
    const sketch: ManifestSketch = {
      jobs: [
        { name: 'job', nodes: [aNode('one')] },
        { name: 'report', nodes: [aNode('one')] },
      ],
      sensors: [
        {
          name: 's',
          kind: 'RUN_STATUS',
          jobNames: ['report'],
          runStatus: { statuses: ['FAILURE'], jobs: [{ location: null, jobName: 'job' }] },
        },
      ],
    };
    define(sketch);
    await failRun();
    await later(0);
    expect(instance.requests).toEqual([]);
    const failed = await failRun();
    instance.answer = () => answering([request()]);
    await later(1);
    await later(1);
    const asked = instance.requests.flatMap((asked) =>
      asked.kind === 'evaluate-sensor' ? asked.runStatusChanges : [],
    );
    expect(asked).toMatchObject([{ runId: failed, status: 'FAILURE', jobName: 'job' }]);
    expect((await ticksOf(sensor('s'))).map(({ status }) => status)).toEqual([
      'SKIPPED',
      'SUCCESS',
      'SKIPPED',
    ]);
  });

  it('that follow assets see each materialization once', async () => {
    define({ assets: { a: {} }, sensors: [{ name: 's', kind: 'ASSET', assets: ['a'] }] });
    await later(0);
    await storage.appendSystemEvents(null, [
      {
        type: 'ASSET_MATERIALIZATION',
        assetKey: 'a',
        data: { metadata: {}, tags: {}, inputDataVersions: {} },
        timestamp: clock.now(),
        level: 'INFO',
        message: 'reported',
      },
    ]);
    instance.answer = () => answering([]);
    const preview = await previewSensor(instance, settings, { location: 'orchestration', name: 's' }, '0');
    expect(preview.ok).toBe(true);
    await later(1);
    await later(1);
    const seen = instance.requests.map((asked) =>
      asked.kind === 'evaluate-sensor' ? asked.assetUpdates.map(({ assetKey }) => assetKey) : [],
    );
    expect(seen).toEqual([['a'], ['a']]);
    // It is not asked again before something else was written.
    expect(await ticksOf(sensor('s'))).toHaveLength(2);
  });
});

describe('a process that dies in the middle of a tick', () => {
  const polling: ManifestSketch = {
    jobs: [{ name: 'job', nodes: [aNode('one')] }],
    sensors: [{ name: 's', jobNames: ['job'], minimumIntervalSeconds: 30 }],
  };
  const hourly: ManifestSketch = { assets: { a: {} }, schedules: [{ name: 'hourly', cron: ['0 * * * *'] }] };
  /** Storage in which ticks open and never end: the process is killed before it can. */
  const dying = () => {
    const killed = createTestInstance(
      { ...storage, finishTick: () => Promise.reject(new Error('killed')) },
      clock,
    );
    killed.locations.push(...instance.locations);
    killed.answer = instance.answer;
    return killed;
  };

  it('leaves a schedule tick that is evaluated again, once, by all who wake up after its lease', async () => {
    define(hourly);
    await later(0);
    clock.jump(60 * 60_000);
    expect((await evaluateTicks(dying(), settings)).errors).toHaveLength(1);
    expect(await ticksOf(schedule('hourly'))).toMatchObject([{ status: 'STARTED', runIds: [] }]);

    expect((await later(1)).ticks).toBe(0);
    clock.jump(60_000);
    await Promise.all([1, 2, 3].map(() => evaluateTicks(instance, settings)));

    expect(await ticksOf(schedule('hourly'))).toMatchObject([
      { status: 'SUCCESS', runIds: [expect.any(String)], scheduledAt: Date.UTC(2026, 2, 10, 13) },
    ]);
    expect(await storage.countRuns({})).toBe(1);
  });

  it('leaves a schedule tick that fails when a later one made up for it, or the schedule is off', async () => {
    define(hourly);
    await later(0);
    clock.jump(60 * 60_000);
    await evaluateTicks(dying(), settings);
    await later(60);
    expect(await ticksOf(schedule('hourly'))).toMatchObject([
      { status: 'SUCCESS', scheduledAt: Date.UTC(2026, 2, 10, 14) },
      { status: 'FAILURE', error: { message: expect.stringContaining('The process ended') }, runIds: [] },
    ]);

    clock.jump(60 * 60_000);
    await evaluateTicks(dying(), settings);
    await setInstigatorStatus(instance, settings, schedule('hourly'), 'STOPPED');
    await later(3);
    expect((await ticksOf(schedule('hourly')))[0]?.status).toBe('FAILURE');
    expect(await storage.countRuns({})).toBe(1);
  });

  it('leaves a tick that waits while its location does not load', async () => {
    define(hourly);
    await later(0);
    clock.jump(60 * 60_000);
    await evaluateTicks(dying(), settings);
    const [location] = instance.locations;
    if (location === undefined) throw new Error('no location');
    instance.locations[0] = { ...location, manifest: null, bundleHash: null };
    await later(5);
    expect((await ticksOf(schedule('hourly')))[0]?.status).toBe('STARTED');
    instance.locations[0] = location;
    await later(1);
    expect((await ticksOf(schedule('hourly')))[0]?.status).toBe('SUCCESS');
  });

  it('leaves a sensor tick that fails; the next one asks from the same cursor, and late words change nothing', async () => {
    define(polling);
    await storage.setSensorCursor(sensor('s'), 'c0');
    instance.answer = () => answering([request({ runKey: 'file-1' })], { cursor: 'c1' });
    await evaluateTicks(dying(), settings);
    const [open] = await ticksOf(sensor('s'));
    if (open === undefined) throw new Error('no tick');

    // Nobody else asks while its lease lasts, although the interval is over.
    await later(1);
    expect(instance.requests).toEqual([]);
    await later(1);
    await later(1);

    expect(instance.requests[0]).toMatchObject({ cursor: 'c0' });
    expect((await ticksOf(sensor('s'))).at(-1)).toMatchObject({
      tickId: open.tickId,
      status: 'FAILURE',
      error: { name: 'AbandonedTickError', message: expect.stringContaining('same cursor') },
    });
    const late = await storage.finishTick(open, {
      status: 'SUCCESS',
      runs: [],
      skipReason: null,
      cursor: 'late',
      error: null,
      dynamicPartitions: [],
      endedAt: clock.now(),
    });
    expect(late.status).toBe('FAILURE');
    expect(await storage.countRuns({})).toBe(1);
    expect((await storage.instigatorStates())[0]?.cursor).toBe('c1');
  });
});

describe('the retention of ticks', () => {
  it('removes those past it with what they logged, by kind and by how they ended', async () => {
    const objects = new Map<string, Uint8Array>();
    const keeping = { ...instance, objectStore: memoryObjectStore(objects) };
    define({
      jobs: [{ name: 'job', nodes: [aNode('one')] }],
      schedules: [{ name: 'f', cron: ['0 0 * * *'], jobName: 'job', request: null }],
      sensors: [{ name: 's', jobNames: ['job'], minimumIntervalSeconds: 30 }],
    });
    instance.answer = () =>
      ({
        ...(answering([], { skipReason: 'no' }) as object),
        logs: [{ level: 'INFO', timestamp: 1, message: 'm' }],
      }) as never;
    await evaluateTicks(keeping, settings);
    clock.jump(6 * 86_400_000);
    await evaluateTicks(keeping, settings);
    expect([await ticksOf(sensor('s')), await ticksOf(schedule('f'))]).toMatchObject([
      { length: 2 },
      { length: 1 },
    ]);
    expect(objects.size).toBe(3);

    clock.jump(2 * 86_400_000);
    expect(await purgeTicks(keeping, settings)).toBe(1);
    expect(await purgeTicks(keeping, settings)).toBe(0);
    expect([await ticksOf(sensor('s')), await ticksOf(schedule('f'))]).toMatchObject([
      { length: 1 },
      { length: 1 },
    ]);
    expect(objects.size).toBe(2);

    const all = { SKIPPED: 1, SUCCESS: null, FAILURE: null, STARTED: null };
    const ticksPurgeAfterDays = { schedule: all, sensor: { ...all, SKIPPED: null } };
    const retention = {
      runsPurgeAfterDays: null,
      backfillsPurgeAfterDays: null,
      automationPurgeAfterDays: null,
      ticksPurgeAfterDays,
    };
    await purgeTicks(keeping, someSettings({ retention }));
    expect([await ticksOf(sensor('s')), await ticksOf(schedule('f'))]).toMatchObject([
      { length: 1 },
      { length: 0 },
    ]);
    expect((await evaluateTicks(keeping, settings)).errors).toEqual([]);
  });
});

describe('health', () => {
  it('is good while what is due is done, and names what is overdue', async () => {
    define({ assets: { a: {} }, schedules: [{ name: 'hourly', cron: ['0 * * * *'] }] });
    await later(0);
    const health = async () => (await daemonHealth(instance, settings)).filter(({ healthy }) => !healthy);
    clock.jump(60 * 60_000);
    expect(await health()).toEqual([]);
    clock.jump(3 * 60_000);
    expect(await health()).toEqual([
      {
        daemonType: 'SCHEDULER',
        healthy: false,
        problems: [expect.stringContaining("'orchestration/hourly' was due at 2026-03-10T13:00")],
        lastHeartbeatAt: null,
      },
    ]);
    await later(0);
    expect(await health()).toEqual([]);
  });
});

async function failRun(): Promise<string> {
  const { runId } = await launchRun(instance, settings, { location: 'orchestration', jobName: 'job' });
  const workers = createPostgresWorkerStorage({ url: database.workerUrl });
  const ref = { runId, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(runId, 1) };
  await workers.startRun(ref);
  await workers.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'boom' });
  await workers.close();
  return runId;
}
