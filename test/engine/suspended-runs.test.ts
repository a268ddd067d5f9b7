import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { cancelRun } from '../../lib/engine/cancel-run';
import { explainWaiting } from '../../lib/engine/explain-waiting';
import { finalizeRun } from '../../lib/engine/finalize-run';
import { launchRun } from '../../lib/engine/launch-run';
import { wakeUp } from '../../lib/engine/wake-up';
import type { AttemptRef, Run } from '../../lib/model/run';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const shop = aManifest({
  jobs: [{ name: 'load', nodes: [aNode('load')] }],
  ops: { load: { pool: 'db' } },
});

let database: TestDatabase;
let storage: Storage;
let workers: WorkerStorage & { close(): Promise<void> };
let instance: TestInstance;
const settings = someSettings({ runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [] } });

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  workers = createPostgresWorkerStorage({ url: database.workerUrl });
  instance = createTestInstance(storage);
  instance.locations.push(aLocation(shop));
  await storage.setPoolLimit('db', 1);
});

afterEach(async () => {
  await workers.close();
  await storage.close();
  await database.drop();
});

const launch = async (): Promise<string> =>
  (await launchRun(instance, settings, { location: 'orchestration', jobName: 'load' })).runId;

async function start(runId: string, attempt = 1): Promise<AttemptRef> {
  const token = await storage.issueAttemptToken(runId, attempt);
  const ref = { runId, attempt, workerId: `w${attempt}`, token };
  await workers.startRun(ref);
  return ref;
}

async function runOf(runId: string): Promise<Run> {
  const run = await storage.getRun(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}

/** Lets the clocks of the database and of the control plane stand: nothing is past because a machine is busy. */
async function standStill(at: number): Promise<void> {
  const driver = createPgDriver({ url: database.url, maxConnections: 1 });
  await driver.query(
    `create or replace function headrace.now_ms() returns bigint language sql volatile parallel safe
       as $$ select ${at}::bigint $$`,
  );
  await driver.close();
  instance = createTestInstance(storage, { ...systemClock, now: () => at });
  instance.locations.push(aLocation(shop));
}

const suspension = (resumeAt: number) => ({
  resumeAt,
  cause: 'waiting until noon',
  state: { dueAt: { load: resumeAt } },
});

test('a suspended run gives its slot and its leases to others, and says what it waits for', async () => {
  const [first, second] = [await launch(), await launch()];
  const ref = await start(first);
  await workers.claimPoolSlot(ref, 'db', 'load');
  expect((await runOf(second)).status).toBe('QUEUED');
  const resumeAt = Date.now() + 3_600_000;
  await workers.suspendRun(ref, suspension(resumeAt));
  await workers.suspendRun(ref, suspension(resumeAt));
  await finalizeRun(instance, settings, { runId: first, attempt: 1, cause: null });
  expect(await runOf(first)).toMatchObject({ status: 'SUSPENDED', resumeAt, suspensions: 1 });
  expect((await runOf(second)).status).toBe('STARTING');
  expect((await storage.poolStates())[0]?.holders).toEqual([]);
  expect((await explainWaiting(instance, settings, [await runOf(first)])).get(first)).toEqual([
    'waiting until noon',
  ]);
  await expect(workers.heartbeat(ref)).rejects.toThrow('SUSPENDED');
});

test('the alarm is set for the end of the wait, and then the run goes on with what it knew', async () => {
  // Well before the next sweep, which would come first.
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const resumeAt = hour + 400;
  await standStill(hour);
  const runId = await launch();
  const ref = await start(runId);
  await workers.suspendRun(ref, suspension(resumeAt));
  await wakeUp(instance, settings);
  expect(instance.alarms.at(-1)).toBe(resumeAt);
  expect((await runOf(runId)).status).toBe('SUSPENDED');
  await standStill(resumeAt + 5);
  // Two alarms at once, as they happen.
  await Promise.all([wakeUp(instance, settings), wakeUp(instance, settings)]);
  expect(await runOf(runId)).toMatchObject({ status: 'STARTING', attempt: 2, resumeAt: null, cause: null });
  const next = await start(runId, 2);
  expect(await workers.suspendedState(next)).toEqual({ dueAt: { load: resumeAt } });
});

test('an attempt that is lost after a suspension is replaced, and the next one still knows', async () => {
  const runId = await launch();
  await workers.suspendRun(await start(runId), suspension(0));
  await wakeUp(instance, settings);
  await start(runId, 2);
  const resuming = someSettings({ runMonitoring: { ...settings.runMonitoring, maxResumeRunAttempts: 1 } });
  await finalizeRun(instance, resuming, {
    runId,
    attempt: 2,
    cause: { Error: 'States.TaskFailed', Cause: 'killed by SIGKILL' },
  });
  // A suspension is no failure: one resumption is allowed still.
  expect(await runOf(runId)).toMatchObject({ status: 'STARTING', attempt: 3 });
  expect(await workers.suspendedState(await start(runId, 3))).toEqual({ dueAt: { load: 0 } });
});

test('a suspended run is canceled at once, and a cancellation beats a suspension', async () => {
  const first = await launch();
  await workers.suspendRun(await start(first), suspension(Date.now() + 3_600_000));
  expect(await cancelRun(instance, settings, first, { force: false, cause: 'Stop.' })).toBe('canceled');
  const second = await launch();
  const ref = await start(second);
  instance.runLauncher.stop = () => new Promise(() => {});
  await cancelRun(instance, settings, second, { force: false, cause: 'Canceled by ada.' });
  await workers.suspendRun(ref, suspension(Date.now() + 3_600_000));
  expect(await runOf(second)).toMatchObject({ status: 'CANCELED', cause: 'Canceled by ada.' });
});
