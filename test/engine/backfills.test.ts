import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { iterateBackfill } from '../../lib/engine/backfills/iterate-backfills';
import { changeBackfill, findBackfill, reexecuteBackfill } from '../../lib/engine/change-backfill';
import { explainWaiting } from '../../lib/engine/explain-waiting';
import { finalizeRun } from '../../lib/engine/finalize-run';
import {
  type LaunchBackfillRequest,
  launchBackfill,
  previewBackfill,
} from '../../lib/engine/launch-backfill';
import { sweep } from '../../lib/engine/sweep';
import type { BackfillStatus } from '../../lib/model/backfill';
import { backfillProgress, estimateBackfillEnd } from '../../lib/model/backfill';
import type { Run } from '../../lib/model/run';
import { TAG } from '../../lib/model/tags';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { aMaterialization } from '../contracts/storage-builders';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const daily = {
  type: 'time_window',
  cron: '0 0 * * *',
  timezone: 'UTC',
  start: '2026-01-01',
  end: '2026-01-11',
  endOffset: 0,
  format: '%Y-%m-%d',
} as const;
const weekly = { ...daily, cron: '0 0 * * 0', start: '2026-01-04', end: '2026-01-18' };
const many = { type: 'static', keys: Array.from({ length: 10_000 }, (_, index) => `p${index}`) } as const;
const self = {
  key: 'running_total',
  kind: 'ordering',
  input: null,
  mapping: { type: 'time_window', startOffset: -1, endOffset: -1, allowNonexistentUpstreamPartitions: true },
} as const;

const shop = aManifest({
  assets: {
    raw: { partitions: daily },
    clean: { partitions: daily, deps: ['raw'] },
    chunked: { partitions: daily, after: ['raw'], backfillPolicy: { maxPartitionsPerRun: 4 } },
    whole: { partitions: daily, backfillPolicy: { maxPartitionsPerRun: null } },
    report: { partitions: weekly, after: ['clean'] },
    total: { after: ['clean'] },
    running_total: { partitions: daily, dependencies: [self] },
    big: { partitions: many },
  },
  jobs: [{ name: 'load', partitions: daily, nodes: [aNode('one')] }],
});

const DAYS = Array.from({ length: 10 }, (_, index) => `2026-01-${String(index + 1).padStart(2, '0')}`);

let database: TestDatabase;
let storage: Storage;
let workers: WorkerStorage & { close(): Promise<void> };
let instance: TestInstance;
const settings = someSettings();

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  workers = createPostgresWorkerStorage({ url: database.workerUrl });
  instance = createTestInstance(storage);
  instance.locations.push(aLocation(shop));
});

afterEach(async () => {
  await workers.close();
  await storage.close();
  await database.drop();
});

const launch = (request: Partial<LaunchBackfillRequest>) =>
  launchBackfill(instance, settings, {
    location: 'orchestration',
    jobName: null,
    assets: null,
    partitions: 'all',
    config: null,
    tags: {},
    ...request,
  });

/** What a run is, as `clean raw 2026-01-01..2026-01-04`. */
async function described(runId: string): Promise<string> {
  const run = await storage.getRun(runId);
  const { partitionKeys = [] } = (await storage.getRunPlan(runId)) ?? {};
  const [first = '', last = first] = [partitionKeys[0], partitionKeys.at(-1)];
  return [...(run?.assetSelection ?? []), first === last ? first : `${first}..${last}`].join(' ');
}

/** Plays the worker of a run that has been started. */
async function play(runId: string, attempt: number, fails: (run: string) => boolean): Promise<void> {
  const ref = { runId, attempt, workerId: 'w', token: await storage.issueAttemptToken(runId, attempt) };
  await workers.startRun(ref);
  const plan = await storage.getRunPlan(runId);
  if (fails(await described(runId))) {
    await workers.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'boom' });
  } else {
    const keys = plan?.partitionKeys.length ? plan.partitionKeys : [undefined];
    const events = (plan?.steps ?? []).flatMap(({ assets }) =>
      assets.flatMap((asset) => keys.map((key) => aMaterialization(asset, key))),
    );
    if (events.length > 0) await workers.appendEvents(ref, 1, events);
    await workers.finishRun(ref, { status: 'SUCCESS', failureReason: null, cause: null });
  }
  await finalizeRun(instance, settings, { runId, attempt, cause: null });
}

