import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Driver } from '../../lib/adapters/postgres/driver';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { afterCommit } from '../../lib/engine/after-commit';
import { deliverOutbox } from '../../lib/engine/deliver-outbox';
import type { ExecutionHost } from '../../lib/execution/execution-host';
import { enterStep } from '../../lib/execution/pool-slot';
import type { RunQueueSettings } from '../../lib/model/run-queue-settings';
import { aRun, aStartedRun, aStep, SUCCESS } from '../contracts/storage-builders';
import { createTestInstance, someSettings, type TestInstance } from '../engine/support/test-instance';
import { ManualClock } from '../support/manual-clock';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';
import { waitingFor as waitingForLock } from './support/waiting-for';

const settings = someSettings();
const limited = (maxConcurrentRuns: number): RunQueueSettings => ({
  maxConcurrentRuns,
  tagConcurrencyLimits: [],
});

let database: ChaosDatabase;
let instance: TestInstance;
beforeAll(async () => {
  database = await openChaosDatabase();
});
beforeEach(async () => {
  await database.empty();
  instance = createTestInstance(createPostgresStorage({ driver: database.control }));
});
afterAll(() => database.close());

/** A connection that has looked at the queue and claimed, and has not committed: whoever claims now waits for it. */
async function claimingConnection(queue: RunQueueSettings): Promise<pg.Client> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('begin');
  await client.query('select * from headrace.claim_runs(50, $1)', [JSON.stringify(queue)]);
  return client;
}

const waitingFor = (text: string, count = 1): Promise<void> =>
  waitingForLock(database.admin, text, { count });

const startedRuns = (test: TestInstance): string[] => test.started.map(({ input }) => input.runId);
const leftInQueue = (): Promise<number> => instance.storage.countRuns({ statuses: ['QUEUED'] });

test('a run that is enqueued after another claimer has looked, and before it has left, is started by its own enqueuer', async () => {
  const early = aRun();
  await instance.storage.createRuns([early]);
  const first = await claimingConnection(settings.runQueue);
  const late = aRun();
  await instance.storage.createRuns([late]);

  const delivery = afterCommit(instance, settings);
  await waitingFor('headrace.claim_runs');
  await first.query('commit');
  await first.end();
  await delivery;

  expect(startedRuns(instance).sort()).toEqual([early.runId, late.runId].sort());
  expect(await leftInQueue()).toBe(0);
});

test('two dequeuers that meet leave no run behind and exceed no limit', async () => {
  const runs = Array.from({ length: 4 }, () => aRun());
  await instance.storage.createRuns(runs.slice(0, 2));
  const first = await claimingConnection(limited(3));
  await instance.storage.createRuns(runs.slice(2));

  const three = someSettings({ runQueue: limited(3) });
  const other = createTestInstance(instance.storage);
  const deliveries = [instance.storage.claimRuns(50, limited(3)), other.storage.claimRuns(50, limited(3))];
  await waitingFor('headrace.claim_runs', 2);
  await first.query('commit');
  await first.end();
  const claimed = (await Promise.all(deliveries)).flat();

  expect(claimed.map(({ runId }) => runId)).toEqual([runs[2]?.runId]);
  expect(await leftInQueue()).toBe(1);
  // Nothing but the end of one of them brings the last one in.
  await instance.storage.finalizeAttempt(runs[0]?.runId ?? '', 1, { kind: 'cancel', cause: 'x' });
  await afterCommit(instance, three);
  expect(await leftInQueue()).toBe(0);
});

/** A driver that does something else after its nth statement. */
function interrupted(nth: number, act: () => Promise<unknown>): Driver & { readonly statements: string[] } {
  const statements: string[] = [];
  return {
    statements,
    async query<Row>(sql: string, parameters = []) {
      const rows = await database.control.query<Row>(sql, parameters);
      statements.push(sql);
      if (statements.length === nth) await act();
      return rows;
    },
    close: async () => undefined,
  };
}

