import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import type { AttemptRef } from '../../../lib/model/run';
import { aRun, aStartedRun, SUCCESS } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

const CLAIM = 'select headrace.claim_pool_slot($1, $2, $3, $4, $5, $6) as claim';
const claimOf = ({ runId, attempt, workerId, token }: AttemptRef, stepKey: string) => [
  runId,
  attempt,
  workerId,
  token,
  'db',
  stepKey,
];

test('two that ask for the last slot at once meet at the barrier, and one of them gets it', async () => {
  const { storage, worker, database, admin } = await open();
  await storage.setPoolLimit('db', 1);
  const [a, b] = [await aStartedRun(storage, worker), await aStartedRun(storage, worker)];
  const first = new pg.Client(database.workerUrl);
  await first.connect();
  await first.query('begin');
  const { rows } = await first.query(CLAIM, claimOf(a, 's'));
  expect(rows[0].claim).toEqual({ held: true });

  const second = worker.claimPoolSlot(b, 'db', 's');
  for (let isWaiting = false; !isWaiting; await sleep(5)) {
    const found = await admin.query(
      `select from pg_stat_activity where query like '%claim_pool_slot%' and wait_event = 'advisory'`,
    );
    isWaiting = found.rows.length > 0;
  }
  await first.query('commit');
  await first.end();

  expect(await second).toMatchObject({ held: false, limit: 1, holders: [`${a.runId}:s`] });
});

test('a slot that becomes free goes to the highest priority, then to who came first', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const holder = await aStartedRun(storage, worker);
  const low = await aStartedRun(storage, worker);
  const urgent = await aStartedRun(storage, worker, aRun({ tags: { 'dagster/priority': '5' } }));
  await worker.claimPoolSlot(holder, 'db', 's');
  expect((await worker.claimPoolSlot(low, 'db', 'first')).held).toBe(false);
  expect((await worker.claimPoolSlot(low, 'db', 'second')).held).toBe(false);
  expect((await worker.claimPoolSlot(low, 'db', 'raised', 2)).held).toBe(false);
  expect((await worker.claimPoolSlot(urgent, 'db', 's')).held).toBe(false);
  await worker.releasePoolSlot(holder, 'db', 's');

  const order: string[] = [];
  const steps = [
    [low, 'second', 0],
    [low, 'first', 0],
    [low, 'raised', 2],
    [urgent, 's', 0],
  ] as const;
  for (let round = 0; round < steps.length; round += 1) {
    for (const [ref, step, priority] of steps) {
      if (order.includes(step) || !(await worker.claimPoolSlot(ref, 'db', step, priority)).held) continue;
      order.push(step);
      await worker.releasePoolSlot(ref, 'db', step);
      break;
    }
  }
  expect(order).toEqual(['s', 'raised', 'first', 'second']);
});

test('who has stopped asking, or whose run has ended, stands in nobody’s way', async () => {
  const { storage, worker, admin } = await open();
  await storage.setPoolLimit('db', 1);
  const [holder, silent, ended, patient] = [
    await aStartedRun(storage, worker),
    await aStartedRun(storage, worker, aRun({ tags: { 'dagster/priority': '9' } })),
    await aStartedRun(storage, worker, aRun({ tags: { 'dagster/priority': '9' } })),
    await aStartedRun(storage, worker),
  ];
  await worker.claimPoolSlot(holder, 'db', 's');
  for (const ref of [silent, ended, patient]) await worker.claimPoolSlot(ref, 'db', 's');
  await admin.query('update headrace.pool_waiters set asked_at = asked_at - 60000 where run_id = $1', [
    silent.runId,
  ]);
  await worker.finishRun(ended, SUCCESS);
  await worker.finishRun(holder, SUCCESS);

  expect((await worker.claimPoolSlot(patient, 'db', 's')).held).toBe(true);
});

test('limits are reached and never exceeded while backends are killed at random', async () => {
  const { storage, worker, database, admin } = await open();
  const LIMIT = 3;
  await storage.setPoolLimit('db', LIMIT);
  const victim = createPostgresWorkerStorage({
    url: database.url,
    maxConnections: 6,
    applicationName: 'pool-victim',
  });
  const refs = [];
  for (let i = 0; i < 8; i += 1) refs.push(await aStartedRun(storage, worker));
  let [faults, held, most] = [0, 0, 0];
  let done = false;
  const insist = async (call: () => Promise<unknown>): Promise<unknown> => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        expect(error).toMatchObject({ fault: 'transient' });
        faults += 1;
      }
    }
  };
  const watch = async (): Promise<void> => {
    while (!done) {
      const [state] = await storage.poolStates();
      most = Math.max(most, state?.holders.length ?? 0);
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'pool-victim' and state = 'active' order by random() limit 1`,
      );
      await sleep(5);
    }
  };
  const work = async (ref: AttemptRef): Promise<void> => {
    for (let step = 0; step < 6; step += 1) {
      while (!((await insist(() => victim.claimPoolSlot(ref, 'db', `s${step}`))) as { held: boolean }).held) {
        await sleep(2);
      }
      held += 1;
      expect(held).toBeLessThanOrEqual(LIMIT);
      await sleep(5);
      held -= 1;
      await insist(() => victim.releasePoolSlot(ref, 'db', `s${step}`));
    }
  };
  const watching = watch();
  await Promise.all(refs.map(work));
  done = true;
  await watching;
  await victim.close();

  expect(faults).toBeGreaterThan(0);
  expect(most).toBe(LIMIT);
  expect((await storage.poolStates())[0]?.holders).toEqual([]);
});