/** Plays all runs until nothing more is started; answers what ran, in order. */
async function playAll(fails: (run: string) => boolean = () => false): Promise<string[]> {
  const played: string[] = [];
  for (let next = instance.started.shift(); next !== undefined; next = instance.started.shift()) {
    const { runId, attempt } = next.input;
    played.push(await described(runId));
    await play(runId, attempt, fails);
  }
  return played;
}

const statusOf = async (backfillId: string): Promise<BackfillStatus> =>
  (await findBackfill(instance, backfillId)).status;
const runsOf = (backfillId: string): Promise<readonly Run[]> =>
  storage.listRuns({ filter: { tags: [{ key: TAG.backfill, values: [backfillId] }] }, limit: 20_000 });

describe('what runs when', () => {
  test('a job has a run for each partition, enqueued at once, and is completed by the last of them', async () => {
    const { backfillId, runIds } = await launch({ jobName: 'load' });
    expect(runIds).toHaveLength(10);
    expect(await statusOf(backfillId)).toBe('REQUESTED');
    expect((await playAll()).sort()).toEqual(DAYS);
    const backfill = await findBackfill(instance, backfillId);
    expect(backfill.status).toBe('COMPLETED_SUCCESS');
    expect(backfillProgress(backfill)).toMatchObject({
      targeted: 10,
      completed: 10,
      failed: 0,
      inProgress: 0,
    });
  });

  test('assets of the same partitions share a run for each', async () => {
    const { backfillId } = await launch({
      assets: ['raw', 'clean'],
      partitions: ['2026-01-02', '2026-01-03'],
    });
    expect((await playAll()).sort()).toEqual(['raw clean 2026-01-02', 'raw clean 2026-01-03']);
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('what is partitioned otherwise waits for the partitions that it maps to, and no others', async () => {
    const { backfillId } = await launch({ assets: ['clean', 'report'], partitions: DAYS.slice(3) });
    // The second week ends after the last day that there is.
    const played = await playAll();
    expect(played.slice(0, 7).sort()).toEqual(DAYS.slice(3).map((day) => `clean ${day}`));
    expect(played.slice(7).sort()).toEqual(
      ['report 2026-01-04', 'report 2026-01-11'].slice(0, played.length - 7),
    );
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('an asset without partitions comes when all that it needs is made', async () => {
    await launch({ assets: ['clean', 'total'] });
    const played = await playAll();
    expect(played).toHaveLength(11);
    expect(played.at(-1)?.trim()).toBe('total');
  });

  test('a chunked policy makes contiguous runs of at most so many partitions, a single-run policy one', async () => {
    await launch({ assets: ['chunked'], partitions: DAYS.filter((day) => day !== '2026-01-03') });
    expect((await playAll()).sort()).toEqual([
      'chunked 2026-01-01..2026-01-02',
      'chunked 2026-01-04..2026-01-07',
      'chunked 2026-01-08..2026-01-10',
    ]);
    await launch({ assets: ['whole'] });
    expect(await playAll()).toEqual(['whole 2026-01-01..2026-01-10']);
  });

  test('an asset that depends on its own past goes partition by partition', async () => {
    const { runIds, backfillId } = await launch({ assets: ['running_total'], partitions: DAYS.slice(0, 4) });
    expect(runIds).toHaveLength(1);
    expect(await playAll()).toEqual(DAYS.slice(0, 4).map((day) => `running_total ${day}`));
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('a partition that failed holds back only what depends on it', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'clean', 'chunked'], partitions: DAYS });
    const played = await playAll((run) => run.endsWith(' 2026-01-05'));
    // Where it is cut depends on which of its partitions were ready first.
    const chunks = played
      .filter((run) => run.startsWith('chunked'))
      .map((run) => run.replace('chunked ', '').split('..'))
      .map(([first = '', last = first]) => DAYS.slice(DAYS.indexOf(first), DAYS.indexOf(last) + 1));
    expect(chunks.flat().sort()).toEqual(DAYS.filter((day) => day !== '2026-01-05'));
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(4);
    expect(chunks.length).toBeLessThan(9);
    const backfill = await findBackfill(instance, backfillId);
    expect(backfill.status).toBe('COMPLETED_FAILED');
    expect(backfillProgress(backfill, 'chunked')).toMatchObject({ completed: 9, failed: 1 });
    expect(backfillProgress(backfill, 'raw')).toMatchObject({ completed: 9, failed: 1 });
  });

  test('the preview names the same partitions and as many runs, and changes nothing', async () => {
    const request = {
      location: null,
      jobName: null,
      assets: ['raw', 'clean', 'chunked', 'total'],
      partitions: DAYS.slice(2),
    };
    const preview = await previewBackfill(instance, request);
    expect(await storage.countRuns({})).toBe(0);
    expect(preview.targets).toContainEqual({ asset: 'chunked', partitions: DAYS.slice(2) });
    await launch(request);
    expect(await playAll()).toHaveLength(preview.runCount);
  });
});

describe('over several code locations', () => {
  const marts = aManifest({
    location: 'marts',
    assets: {
      orders: { partitions: daily, after: ['clean'] },
      weekly_orders: { partitions: weekly, after: ['orders'] },
    },
  });

  beforeEach(() => {
    instance.locations.push(aLocation(marts, { bundleHash: 'hash-2' }));
  });

  test('assets of each run in their own, after what they need in the other', async () => {
    const partitions = DAYS.slice(0, 2);
    const request = { location: null, assets: ['raw', 'clean', 'orders'], partitions };
    const { backfillId } = await launch(request);
    const played = await playAll();
    expect(played.slice(0, 2).sort()).toEqual(partitions.map((day) => `raw clean ${day}`));
    expect(played.slice(2).sort()).toEqual(partitions.map((day) => `orders ${day}`));
    const runs = await runsOf(backfillId);
    expect(runs.map(({ location, bundleHash }) => `${location} ${bundleHash}`).sort()).toEqual([
      'marts hash-2',
      'marts hash-2',
      'orchestration hash-1',
      'orchestration hash-1',
    ]);
    expect(await findBackfill(instance, backfillId)).toMatchObject({
      status: 'COMPLETED_SUCCESS',
      locations: ['marts', 'orchestration'],
    });
    expect((await previewBackfill(instance, { jobName: null, ...request })).runCount).toBe(played.length);
  });

  test('waits while one of them does not load, and fails when an asset is gone from its own', async () => {
    const { backfillId } = await launch({ location: null, assets: ['clean', 'orders'], partitions: DAYS });
    instance.locations[1] = aLocation(marts, { manifest: null, bundleHash: null });
    await playAll();
    expect(await statusOf(backfillId)).toBe('REQUESTED');
    instance.locations[1] = aLocation(aManifest({ location: 'marts', assets: { other: {} } }));
    const backfill = await findBackfill(instance, backfillId);
    await iterateBackfill(instance, settings, backfill);
    await sweep(instance, settings);
    expect(await findBackfill(instance, backfillId)).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining("There is no asset 'orders'"),
    });
  });

  test('is done again from failure, over both', async () => {
    const { backfillId } = await launch({
      location: null,
      assets: ['clean', 'orders'],
      partitions: DAYS.slice(0, 3),
    });
    await playAll((run) => run === 'clean 2026-01-02');
    expect(await statusOf(backfillId)).toBe('COMPLETED_FAILED');
    await reexecuteBackfill(instance, settings, {
      parentBackfillId: backfillId,
      strategy: 'FROM_FAILURE',
      user: 'ada',
    });
    expect(await playAll()).toEqual(['clean 2026-01-02', 'orders 2026-01-02']);
  });

  test('takes no run config, which belongs to one of them', async () => {
    const launching = launch({ location: null, assets: ['clean', 'orders'], config: { ops: {} } });
    await expect(launching).rejects.toThrow('Run config belongs to one code location');
    expect(await storage.listBackfills({ limit: 1 })).toEqual([]);
  });
});