test('wherever in a delivery another run is enqueued, whoever enqueued it or the delivery itself starts it', async () => {
  const counting = interrupted(0, async () => undefined);
  await instance.storage.createRuns([aRun()]);
  await deliverOutbox(createTestInstance(createPostgresStorage({ driver: counting })), settings);
  const lastLook = counting.statements.findLastIndex((sql) => sql.includes('take_outbox')) + 1;
  expect(lastLook).toBeGreaterThan(4);

  let byDelivery = 0;
  for (let nth = 1; nth <= counting.statements.length; nth += 1) {
    for (const enqueuerDies of [false, true]) {
      // After the last look nobody is left but the sweep, which the crash points prove.
      if (enqueuerDies && nth >= lastLook) continue;
      await database.empty();
      const [early, late] = [aRun(), aRun()];
      const enqueuer = createTestInstance(instance.storage);
      let isEnqueued = false;
      const driver = interrupted(nth, async () => {
        await enqueuer.storage.createRuns([late]);
        isEnqueued = true;
        if (!enqueuerDies) await afterCommit(enqueuer, settings);
      });
      const deliverer = createTestInstance(createPostgresStorage({ driver }));
      await instance.storage.createRuns([early]);
      await deliverOutbox(deliverer, settings);

      expect(isEnqueued).toBe(true);
      const started = [...startedRuns(deliverer), ...startedRuns(enqueuer)];
      expect([...new Set(started)].sort()).toEqual([early.runId, late.runId].sort());
      expect(await leftInQueue()).toBe(0);
      if (startedRuns(deliverer).includes(late.runId)) byDelivery += 1;
    }
  }
  expect(byDelivery).toBeGreaterThan(0);
});

test('the end of a run between another claimer’s look and its leaving lets the next run in at once', async () => {
  const worker = createPostgresWorkerStorage({ driver: database.worker });
  const one = someSettings({ runQueue: limited(1) });
  const ref = await aStartedRun(instance.storage, worker);
  const next = aRun();
  await instance.storage.createRuns([next]);
  // Full: it has looked, and found no room.
  const first = await claimingConnection(limited(1));
  await worker.finishRun(ref, SUCCESS);

  const delivery = afterCommit(instance, one);
  await waitingFor('headrace.claim_runs');
  await first.query('commit');
  await first.end();
  await delivery;

  expect(startedRuns(instance)).toEqual([next.runId]);
});

test('a slot that is released between a step’s look and its wait is had at the next look', async () => {
  const worker = createPostgresWorkerStorage({
    driver: createPgDriver({ url: database.workerUrl, maxConnections: 2 }),
  });
  await instance.storage.setPoolLimit('db', 1);
  const holder = await aStartedRun(instance.storage, worker);
  const waiter = await aStartedRun(instance.storage, worker);
  await worker.claimPoolSlot(holder, 'db', 's');
  const clock = new ManualClock();
  const claims: boolean[] = [];
  const host = {
    clock,
    claimPoolSlot: async (pool: string, stepKey: string) => {
      const claim = await worker.claimPoolSlot(waiter, pool, stepKey);
      claims.push(claim.held);
      if (!claim.held) await worker.releasePoolSlot(holder, 'db', 's');
      return claim;
    },
    releasePoolSlot: (pool: string, stepKey: string) => worker.releasePoolSlot(waiter, pool, stepKey),
  } as unknown as ExecutionHost;
  const room = { acquire: async () => undefined, release: () => undefined };
  let hasEntered = false;
  const entering = enterStep(
    aStep({ key: 't', pool: 'db' }),
    host,
    room,
    new AbortController().signal,
    () => undefined,
  ).then((leave) => {
    hasEntered = true;
    return leave;
  });
  while (clock.sleeping === 0) await sleep(2);

  expect([claims, hasEntered]).toEqual([[false], false]);
  await clock.advance(1_000);
  await (await entering)();

  expect(claims).toEqual([false, true]);
  expect(clock.sleeps).toEqual([1_000]);
  await worker.close();
});

