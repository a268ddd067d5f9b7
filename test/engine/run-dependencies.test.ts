import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { runRequest } from '../../lib/definitions/run-requests';
import { cancelRun } from '../../lib/engine/cancel-run';
import { changePoolLimit, takePoolSlots } from '../../lib/engine/change-pools';
import { PlanError } from '../../lib/engine/errors';
import { explainWaiting } from '../../lib/engine/explain-waiting';
import { finalizeRun } from '../../lib/engine/finalize-run';
import { launchRun } from '../../lib/engine/launch-run';
import { buildTickRuns } from '../../lib/engine/ticks/build-tick-runs';
import type { Run } from '../../lib/model/run';
import type { AfterRequest } from '../../lib/model/run-dependency';
import type { FinishedStatus } from '../../lib/model/run-status';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const shop = aManifest({
  jobs: ['ingest', 'transform', 'report', 'pooled'].map((name) => ({ name, nodes: [aNode(name)] })),
  ops: { pooled: { pool: 'snowflake' } },
});

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

async function launch(jobName: string, after: AfterRequest | null = null, using = settings): Promise<string> {
  return (await launchRun(instance, using, { location: 'orchestration', jobName, after })).runId;
}

async function runOf(runId: string): Promise<Run> {
  const run = await storage.getRun(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}

async function end(runId: string, status: FinishedStatus, using = settings): Promise<void> {
  const ref = { runId, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(runId, 1) };
  await workers.startRun(ref);
  const failureReason = status === 'FAILURE' ? 'STEP_FAILURE' : null;
  await workers.finishRun(ref, { status, failureReason, cause: status === 'SUCCESS' ? null : 'boom' });
  await finalizeRun(instance, using, { runId, attempt: 1, cause: null });
}

const statusOf = async (runId: string) => (await runOf(runId)).status;
const reasonsOf = async (runId: string) =>
  (await explainWaiting(instance, settings, [await runOf(runId)])).get(runId);

test('a run starts after the success of another, and says what it waits for', async () => {
  const first = await launch('ingest');
  const second = await launch('transform', { runs: [first.slice(0, 8)] });
  const free = await launch('report');
  expect([await statusOf(second), await statusOf(free)]).toEqual(['QUEUED', 'STARTING']);
  expect(await reasonsOf(second)).toEqual([`waiting for run ${first.slice(0, 8)} (ingest) to succeed`]);
  await end(first, 'SUCCESS');
  expect(await statusOf(second)).toBe('STARTING');
});

test('a run whose dependency can no longer succeed ends with that cause, and so do those after it', async () => {
  const first = await launch('ingest');
  const second = await launch('transform', { runs: [first] });
  const third = await launch('report', { runs: [second] });
  const cleanUp = await launch('report', { runs: [second], requires: 'end' });
  await end(first, 'FAILURE');
  expect(await runOf(second)).toMatchObject({
    status: 'CANCELED',
    cause: `Not started: it was to start after a success, but run ${first.slice(0, 8)} (ingest) failed.`,
  });
  expect(await runOf(third)).toMatchObject({
    status: 'CANCELED',
    cause: expect.stringContaining(`run ${second.slice(0, 8)} (transform) was canceled`),
  });
  expect(await statusOf(cleanUp)).toBe('STARTING');
});

test('of several, all must be met, or any', async () => {
  const [a, b] = [await launch('ingest'), await launch('ingest')];
  const all = await launch('report', { runs: [a, b] });
  const any = await launch('report', { runs: [a, b], mode: 'any' });
  expect((await reasonsOf(any))?.[0]).toMatch(/^waiting for any of run \w{8} \(ingest\) to succeed, run/);
  await end(a, 'FAILURE');
  expect([await statusOf(all), await statusOf(any)]).toEqual(['CANCELED', 'QUEUED']);
  await end(b, 'SUCCESS');
  expect(await statusOf(any)).toBe('STARTING');
});

test('a job stands for its newest run, or for its first to come', async () => {
  const early = await launch('transform', { jobs: ['ingest'] });
  expect(await reasonsOf(early)).toEqual(['waiting for the first run of ingest to succeed']);
  const first = await launch('ingest');
  const later = await launch('report', { jobs: ['orchestration/ingest'] });
  expect(await reasonsOf(later)).toEqual([`waiting for run ${first.slice(0, 8)} (ingest) to succeed`]);
  await end(first, 'SUCCESS');
  expect([await statusOf(early), await statusOf(later)]).toEqual(['STARTING', 'STARTING']);
  expect(await statusOf(await launch('report', { jobs: ['ingest'] }))).toBe('STARTING');
});

test('runs that would wait for each other are refused, and nothing of them is stored', async () => {
  const first = await launch('transform', { jobs: ['ingest'] });
  const circular = launch('ingest', { runs: [first] });
  await expect(circular).rejects.toThrow(PlanError);
  await expect(circular).rejects.toMatchObject({ code: 'cycle' });
  expect(await storage.countRuns({})).toBe(1);
});

test('what does not exist cannot be waited for', async () => {
  await expect(launch('report', { runs: ['00000000'] })).rejects.toMatchObject({ code: 'unknown-run' });
  await expect(launch('report', { jobs: ['ingets'] })).rejects.toMatchObject({
    code: 'unknown-job',
    suggestions: ['ingest'],
  });
});

test('a failure that is retried is waited for, and its retry counts in its place', async () => {
  const eager = someSettings({ runRetries: { ...settings.runRetries, maxRetries: 1 } });
  const first = await launch('ingest', null, eager);
  const second = await launch('transform', { runs: [first] }, eager);
  await end(first, 'FAILURE', eager);
  expect(await statusOf(second)).toBe('QUEUED');
  const retry = (await runOf(first)).tags['dagster/auto_retry_run_id'] ?? '';
  await end(retry, 'SUCCESS', eager);
  expect(await statusOf(second)).toBe('STARTING');
});

test('a run that waits for another that is canceled in the queue hears of it', async () => {
  const one = someSettings({ runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [] } });
  await launch('report', null, one);
  const queued = await launch('ingest', null, one);
  const second = await launch('transform', { runs: [queued] }, one);
  await cancelRun(instance, one, queued, { force: false, cause: 'Canceled by ada.' });
  expect(await statusOf(second)).toBe('CANCELED');
});