describe('what it says', () => {
  const said = async (backfillId: string) =>
    (await storage.backfillEvents(backfillId, 0, 100)).map(({ level, message }) => `${level} ${message}`);

  test('follows it from the request to the end, once for each iteration', async () => {
    const { backfillId } = await launch({
      assets: ['raw', 'chunked'],
      partitions: DAYS.slice(0, 4),
      tags: { [TAG.user]: 'ada' },
    });
    await changeBackfill(instance, settings, backfillId, { kind: 'pause' });
    await changeBackfill(instance, settings, backfillId, { kind: 'resume' });
    await playAll((run) => run === 'raw 2026-01-04');
    expect(await said(backfillId)).toEqual([
      'INFO Backfill of 8 partitions was requested by ada.',
      'INFO Requested 4 partitions of raw, by 4 runs.',
      'INFO Backfill was paused.',
      'INFO Backfill was resumed; it was paused.',
      'INFO Requested 3 partitions of chunked, by 1 runs.',
      'INFO Backfill has come to its end. Partitions: 6 made, 1 failed, 1 not requested, because something before them was not made.',
    ]);
    const [first, second] = await storage.backfillEvents(backfillId, 0, 2);
    expect(await storage.backfillEvents(backfillId, second?.eventId ?? 0, 1)).toMatchObject([
      { message: 'Backfill was paused.' },
    ]);
    expect(first?.eventId).toBeLessThan(second?.eventId ?? 0);
  });

  test('names the error of one that cannot go on', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'] });
    instance.locations[0] = aLocation(aManifest({ assets: { other: {} } }));
    instance.started.length = 1;
    await playAll();
    expect(await said(backfillId)).toContainEqual(expect.stringContaining('ERROR Backfill'));
  });
});