describe('a slot that a step gives back in the middle of its run', () => {
  /** A run that holds the only slot, and one in the queue that waits for it. */
  async function heldPool() {
    await instance.storage.setPoolLimit('db', 1);
    const worker = createPostgresWorkerStorage({ driver: database.worker });
    const holder = await aStartedRun(instance.storage, worker);
    expect(await worker.claimPoolSlot(holder, 'db', 's')).toEqual({ held: true });
    const next = aRun({ steps: [aStep({ key: 'load', pool: 'db' })] });
    return { worker, holder, next };
  }

  test('lets in the queued run that waits for it at once, without a sweep', async () => {
    const { worker, holder, next } = await heldPool();
    await instance.storage.createRuns([next]);
    await afterCommit(instance, settings);
    const [wait] = await instance.storage.runWaits([next.runId], 0, 'op');
    expect([startedRuns(instance), wait?.pools]).toEqual([
      [],
      [{ pool: 'db', limit: 1, used: 1, waiting: 0, holders: [holder.runId] }],
    ]);

    expect(await worker.releasePoolSlot(holder, 'db', 's')).toBe(true);
    await afterCommit(instance, settings);

    expect(startedRuns(instance)).toEqual([next.runId]);
    expect((await instance.storage.getRun(holder.runId))?.status).toBe('STARTED');
  });

  test('waits for a claim that has looked already, and then owes another one', async () => {
    const { worker, holder, next } = await heldPool();
    await instance.storage.createRuns([next]);
    // Full: it has looked, and found no slot.
    const first = await claimingConnection(settings.runQueue);
    const released = worker.releasePoolSlot(holder, 'db', 's');
    await waitingFor('headrace.release_pool_slot');
    await first.query('commit');
    await first.end();

    expect(await released).toBe(true);
    await afterCommit(instance, settings);
    expect(startedRuns(instance)).toEqual([next.runId]);
  });

  test('keeps a claim from looking until it is free for all to see', async () => {
    const { worker, holder, next } = await heldPool();
    const releasing = new pg.Client(database.workerUrl);
    await releasing.connect();
    await releasing.query('begin');
    const { rows } = await releasing.query(
      'select headrace.release_pool_slot($1, $2, $3, $4, $5, $6) as awaited',
      [holder.runId, holder.attempt, holder.workerId, holder.token, 'db', 's'],
    );
    // It looked before the run was there, so that only the run's own claim can let it in.
    expect(rows[0].awaited).toBe(false);
    await instance.storage.createRuns([next]);
    const claim = afterCommit(instance, settings);
    await waitingFor('headrace.claim_runs');
    expect(startedRuns(instance)).toEqual([]);
    await releasing.query('commit');
    await releasing.end();
    await claim;

    expect(startedRuns(instance)).toEqual([next.runId]);
    await worker.finishRun(holder, SUCCESS);
  });
});

describe('slots that a claim reserves for a run’s first steps', () => {
  const reserving = () =>
    aRun({ steps: [aStep({ key: 'a', pool: 'db' }), aStep({ key: 'b', pool: 'api' })] });
  const waiting = () => aRun({ steps: [aStep({ key: 'load', pool: 'api' })] });

  /** A run that has started with a slot of each of two pools reserved, and one in the queue that waits for the second. */
  async function reservedPools() {
    for (const pool of ['db', 'api']) await instance.storage.setPoolLimit(pool, 1);
    const worker = createPostgresWorkerStorage({ driver: database.worker });
    const holder = await aStartedRun(instance.storage, worker, reserving());
    const next = waiting();
    await instance.storage.createRuns([next]);
    await afterCommit(instance, settings);
    return { worker, holder, next };
  }

  test('stay theirs from the start of the run to its first heartbeat', async () => {
    const { holder, next } = await reservedPools();

    const [wait] = await instance.storage.runWaits([next.runId], 0, 'op');

    expect(startedRuns(instance)).toEqual([]);
    expect(wait?.pools).toMatchObject([{ pool: 'api', limit: 1, used: 1 }]);
    expect((await instance.storage.getRun(holder.runId))?.status).toBe('STARTED');
  });

  test('let in the queued run that waits for one that no first step has asked for, without a sweep', async () => {
    const { worker, holder, next } = await reservedPools();
    expect(await worker.claimPoolSlot(holder, 'db', 'a')).toEqual({ held: true });

    expect(await worker.heartbeat(holder)).toBe('dequeue');
    await afterCommit(instance, settings);

    expect(startedRuns(instance)).toEqual([next.runId]);
    expect(await worker.heartbeat(holder)).toBe('continue');
  });

  test('wake nobody when the first steps have taken them, and are not held twice', async () => {
    const { worker, holder } = await reservedPools();
    for (const [pool, step] of [
      ['db', 'a'],
      ['api', 'b'],
    ] as const) {
      expect(await worker.claimPoolSlot(holder, pool, step)).toEqual({ held: true });
    }
    expect(await worker.heartbeat(holder)).toBe('continue');
    expect(await leftInQueue()).toBe(1);

    expect(await worker.releasePoolSlot(holder, 'api', 'b')).toBe(true);
    await afterCommit(instance, settings);

    expect(await leftInQueue()).toBe(0);
  });

  test('wait for a claim that has looked already, and then owe another one', async () => {
    const { worker, holder, next } = await reservedPools();
    const first = await claimingConnection(settings.runQueue);
    const beat = worker.heartbeat(holder);
    await waitingFor('headrace.heartbeat');
    await first.query('commit');
    await first.end();

    expect(await beat).toBe('dequeue');
    await afterCommit(instance, settings);
    expect(startedRuns(instance)).toEqual([next.runId]);
  });
});
