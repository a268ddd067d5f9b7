import { expect, test } from '@jest/globals';
import type { RunQueueSettings } from '../../../lib/model/run-queue-settings';
import { aRun, aStartedRun, aStep, UNLIMITED } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

const loads = () => aRun({ steps: [aStep({ key: 'load', pool: 'db' })] });

test('a slot that is given back owes a claim only when a queued run waits for it', async () => {
  const { storage, worker, admin } = await open();
  await storage.setPoolLimit('db', 1);
  await storage.setPoolLimit('api', 1);
  const holder = await aStartedRun(storage, worker);
  const owed = async (): Promise<number> =>
    (await admin.query(`select from headrace.outbox where kind = 'dequeue'`)).rows.length;
  const release = async (pool: string): Promise<boolean> => {
    await worker.claimPoolSlot(holder, pool, 's');
    await storage.claimRuns(9, UNLIMITED);
    await admin.query('delete from headrace.outbox');
    return worker.releasePoolSlot(holder, pool, 's');
  };

  expect([await release('db'), await owed()]).toEqual([false, 0]);
  // A pool without a limit keeps nobody waiting.
  expect([await release('free'), await owed()]).toEqual([false, 0]);
  await worker.claimPoolSlot(holder, 'db', 'other');
  await storage.createRuns([loads()]);
  expect([await release('api'), await owed()]).toEqual([false, 0]);
  expect(await storage.claimRuns(9, UNLIMITED)).toEqual([]);
  expect(await worker.releasePoolSlot(holder, 'db', 'other')).toBe(true);
  // Said again when the answer was lost, and owed once.
  expect(await worker.releasePoolSlot(holder, 'db', 'other')).toBe(true);
  expect(await owed()).toBe(1);
});

test('a step that waits for the slot comes before a queued run, which says so', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const [holder, waiter] = [await aStartedRun(storage, worker), await aStartedRun(storage, worker)];
  const queued = loads();
  await worker.claimPoolSlot(holder, 'db', 's');
  expect((await worker.claimPoolSlot(waiter, 'db', 's')).held).toBe(false);
  await storage.createRuns([queued]);
  expect(await storage.claimRuns(9, UNLIMITED)).toEqual([]);

  expect(await worker.releasePoolSlot(holder, 'db', 's')).toBe(false);
  expect(await storage.claimRuns(9, UNLIMITED)).toEqual([]);
  expect((await storage.runWaits([queued.runId], 0, 'op'))[0]?.pools).toEqual([
    { pool: 'db', limit: 1, used: 0, waiting: 1, holders: [] },
  ]);
  expect(await worker.claimPoolSlot(waiter, 'db', 's')).toEqual({ held: true });
  expect(await worker.releasePoolSlot(waiter, 'db', 's')).toBe(true);
  expect((await storage.claimRuns(9, UNLIMITED)).map(({ runId }) => runId)).toEqual([queued.runId]);
});

test.each([0, 1, 3])('a buffer of %s lets so many runs start beyond the slots of a pool', async (buffer) => {
  const { storage } = await open();
  await storage.setPoolLimit('db', 2);
  const runs = Array.from({ length: 7 }, loads);
  await storage.createRuns(runs);
  const queue: RunQueueSettings = { ...UNLIMITED, opGranularityRunBuffer: buffer };

  expect(await storage.claimRuns(9, queue)).toHaveLength(2 + buffer);
  expect(await storage.claimRuns(9, queue)).toEqual([]);
  const waits = await storage.runWaits(
    runs.map(({ runId }) => runId),
    0,
    'op',
  );
  expect(waits.map(({ pools }) => pools.map(({ pool }) => pool))).toEqual(
    Array.from({ length: 5 - buffer }, () => ['db']),
  );
});

test('with a buffer a slot that is given back owes a claim as soon as a run more may start', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const queue: RunQueueSettings = { ...UNLIMITED, opGranularityRunBuffer: 1 };
  const [holder, waiter] = [await aStartedRun(storage, worker), await aStartedRun(storage, worker)];
  await worker.claimPoolSlot(holder, 'db', 's');
  await worker.claimPoolSlot(waiter, 'db', 's');
  const queued = loads();
  await storage.createRuns([queued]);
  expect(await storage.claimRuns(9, queue)).toEqual([]);

  expect(await worker.releasePoolSlot(holder, 'db', 's')).toBe(true);
  expect((await storage.claimRuns(9, queue)).map(({ runId }) => runId)).toEqual([queued.runId]);
});

test('the buffer is of steps: runs that hold their pools as a whole never exceed the slots', async () => {
  const { storage } = await open();
  await storage.setPoolLimit('db', 1);
  await storage.createRuns([loads(), loads()]);
  const queue: RunQueueSettings = { ...UNLIMITED, poolGranularity: 'run', opGranularityRunBuffer: 5 };
  expect(await storage.claimRuns(9, queue)).toHaveLength(1);
});