describe('a process that dies', () => {
  test('between the backfill and its runs leaves the runs to the next sweep', async () => {
    const dying: TestInstance = {
      ...instance,
      storage: { ...storage, advanceBackfill: () => Promise.reject(new PortError('transient', 'killed')) },
    };
    await expect(
      launchBackfill(dying, settings, {
        location: null,
        jobName: null,
        assets: ['raw'],
        partitions: 'all',
        config: null,
        tags: {},
      }),
    ).rejects.toThrow('killed');
    expect(await storage.countRuns({})).toBe(0);
    expect(await sweep(instance, settings)).toEqual([]);
    expect(await playAll()).toHaveLength(10);
  });

  test('before it hears that its runs were made makes no second ones', async () => {
    let isLost = false;
    const dying: TestInstance = {
      ...instance,
      storage: {
        ...storage,
        async advanceBackfill(...request) {
          await storage.advanceBackfill(...request);
          isLost = true;
          throw new PortError('transient', 'the answer is lost');
        },
      },
    };
    await expect(
      launchBackfill(dying, settings, {
        location: null,
        jobName: null,
        assets: ['raw'],
        partitions: 'all',
        config: null,
        tags: {},
      }),
    ).rejects.toThrow('lost');
    expect(isLost).toBe(true);
    await Promise.all([sweep(instance, settings), sweep(instance, settings)]);
    expect(await storage.countRuns({})).toBe(10);
  });

  test('several that iterate at once request every partition once', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'], partitions: DAYS });
    const backfill = await findBackfill(instance, backfillId);
    await Promise.all(Array.from({ length: 5 }, () => iterateBackfill(instance, settings, backfill)));
    const played = await playAll();
    expect(new Set(played).size).toBe(played.length);
    expect(played).toHaveLength(13);
  });

  test('10,000 partitions are enqueued by one statement', async () => {
    let statements = 0;
    const counting: TestInstance = {
      ...instance,
      storage: {
        ...storage,
        advanceBackfill: (...request) => {
          statements += 1;
          return storage.advanceBackfill(...request);
        },
      },
    };
    const { runIds } = await launchBackfill(counting, settings, {
      location: null,
      jobName: null,
      assets: ['big'],
      partitions: 'all',
      config: null,
      tags: {},
    });
    expect(runIds).toHaveLength(10_000);
    expect(statements).toBe(1);
    expect(await storage.countRuns({ statuses: ['QUEUED'] }, 20_000)).toBe(9_990);
  });
});

