import pg from 'pg';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { anEvent, aStartedRun } from '../contracts/storage-builders';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';
import { waitingFor } from './support/waiting-for';

let database: ChaosDatabase;
beforeAll(async () => {
  database = await openChaosDatabase();
});
afterAll(() => database.close());

test('a batch that is sent again while its first sending is not committed waits for it, and is stored once', async () => {
  const storage = createPostgresStorage({ driver: database.control });
  const worker = createPostgresWorkerStorage({ driver: database.worker });
  const ref = await aStartedRun(storage, worker);
  const batch = ['a', 'b'].map((stepKey) => anEvent('STEP_START', {}, { stepKey, tryNumber: 1 }));
  const first = new pg.Client(database.workerUrl);
  await first.connect();
  await first.query('begin');
  await first.query('select headrace.append_events($1, $2, $3, $4, 1, $5)', [
    ref.runId,
    ref.attempt,
    ref.workerId,
    ref.token,
    JSON.stringify(batch),
  ]);

  const again = worker.appendEvents(ref, 1, batch);
  await waitingFor(database.admin, 'headrace.append_events', { lock: 'any' });
  await first.query('commit');
  await first.end();
  await again;

  const stored = await storage.runEvents({ runId: ref.runId, limit: 9, types: ['STEP_START'] });
  expect(stored.map(({ stepKey }) => stepKey)).toEqual(['a', 'b']);
});

test('who asks for the last slot of a pool while another’s claim of it is not committed waits for it, and gets none', async () => {
  const storage = createPostgresStorage({ driver: database.control });
  const worker = createPostgresWorkerStorage({ driver: database.worker });
  await storage.setPoolLimit('narrow', 1);
  const ref = await aStartedRun(storage, worker);
  const other = await aStartedRun(storage, worker);
  const first = new pg.Client(database.workerUrl);
  await first.connect();
  await first.query('begin');
  await first.query("select headrace.claim_pool_slot($1, $2, $3, $4, 'narrow', 'load')", [
    ref.runId,
    ref.attempt,
    ref.workerId,
    ref.token,
  ]);

  const second = worker.claimPoolSlot(other, 'narrow', 'load');
  // An answer that needs no wait is looked at below.
  await Promise.race([waitingFor(database.admin, 'headrace.claim_pool_slot'), second]);
  await first.query('commit');
  await first.end();

  expect(await second).toMatchObject({ held: false, limit: 1, holders: [`${ref.runId}:load`] });
  expect(await storage.poolStates()).toMatchObject([{ pool: 'narrow', holders: [{ runId: ref.runId }] }]);
});
