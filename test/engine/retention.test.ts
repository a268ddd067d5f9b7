import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { launchBackfill } from '../../lib/engine/launch-backfill';
import { purgeBackfills } from '../../lib/engine/purge-backfills';
import { purgeRuns } from '../../lib/engine/purge-runs';
import { chunkObjectKey } from '../../lib/model/compute-log';
import type { NewEvent } from '../../lib/model/event';
import { overflowObjectKey } from '../../lib/model/event-overflow';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { aMaterialization, anEvent, aRun, aStartedRun, aStep, SUCCESS } from '../contracts/storage-builders';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const DAY_MS = 24 * 3600 * 1000;
const check = { asset: 'orders', name: 'fresh' };
const steps = [aStep({ key: 's', assets: ['orders'], checks: [check] })];

let database: TestDatabase;
let storage: Storage;
let workers: WorkerStorage & { close(): Promise<void> };
let instance: TestInstance;
/** As it will be in so many days. */
let later: (days: number) => TestInstance;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  workers = createPostgresWorkerStorage({ url: database.workerUrl });
  instance = createTestInstance(storage);
  later = (days) => ({
    ...instance,
    clock: { ...instance.clock, now: () => Date.now() + days * DAY_MS },
  });
});

afterEach(async () => {
  await workers.close();
  await storage.close();
  await database.drop();
});

const keeping = (days: { readonly runs?: number; readonly backfills?: number }) => {
  const settings = someSettings();
  return someSettings({
    retention: {
      ...settings.retention,
      runsPurgeAfterDays: days.runs ?? null,
      backfillsPurgeAfterDays: days.backfills ?? null,
    },
  });
};

/** A run that has ended. */
async function ended(events: readonly NewEvent[], partitionKeys: readonly string[] = []): Promise<string> {
  const ref = await aStartedRun(storage, workers, aRun({ steps, partitionKeys }));
  await workers.appendEvents(ref, 1, events);
  await workers.finishRun(ref, SUCCESS);
  return ref.runId;
}

const evaluation = (passed: boolean): NewEvent =>
  anEvent(
    'ASSET_CHECK_EVALUATION',
    { ...check, passed, severity: 'ERROR', metadata: {}, blocking: false } as never,
    { assetKey: 'orders' },
  );

test('an asset keeps its latest state, its partitions, its checks and a count of its history by day', async () => {
  // Prepare
  const log = (runId: string) => chunkObjectKey({ runId, stepKey: 's', tryNumber: 1 }, 'stdout', 0);
  const runIds = [
    await ended([aMaterialization('orders', 'p1'), evaluation(false)], ['p1']),
    await ended([aMaterialization('orders', 'p2'), evaluation(true)], ['p2']),
  ];
  for (const runId of runIds) {
    await instance.objectStore.put(log(runId), new Uint8Array(3));
    await instance.objectStore.put(overflowObjectKey(runId, 1, 2), new Uint8Array(3));
  }
  const before = {
    records: await storage.assetRecords(['orders']),
    partitions: await storage.partitionStates(['orders']),
    checks: await storage.checkRecords(['orders']),
  };

  // Act
  expect(await purgeRuns(later(1), keeping({ runs: 2 }))).toBe(0);
  expect(await purgeRuns(later(3), keeping({ runs: 2 }))).toBe(2);

  // Assess
  expect(await storage.countRuns({})).toBe(0);
  expect(await instance.objectStore.list('')).toEqual([]);
  const [record] = await storage.assetRecords(['orders']);
  expect(record?.lastMaterialization).toEqual(before.records[0]?.lastMaterialization);
  expect(record?.lastMaterialization).not.toBeNull();
  expect(await storage.partitionStates(['orders'])).toEqual(before.partitions);
  expect(before.partitions).toHaveLength(2);
  expect(await storage.checkRecords(['orders'])).toEqual(before.checks);
  expect(before.checks).toMatchObject([{ status: 'SUCCEEDED' }]);
  // The failed one before it is gone.
  expect(await storage.checkHistory(check, 9)).toHaveLength(1);
  const [day, ...others] = await storage.assetHistory('orders', 9);
  expect(others).toEqual([]);
  expect(day).toEqual({ day: Date.UTC(2026, 0, 1), materializations: 2, observations: 0, failures: 0 });
});

test('the history of several passes adds up, and goes when the asset is wiped', async () => {
  for (const partition of ['p1', 'p2', 'p3']) {
    await ended([aMaterialization('orders', partition)], [partition]);
    expect(await purgeRuns(later(1), keeping({ runs: 0 }))).toBe(1);
  }
  expect(await storage.assetHistory('orders', 9)).toMatchObject([{ materializations: 3 }]);
  await storage.wipeAsset('orders', null);
  expect(await storage.assetHistory('orders', 9)).toEqual([]);
  expect((await storage.assetRecords(['orders']))[0]?.lastMaterialization ?? null).toBeNull();
});

test('a run with many events goes in several short statements, and a live one stays', async () => {
  const many = Array.from({ length: 4_500 }, () => anEvent('STEP_START', {}, { stepKey: 's' }));
  await ended(many);
  const live = await aStartedRun(storage, workers, aRun());
  const asked: number[] = [];
  const counting: Storage = {
    ...storage,
    async pruneRuns(runIds, maxEvents) {
      const pruned = await storage.pruneRuns(runIds, maxEvents);
      asked.push(pruned.events);
      return pruned;
    },
  };
  expect(await purgeRuns({ ...later(1), storage: counting }, keeping({ runs: 0 }))).toBe(1);
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(Math.max(...asked)).toBeLessThanOrEqual(2_000);
  expect((await storage.getRun(live.runId))?.status).toBe('STARTED');
});

test('a backfill that has ended goes after its time, with its partitions, some rows at a time; a live one stays', async () => {
  // Prepare
  const keys = Array.from({ length: 30 }, (_, index) => `p${index}`);
  instance.locations.push(
    aLocation(aManifest({ assets: { orders: { partitions: { type: 'static', keys } } } })),
  );
  const launch = async () =>
    (
      await launchBackfill(instance, keeping({}), {
        location: null,
        jobName: null,
        assets: ['orders'],
        partitions: 'all',
        config: null,
        tags: {},
      })
    ).backfillId;
  const [gone, live] = [await launch(), await launch()];
  const [{ version = 0 } = {}] = await storage.listBackfills({ backfillIds: [gone], limit: 1 });
  await storage.advanceBackfill(gone, version, {
    runs: [],
    requested: [],
    status: 'CANCELED',
    nextIterationAt: 0,
  });

  // Act
  expect(await purgeBackfills(later(1), keeping({ backfills: 2 }))).toBe(0);
  expect(await storage.purgeBackfills(Date.now() + DAY_MS, 10)).toBe(10);
  expect(await storage.listBackfills({ limit: 9 })).toHaveLength(2);
  await purgeBackfills(later(3), keeping({ backfills: 2 }));

  // Assess
  const left = await storage.listBackfills({ limit: 9 });
  expect(left.map(({ backfillId }) => backfillId)).toEqual([live]);
  expect(await storage.backfillTargets(gone)).toEqual([]);
  expect(await storage.backfillEvents(gone, 0, 9)).toEqual([]);
  expect((await storage.backfillTargets(live)).flatMap(({ partitions }) => partitions)).toHaveLength(30);
});