describe('while it goes on', () => {
  test('a cancellation cancels its runs, queued and running, and none of them is retried', async () => {
    const eager = someSettings({ runRetries: { ...settings.runRetries, maxRetries: 3 } });
    const { backfillId } = await launch({ assets: ['big'], partitions: many.keys.slice(0, 30), tags: {} });
    const first = instance.started[0]?.input.runId ?? '';
    const ref = { runId: first, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(first, 1) };
    await workers.startRun(ref);
    // Its worker takes its time.
    instance.runLauncher.stop = (runId) => (runId === first ? new Promise(() => {}) : Promise.resolve());
    await changeBackfill(instance, eager, backfillId, { kind: 'cancel', cause: 'Canceled by ada.' });
    expect(await statusOf(backfillId)).toBe('CANCELING');
    await workers.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'boom' });
    await finalizeRun(instance, eager, { runId: first, attempt: 1, cause: null });
    for (const run of await runsOf(backfillId)) {
      await finalizeRun(instance, eager, { runId: run.runId, attempt: run.attempt, cause: null });
    }
    await sweep(instance, eager);
    const runs = await runsOf(backfillId);
    expect(runs).toHaveLength(30);
    expect(runs.map(({ status }) => status).filter((status) => status !== 'CANCELED')).toEqual(['FAILURE']);
    expect(await findBackfill(instance, backfillId)).toMatchObject({
      status: 'CANCELED',
      cause: 'Canceled by ada.',
    });
  });

  test('a canceled one goes on with what was never made when it is resumed', async () => {
    const { backfillId } = await launch({ assets: ['big'], partitions: many.keys.slice(0, 12) });
    await changeBackfill(instance, settings, backfillId, { kind: 'cancel', cause: 'Stop.' });
    for (const run of await runsOf(backfillId)) {
      await finalizeRun(instance, settings, { runId: run.runId, attempt: run.attempt, cause: null });
    }
    await sweep(instance, settings);
    expect(await statusOf(backfillId)).toBe('CANCELED');
    instance.started.length = 0;
    await changeBackfill(instance, settings, backfillId, { kind: 'resume' });
    expect(await playAll()).toHaveLength(12);
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('a paused one starts no run, says so, and goes on when it is resumed', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'] });
    await changeBackfill(instance, settings, backfillId, { kind: 'pause' });
    expect(await playAll()).toHaveLength(10);
    expect(await runsOf(backfillId)).toHaveLength(10);
    const other = await launch({ assets: ['big'], partitions: many.keys.slice(0, 20) });
    await changeBackfill(instance, settings, other.backfillId, { kind: 'pause' });
    const held = (await runsOf(other.backfillId)).filter(({ status }) => status === 'QUEUED');
    expect(held).toHaveLength(10);
    await playAll();
    expect((await runsOf(other.backfillId)).filter(({ status }) => status === 'QUEUED')).toHaveLength(10);
    expect([...(await explainWaiting(instance, settings, held)).values()].flat()[0]).toBe(
      'waiting: its backfill is paused',
    );
    await changeBackfill(instance, settings, other.backfillId, { kind: 'resume' });
    expect(await playAll()).toHaveLength(10);
    await changeBackfill(instance, settings, backfillId, { kind: 'resume' });
    expect(await playAll()).toHaveLength(3);
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('another priority moves its queued runs, and those to come', async () => {
    const slow = await launch({ assets: ['big'], partitions: many.keys.slice(0, 15) });
    const { backfillId } = await launch({ assets: ['big'], partitions: many.keys.slice(20, 23) });
    await changeBackfill(instance, settings, backfillId, { kind: 'priority', priority: 7 });
    expect((await runsOf(backfillId)).map(({ tags }) => tags[TAG.priority])).toEqual(['7', '7', '7']);
    const played = await playAll();
    expect(played.slice(10, 13).sort()).toEqual(['big p20', 'big p21', 'big p22']);
    expect(await statusOf(slow.backfillId)).toBe('COMPLETED_SUCCESS');
  });

  test('a run that is retried is no failure of its partition until the retry has failed too', async () => {
    const eager = someSettings({ runRetries: { ...settings.runRetries, maxRetries: 1 } });
    const { backfillId, runIds } = await launchBackfill(instance, eager, {
      location: null,
      jobName: null,
      assets: ['raw'],
      partitions: ['2026-01-01'],
      config: null,
      tags: {},
    });
    const runId = runIds[0] ?? '';
    const ref = { runId, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(runId, 1) };
    await workers.startRun(ref);
    await workers.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'boom' });
    // The backfill looks before the run's coordinator has said anything.
    await sweep(instance, eager);
    expect(await statusOf(backfillId)).toBe('REQUESTED');
    expect(await runsOf(backfillId)).toHaveLength(2);
    instance.started.shift();
    await playAll();
    const backfill = await findBackfill(instance, backfillId);
    expect(backfill.status).toBe('COMPLETED_SUCCESS');
    expect(backfillProgress(backfill)).toMatchObject({ completed: 1, failed: 0 });
  });

  test('one whose definitions are gone fails with the reason, and its runs are canceled', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'] });
    instance.locations[0] = aLocation(aManifest({ assets: { other: {} } }));
    instance.started.length = 1;
    await playAll();
    await sweep(instance, settings);
    expect(await findBackfill(instance, backfillId)).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining("There is no asset 'raw'"),
    });
  });

  test('one whose code location does not load waits for it', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'] });
    instance.locations[0] = aLocation(shop, { manifest: null, bundleHash: null });
    await playAll();
    expect(await findBackfill(instance, backfillId)).toMatchObject({ status: 'REQUESTED', failureCount: 0 });
    expect(instance.alarms.at(-1)).not.toBeNull();
  });
});