test('a run whose first steps all wait for full pools stays in the queue and says who holds them', async () => {
  await storage.setPoolLimit('snowflake', 1);
  const holder = await launch('pooled');
  const waiting = await launch('pooled');
  const free = await launch('report');
  expect([await statusOf(waiting), await statusOf(free)]).toEqual(['QUEUED', 'STARTING']);
  const ref = { runId: holder, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(holder, 1) };
  await workers.startRun(ref);
  await workers.claimPoolSlot(ref, 'snowflake', 'pooled');
  expect(await reasonsOf(waiting)).toEqual([
    `waiting for pool snowflake: 1 of 1 held by run ${holder.slice(0, 8)}`,
  ]);
  await workers.finishRun(ref, { status: 'SUCCESS', failureReason: null, cause: null });
  await finalizeRun(instance, settings, { runId: holder, attempt: 1, cause: null });
  expect(await statusOf(waiting)).toBe('STARTING');
});

test('a queued run starts as soon as its pool gets another slot, loses its limit, or has a slot taken away', async () => {
  await changePoolLimit(instance, settings, { pool: 'snowflake', limit: 1 });
  const holder = await launch('pooled');
  const runs = [await launch('pooled'), await launch('pooled'), await launch('pooled')] as const;
  const ref = { runId: holder, attempt: 1, workerId: 'w', token: await storage.issueAttemptToken(holder, 1) };
  await workers.startRun(ref);
  await workers.claimPoolSlot(ref, 'snowflake', 'pooled');
  const statuses = () => Promise.all(runs.map(statusOf));
  expect(await statuses()).toEqual(['QUEUED', 'QUEUED', 'QUEUED']);
  await takePoolSlots(instance, settings, { runId: holder, stepKey: null });
  expect(await statuses()).toEqual(['STARTING', 'QUEUED', 'QUEUED']);
  await changePoolLimit(instance, settings, { pool: 'snowflake', limit: 2 });
  expect(await statuses()).toEqual(['STARTING', 'STARTING', 'QUEUED']);
  await changePoolLimit(instance, settings, { pool: 'snowflake', limit: null });
  expect(await statuses()).toEqual(['STARTING', 'STARTING', 'STARTING']);
});

test('a run that a schedule asks for may name what it starts after', async () => {
  const first = await launch('ingest');
  const request = runRequest({ job: 'report', after: { jobs: ['ingest'], requires: 'end' } }).request;
  const tick = {
    id: { location: 'orchestration', kind: 'schedule', name: 'nightly' },
    tickId: 1,
    scheduledAt: 0,
    jobNames: ['report'],
  } as const;
  const nothing = { skipReason: null, cursor: null, dynamicPartitionsRequests: [] };
  const location = { manifest: shop, bundleHash: 'b' };
  const runs = await buildTickRuns(instance, settings, location, tick, {
    ...nothing,
    runRequests: [request],
  });
  await storage.createRuns(runs);
  expect(await reasonsOf(runs[0]?.runId ?? '')).toEqual([
    `waiting for run ${first.slice(0, 8)} (ingest) to end`,
  ]);
});
