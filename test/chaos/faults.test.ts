import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { finalizeRun } from '../../lib/engine/finalize-run';
import { launchRun } from '../../lib/engine/launch-run';
import { sweep } from '../../lib/engine/sweep';
import type { AttemptRef, Run } from '../../lib/model/run';
import type { Clock } from '../../lib/ports/clock';
import { StaleAttemptError, type WorkerStorage } from '../../lib/ports/worker-storage';
import { aRun, launch, SUCCESS, UNLIMITED } from '../contracts/storage-builders';
import { aManifest, aNode } from '../engine/support/build-manifest';
import {
  aLocation,
  createTestInstance,
  someSettings,
  type TestInstance,
} from '../engine/support/test-instance';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const settings = someSettings();
const { startTimeout, heartbeatTimeout } = settings.runMonitoring;

let database: ChaosDatabase;
let worker: WorkerStorage;
let instance: TestInstance;
/** Milliseconds by which database and control plane are ahead of the machine. */
let aheadBy: number;
beforeAll(async () => {
  database = await openChaosDatabase();
  worker = createPostgresWorkerStorage({ driver: database.worker });
});
beforeEach(async () => {
  await database.empty();
  await database.setClock(0);
  aheadBy = 0;
  instance = anInstance(0);
});
afterAll(() => database.close());

/** A control plane whose clock is wrong by so much. */
function anInstance(wrongBy: number): TestInstance {
  const clock: Clock = {
    now: () => Date.now() + aheadBy + wrongBy,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  };
  const made = createTestInstance(createPostgresStorage({ driver: database.control }), clock);
  made.locations.push(
    aLocation(
      aManifest({
        jobs: [{ name: 'load', nodes: [aNode('one')] }],
        schedules: [{ name: 'hourly', cron: ['0 * * * *'], jobName: 'load' }],
        sensors: [
          { name: 'greedy', jobNames: ['load'], minimumIntervalSeconds: 30, defaultStatus: 'STOPPED' },
        ],
      }),
      { updatedAt: Date.now() - HOUR },
    ),
  );
  return made;
}

async function pass(ms: number): Promise<void> {
  aheadBy += ms;
  await database.setClock(aheadBy);
}

async function launched(tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const request = { location: 'orchestration', jobName: 'load', tags };
  return (await launchRun(instance, settings, request)).runId;
}

async function started(tags: Readonly<Record<string, string>> = {}): Promise<AttemptRef> {
  const ref = await launch(instance.storage, await launched(tags));
  await worker.startRun(ref);
  return ref;
}

async function runOf(runId: string): Promise<Run> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}

const saidOf = async (runId: string): Promise<string> =>
  (await instance.storage.runEvents({ runId, limit: 100 })).map(({ message }) => message).join('\n');