describe('doing it again', () => {
  test('from failure makes what was not made, and names its parent', async () => {
    const { backfillId } = await launch({ assets: ['raw', 'chunked'], partitions: DAYS });
    await playAll((run) => run === 'raw 2026-01-05');
    const again = await reexecuteBackfill(instance, settings, {
      parentBackfillId: backfillId,
      strategy: 'FROM_FAILURE',
      user: 'ada',
    });
    expect(await playAll()).toEqual(['raw 2026-01-05', 'chunked 2026-01-05']);
    expect(await findBackfill(instance, again.backfillId)).toMatchObject({
      status: 'COMPLETED_SUCCESS',
      parentBackfillId: backfillId,
      rootBackfillId: backfillId,
    });
  });

  test('of a job from failure goes on from the last run of each partition that failed', async () => {
    await launch({ jobName: 'load', partitions: DAYS.slice(0, 4) });
    await playAll((run) => run === '2026-01-02');
    const { backfillId } = await launch({ jobName: 'load', partitions: DAYS.slice(0, 4), fromFailure: true });
    const [only, ...others] = await runsOf(backfillId);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ parentRunId: expect.any(String), tags: { [TAG.partition]: '2026-01-02' } });
    await playAll();
    expect(await statusOf(backfillId)).toBe('COMPLETED_SUCCESS');
  });
});

test('the estimate goes by what was done so far', () => {
  const counts = [
    { asset: null, status: 'SUCCESS', count: 20 },
    { asset: null, status: 'REQUESTED', count: 60 },
  ] as const;
  const backfill = { counts, createdAt: 0, endedAt: null, pausedAt: null };
  expect(estimateBackfillEnd(backfill, 1_000)).toBe(4_000);
  expect(estimateBackfillEnd({ ...backfill, pausedAt: 5 }, 1_000)).toBeNull();
  expect(estimateBackfillEnd({ ...backfill, counts: counts.slice(1) }, 1_000)).toBeNull();
});