test('a task that never gets beyond PENDING is stopped after the start time-out, and another attempt is started', async () => {
  const runId = await launched();
  const first = await launch(instance.storage, runId);

  await pass((startTimeout - 1) * SECOND);
  await sweep(instance, settings);
  expect(instance.stoppedAttempts).toEqual([]);
  await pass(2 * SECOND);
  await sweep(instance, settings);

  expect(instance.stoppedAttempts).toEqual([`${runId}-1`]);
  expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-1`, `${runId}-2`]);
  expect(await saidOf(runId)).toContain(`no worker started within ${startTimeout} s`);
  await expect(worker.startRun(first)).rejects.toThrow(StaleAttemptError);
});

test('a worker that hangs while its heart beats is ended by the maximum runtime, with the reason', async () => {
  const ref = await started({ 'dagster/max_runtime': '600' });

  for (let minute = 0; minute < 10; minute += 1) {
    await pass(MINUTE);
    expect(await worker.heartbeat(ref)).toBe('continue');
    if (minute < 9) await sweep(instance, settings);
  }
  expect((await runOf(ref.runId)).status).toBe('STARTED');
  await pass(SECOND);
  await sweep(instance, settings);

  expect(instance.stoppedAttempts).toEqual([`${ref.runId}-1`]);
  expect(await runOf(ref.runId)).toMatchObject({
    status: 'FAILURE',
    cause: 'Exceeded maximum runtime of 600 s.',
  });
});

test('a run whose execution was aborted by hand is settled once its heart has stopped, though nobody finalizes it', async () => {
  const ref = await started();
  await pass((heartbeatTimeout + 1) * SECOND);
  await sweep(instance, settings);

  expect(instance.stoppedAttempts).toEqual([`${ref.runId}-1`]);
  expect(await runOf(ref.runId)).toMatchObject({
    status: 'FAILURE',
    cause: `Run failed: the worker was lost: no heartbeat for ${heartbeatTimeout} s (attempt 1).`,
  });
  await expect(worker.finishRun(ref, SUCCESS)).rejects.toThrow(StaleAttemptError);
});

test('a failure that nobody finalized is retried by the sweep, once, also when it is finalized after all', async () => {
  const ref = await started({ 'dagster/max_retries': '1' });
  const plain = await started();
  const failure = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'one failed' } as const;
  for (const each of [ref, plain]) await worker.finishRun(each, failure);
  expect((await runOf(ref.runId)).tags['dagster/will_retry']).toBeUndefined();

  await sweep(instance, settings);
  await sweep(instance, settings);
  await finalizeRun(instance, settings, { runId: ref.runId, attempt: 1, cause: null });

  const retries = await instance.storage.listRuns({
    filter: { tags: [{ key: 'dagster/parent_run_id', values: [ref.runId] }] },
    limit: 9,
  });
  expect(retries.map(({ status }) => status)).toEqual(['STARTING']);
  expect((await runOf(ref.runId)).tags['dagster/will_retry']).toBe('true');
  expect(await instance.storage.countRuns({})).toBe(3);
});

test('an execution that is redriven days later starts no worker and changes nothing', async () => {
  const ref = await started();
  await instance.storage.finalizeAttempt(ref.runId, 1, { kind: 'resume', cause: 'the worker was lost' });
  await instance.storage.claimRuns(1, UNLIMITED);
  const second = await launch(instance.storage, ref.runId, 2);
  await worker.startRun(second);
  const redriven = { runId: ref.runId, attempt: 1, cause: { Error: 'States.TaskFailed', Cause: 'redriven' } };

  await expect(instance.storage.issueAttemptToken(ref.runId, 1)).rejects.toThrow(StaleAttemptError);
  await finalizeRun(instance, settings, redriven);
  expect(await runOf(ref.runId)).toMatchObject({ status: 'STARTED', attempt: 2 });
  await worker.finishRun(second, SUCCESS);
  await finalizeRun(instance, settings, redriven);

  expect(await runOf(ref.runId)).toMatchObject({ status: 'SUCCESS', attempt: 2 });
  expect(await saidOf(ref.runId)).not.toContain('redriven');
});

test('what an execution is started with stays small, however large the run', async () => {
  const tags = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`team/tag${index}`, 'x'.repeat(200)]),
  );
  const run = aRun({ tags, config: { text: 'x'.repeat(300_000) } });
  await instance.storage.createRuns([run]);

  await sweep(instance, settings);

  expect(JSON.stringify(await runOf(run.runId)).length).toBeGreaterThan(400_000);
  expect(instance.started).toHaveLength(1);
  // Step Functions takes 262,144 bytes.
  expect(JSON.stringify(instance.started[0]).length).toBeLessThan(2_000);
});

test('control planes whose clocks are five minutes wrong take no live run for lost, and make one run of a tick', async () => {
  // Twenty minutes to the hour, by the database's clock.
  await pass(HOUR - (Date.now() % HOUR) + 40 * MINUTE);
  const clocks = [anInstance(-5 * MINUTE), anInstance(5 * MINUTE), anInstance(0)];
  for (const each of clocks) await evaluateTicks(each, settings);
  const ref = await started();
  for (const each of clocks) expect(await sweep(each, settings)).toEqual([]);
  expect(clocks.flatMap(({ stoppedAttempts }) => stoppedAttempts)).toEqual([]);
  expect((await runOf(ref.runId)).status).toBe('STARTED');

  for (let minute = 0; minute < 30; minute += 5) {
    await pass(5 * MINUTE);
    await worker.heartbeat(ref);
    await Promise.all(clocks.map((each) => evaluateTicks(each, settings)));
  }

  const ticks = await instance.storage.listTicks({
    instigator: { location: 'orchestration', kind: 'schedule', name: 'hourly' },
    limit: 10,
  });
  // That of the hour before, made up for, and the one that came in between.
  expect(ticks.map(({ status, runIds }) => [status, runIds.length])).toEqual([
    ['SUCCESS', 1],
    ['SUCCESS', 1],
  ]);
  expect(new Set(ticks.map(({ scheduledAt }) => scheduledAt)).size).toBe(2);
  expect(await instance.storage.countRuns({})).toBe(3);
});

test('a sensor that asks for a million runs gets none, and says so', async () => {
  await instance.storage.setInstigatorStatus(
    { location: 'orchestration', kind: 'sensor', name: 'greedy' },
    'RUNNING',
    instance.clock.now(),
  );
  const request = {
    ...{ jobName: null, config: {}, tags: {}, partitionKey: null },
    ...{ assetSelection: null, assetCheckSelection: null },
  };
  instance.answer = () =>
    ({
      result: {
        runRequests: Array.from({ length: 1_000_000 }, (_, index) => ({ ...request, runKey: `k${index}` })),
        skipReason: null,
        cursor: 'c1',
        dynamicPartitionsRequests: [],
      },
      logs: [],
    }) as never;

  await evaluateTicks(instance, settings);

  const [tick] = await instance.storage.listTicks({
    instigator: { location: 'orchestration', kind: 'sensor', name: 'greedy' },
    limit: 1,
  });
  expect(tick).toMatchObject({
    status: 'FAILURE',
    cursor: null,
    runIds: [],
    error: { message: expect.stringContaining('asks for 1000000 runs') },
  });
});
