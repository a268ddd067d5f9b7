import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { afterCommit } from '../../lib/engine/after-commit';
import { cancelRun } from '../../lib/engine/cancel-run';
import { deliverOutbox } from '../../lib/engine/deliver-outbox';
import { PlanError, RunConfigError, RunStateError } from '../../lib/engine/errors';
import { explainWaiting } from '../../lib/engine/explain-waiting';
import { finalizeRun } from '../../lib/engine/finalize-run';
import { launchRun } from '../../lib/engine/launch-run';
import { reexecuteRun } from '../../lib/engine/reexecute-run';
import { sweep } from '../../lib/engine/sweep';
import { chunkObjectKey } from '../../lib/model/compute-log';
import type { NewEvent } from '../../lib/model/event';
import type { AttemptRef, Run } from '../../lib/model/run';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import type { RunOutcome, WorkerStorage } from '../../lib/ports/worker-storage';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let workers: WorkerStorage & { close(): Promise<void> };
let instance: TestInstance;
const settings = someSettings();

const daily = {
  type: 'time_window',
  cron: '0 0 * * *',
  timezone: 'UTC',
  start: '2026-01-01',
  endOffset: 0,
  format: '%Y-%m-%d',
} as const;
const orchestration = aManifest({
  assets: {
    'raw/a': {},
    'raw/b': { deps: ['raw/a'] },
    'raw/c': { deps: ['raw/b'] },
    daily: { partitions: daily },
  },
  jobs: [
    { name: 'ingest', assets: ['raw/a', 'raw/b', 'raw/c'], assetChecks: [], runTags: { team: 'data' } },
    {
      name: 'graph',
      nodes: [
        aNode('one'),
        aNode('two', { inputs: [{ name: 'x', from: [{ node: 'one', output: 'result', collect: false }] }] }),
      ],
    },
    { name: 'configured', nodes: [aNode('one')], configSchema: { type: 'object', required: ['ops'] } },
  ],
  ops: { two: { inputs: [{ name: 'x', description: null, hasValue: true }] } },
});
const dbt = aManifest({
  location: 'orchestration-dbt',
  assets: { 'raw/c': { op: null }, model: { op: 'dbt', after: ['raw/c'] } },
});

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  workers = createPostgresWorkerStorage({ url: database.workerUrl });
  instance = createTestInstance(storage);
  instance.locations.push(aLocation(orchestration), aLocation(dbt));
});

afterEach(async () => {
  await workers.close();
  await storage.close();
  await database.drop();
});

const ingest = { location: 'orchestration', jobName: 'ingest' };

async function runOf(runId: string): Promise<Run> {
  const run = await storage.getRun(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}

async function startWorker(runId: string, attempt = 1): Promise<AttemptRef> {
  const token = await storage.issueAttemptToken(runId, attempt);
  const ref = { runId, attempt, workerId: `worker-${attempt}`, token };
  await workers.startRun(ref);
  return ref;
}

const stepEvent = (type: 'STEP_SUCCESS' | 'STEP_FAILURE', stepKey: string): NewEvent =>
  type === 'STEP_SUCCESS'
    ? { type, stepKey, data: { seconds: 1 }, timestamp: Date.now(), level: 'INFO', message: type }
    : {
        type,
        stepKey,
        data: { error: { name: 'Error', message: 'boom' } },
        timestamp: Date.now(),
        level: 'ERROR',
        message: type,
      };

/** Plays a worker through its steps, and its execution to the end. */
async function work(
  runId: string,
  events: readonly NewEvent[],
  outcome: RunOutcome,
  attempt = 1,
): Promise<void> {
  const ref = await startWorker(runId, attempt);
  if (events.length > 0) await workers.appendEvents(ref, 1, events);
  await workers.finishRun(ref, outcome);
  await finalizeRun(instance, settings, { runId, attempt, cause: null });
}

const SUCCESS: RunOutcome = { status: 'SUCCESS', failureReason: null, cause: null };
const STEP_FAILED: RunOutcome = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'Step failed.' };
const LOST = { Error: 'States.TaskFailed', Cause: 'killed by SIGKILL' };

describe('an attempt whose task failed', () => {
  it('goes on by another only when no task of it is left, as a lost answer may have started two', async () => {
    const resuming = {
      ...settings,
      runMonitoring: { ...settings.runMonitoring, maxResumeRunAttempts: 1 },
    };
    const { runId } = await launchRun(instance, resuming, ingest);
    await startWorker(runId);
    const { stop } = instance.runLauncher;
    Object.assign(instance.runLauncher, {
      stop: () => Promise.reject(new PortError('transient', 'the other task is still RUNNING')),
    });
    const failed = { runId, attempt: 1, cause: LOST };
    await expect(finalizeRun(instance, resuming, failed)).rejects.toThrow('still RUNNING');
    expect(await runOf(runId)).toMatchObject({ status: 'STARTED', attempt: 1 });

    Object.assign(instance.runLauncher, { stop });
    await finalizeRun(instance, resuming, failed);
    expect(instance.stoppedAttempts).toContain(`${runId}-1`);
    expect(await runOf(runId)).toMatchObject({ status: 'STARTING', attempt: 2 });
  });
});

describe('launching', () => {
  it('enqueues, claims and starts a run by one call, naming its execution after the attempt', async () => {
    const { runId, created } = await launchRun(instance, settings, ingest);
    expect(created).toBe(true);
    expect(await runOf(runId)).toMatchObject({
      status: 'STARTING',
      attempt: 1,
      bundleHash: 'hash-1',
      tags: { team: 'data', 'dagster/code_location': 'orchestration' },
    });
    expect(instance.started).toEqual([
      {
        name: `${runId}-1`,
        input: expect.objectContaining({ runId, attempt: 1, launcher: 'fargate', location: 'orchestration' }),
      },
    ]);
    expect(instance.alarms.at(-1)).toEqual(expect.any(Number));
  });

  it('makes one run of one idempotency key, however often it is asked', async () => {
    const request = { ...ingest, idempotencyKey: 'nightly-1' };
    const first = await launchRun(instance, settings, request);
    const again = await Promise.all([1, 2, 3].map(() => launchRun(instance, settings, request)));
    expect(again).toEqual([1, 2, 3].map(() => ({ runId: first.runId, created: false })));
    expect(instance.started).toHaveLength(1);
  });

  it('reads selections over all locations and finds the location', async () => {
    const { runId } = await launchRun(instance, settings, { assets: ['+raw/b'] });
    expect(await runOf(runId)).toMatchObject({
      location: 'orchestration',
      jobName: '__ASSET_JOB',
      assetSelection: ['raw/a', 'raw/b'],
    });
  });

  it('refuses a selection that spans two locations and names them', async () => {
    const launching = launchRun(instance, settings, { assets: ['raw/b+'] });
    await expect(launching).rejects.toMatchObject({ code: 'several-locations' });
    await expect(launching).rejects.toThrow('orchestration: raw/b, raw/c; orchestration-dbt: model');
  });

  it('tags a partitioned run with its partition and plans it', async () => {
    const { runId } = await launchRun(instance, settings, {
      assets: ['daily'],
      partition: { kind: 'key', key: '2026-01-05' },
    });
    expect((await runOf(runId)).tags['dagster/partition']).toBe('2026-01-05');
    expect((await storage.getRunPlan(runId))?.partitionKeys).toEqual(['2026-01-05']);
  });

  it('takes the partition range from tags, as clients of Dagster send it', async () => {
    const { runId } = await launchRun(instance, settings, {
      assets: ['daily'],
      tags: {
        'dagster/asset_partition_range_start': '2026-01-05',
        'dagster/asset_partition_range_end': '2026-01-07',
      },
    });
    expect((await storage.getRunPlan(runId))?.partitionKeys).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]);
  });

  it.each([
    [{ assets: ['daily'] }, 'partition-required'],
    [{ assets: ['daily'], partition: { kind: 'key', key: '2025-12-31' } }, 'unknown-partition'],
    [{ assets: ['raw/a'], partition: { kind: 'key', key: '2026-01-05' } }, 'partition-not-allowed'],
    [{ assets: ['raw/x'] }, 'unknown-asset'],
    [{ assets: ['key:"nothing*"'] }, 'invalid-selection'],
    [{ location: 'orchestration', jobName: 'ingst' }, 'unknown-job'],
    [{ location: 'orchestraton', jobName: 'ingest' }, 'unknown-location'],
  ] as const)('refuses %j: %s', async (request, code) => {
    const failure = launchRun(instance, settings, request);
    await expect(failure).rejects.toBeInstanceOf(PlanError);
    await expect(failure).rejects.toMatchObject({ code });
    expect(await storage.countRuns({})).toBe(0);
  });

  it('asks the location about config only when there is something to judge', async () => {
    await launchRun(instance, settings, ingest);
    expect(instance.requests).toEqual([]);
    instance.answer = () =>
      ({
        ok: false,
        errors: [{ path: ['ops'], reason: 'MISSING_REQUIRED_FIELD', message: 'ops is required' }],
      }) as never;
    const failure = launchRun(instance, settings, { location: 'orchestration', jobName: 'configured' });
    await expect(failure).rejects.toBeInstanceOf(RunConfigError);
    await expect(failure).rejects.toThrow('ops: ops is required');
  });

  it('waits for a slot, says why, and starts when one is free', async () => {
    const one = someSettings({ runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [] } });
    const first = await launchRun(instance, one, ingest);
    const second = await launchRun(instance, one, ingest);
    const waiting = await runOf(second.runId);
    expect(waiting.status).toBe('QUEUED');
    const reasons = await explainWaiting(instance, one, [waiting]);
    expect(reasons.get(second.runId)).toEqual(['waiting: 1 of 1 runs in progress']);

    const ref = await startWorker(first.runId);
    await workers.finishRun(ref, SUCCESS);
    await finalizeRun(instance, one, { runId: first.runId, attempt: 1, cause: null });
    expect((await runOf(second.runId)).status).toBe('STARTING');
    expect(instance.started.map(({ name }) => name)).toEqual([`${first.runId}-1`, `${second.runId}-1`]);
  });

  it('fails a run whose execution can never be started, with the reason', async () => {
    instance.runCoordinator.startExecution = () =>
      Promise.reject(new PortError('permanent', 'not authorized to perform states:StartExecution'));
    const { runId } = await launchRun(instance, settings, ingest);
    expect(await runOf(runId)).toMatchObject({
      status: 'FAILURE',
      cause: expect.stringContaining('not authorized'),
      tags: { 'dagster/failure_reason': 'JOB_INITIALIZATION_FAILURE' },
    });
  });

  it('starts a run by another attempt when a transient fault kept the first one back', async () => {
    const start = instance.runCoordinator.startExecution;
    let refused = 0;
    instance.runCoordinator.startExecution = () => {
      refused += 1;
      return Promise.reject(new PortError('transient', 'throttled'));
    };
    const { runId } = await launchRun(instance, settings, ingest);
    expect(refused).toBe(1);
    expect(await runOf(runId)).toMatchObject({ status: 'STARTING' });

    instance.runCoordinator.startExecution = start;
    const impatient = someSettings({ runMonitoring: { ...settings.runMonitoring, startTimeout: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await sweep(instance, impatient)).toEqual([]);
    expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-2`]);
  });
});

describe('the end of an attempt', () => {
  it('changes nothing about a run that its worker has ended', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    await work(runId, [], SUCCESS);
    expect(await runOf(runId)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  });

  it('resumes a lost worker with a new attempt, as often as allowed, then fails with the cause', async () => {
    const twice = someSettings({
      runMonitoring: { ...settings.runMonitoring, maxResumeRunAttempts: 2 },
    });
    const { runId } = await launchRun(instance, twice, ingest);
    for (const attempt of [1, 2, 3]) {
      await startWorker(runId, attempt);
      await finalizeRun(instance, twice, { runId, attempt, cause: LOST });
      await finalizeRun(instance, twice, { runId, attempt, cause: LOST });
    }
    expect(instance.started.map(({ name }) => name)).toEqual(
      [1, 2, 3].map((attempt) => `${runId}-${attempt}`),
    );
    expect(await runOf(runId)).toMatchObject({
      status: 'FAILURE',
      attempt: 3,
      cause: expect.stringContaining('killed by SIGKILL'),
    });
  });

  it('leaves a run to its heartbeat when a task ended well without ending it', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    await startWorker(runId);
    await finalizeRun(instance, settings, { runId, attempt: 1, cause: null });
    expect((await runOf(runId)).status).toBe('STARTED');

    const impatient = someSettings({ runMonitoring: { ...settings.runMonitoring, heartbeatTimeout: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await sweep(instance, impatient)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({
      status: 'FAILURE',
      cause: expect.stringContaining('no heartbeat'),
    });
    expect(instance.stoppedAttempts).toEqual([`${runId}-1`]);
  });

  it('starts nothing new before the old worker is confirmed stopped', async () => {
    const eager = someSettings({
      runMonitoring: { ...settings.runMonitoring, heartbeatTimeout: 0, maxResumeRunAttempts: 1 },
    });
    const { runId } = await launchRun(instance, eager, ingest);
    await startWorker(runId);
    await new Promise((resolve) => setTimeout(resolve, 5));
    instance.runLauncher.stop = () => Promise.reject(new PortError('transient', 'not stopped yet'));
    expect(await sweep(instance, eager)).toHaveLength(1);
    expect(await runOf(runId)).toMatchObject({ status: 'STARTED', attempt: 1 });

    instance.runLauncher.stop = async () => {};
    expect(await sweep(instance, eager)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({ status: 'STARTING', attempt: 2 });
  });

  it('cancels a queued run at once and a running one when its worker has stopped', async () => {
    const none = someSettings({ runQueue: { maxConcurrentRuns: 0, tagConcurrencyLimits: [] } });
    const queued = await launchRun(instance, none, ingest);
    expect(await cancelRun(instance, none, queued.runId, { force: false, cause: 'by hand' })).toBe(
      'canceled',
    );

    const running = await launchRun(instance, settings, ingest);
    await startWorker(running.runId);
    expect(await cancelRun(instance, settings, running.runId, { force: false, cause: 'by hand' })).toBe(
      'canceling',
    );
    expect(instance.stoppedAttempts).toEqual([`${running.runId}-1`]);
    expect((await runOf(running.runId)).status).toBe('CANCELED');
    expect(await cancelRun(instance, settings, running.runId, { force: false, cause: 'again' })).toBe(
      'finished',
    );
  });

  it('answers a cancel although the worker takes its time, and settles the run later', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    await startWorker(runId);
    const { promise: stopped, resolve: confirm } = Promise.withResolvers<void>();
    instance.runLauncher.stop = () => stopped;
    expect(await cancelRun(instance, settings, runId, { force: false, cause: 'by hand' })).toBe('canceling');
    expect((await runOf(runId)).status).toBe('CANCELING');
    confirm();
    await finalizeRun(instance, settings, { runId, attempt: 1, cause: LOST });
    expect((await runOf(runId)).status).toBe('CANCELED');
  });

  it('ends with its run an execution that was started without the answer being heard', async () => {
    const start = instance.runCoordinator.startExecution;
    instance.runCoordinator.startExecution = async (...call) => {
      await start(...call);
      throw new PortError('transient', 'the reply was lost');
    };
    const { runId } = await launchRun(instance, settings, ingest);
    expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-1`]);

    await cancelRun(instance, settings, runId, { force: false, cause: 'by hand' });
    expect(await runOf(runId)).toMatchObject({ status: 'CANCELED' });
    expect(instance.stoppedExecutions).toEqual([]);
    // The lease on the message ends.
    const driver = createPgDriver({ url: database.url, maxConnections: 1 });
    await driver.query('update headrace.outbox set leased_until = 0');
    await driver.close();
    await afterCommit(instance, settings);

    expect(instance.stoppedExecutions).toEqual([`${runId}-1`]);
    expect(instance.started).toHaveLength(1);
  });
});

describe('run retries', () => {
  const retrying = { ...ingest, tags: { 'dagster/max_retries': '2' } };
  const failed = [stepEvent('STEP_SUCCESS', 'raw__a'), stepEvent('STEP_FAILURE', 'raw__b')];

  it('makes a new run of what failed or did not run, linked to its parent, at most so often', async () => {
    const first = await launchRun(instance, settings, retrying);
    await work(first.runId, failed, STEP_FAILED);
    await finalizeRun(instance, settings, { runId: first.runId, attempt: 1, cause: null });

    const [second, ...others] = await storage.listRuns({ filter: {}, limit: 10 });
    expect(others.map((run) => run.runId)).toEqual([first.runId]);
    if (second === undefined) throw new Error('no retry');
    expect((await runOf(first.runId)).tags).toMatchObject({
      'dagster/will_retry': 'true',
      'dagster/auto_retry_run_id': second.runId,
    });
    expect(second.tags).not.toHaveProperty('dagster/will_retry');
    expect(second).toMatchObject({
      status: 'STARTING',
      parentRunId: first.runId,
      rootRunId: first.runId,
      stepKeys: ['raw__b', 'raw__c'],
      tags: { 'dagster/retry_number': '1', 'dagster/is_resume_retry': 'true' },
    });
    const plan = await storage.getRunPlan(second.runId);
    expect(plan?.steps.map(({ key, dependsOn }) => [key, dependsOn])).toEqual([
      ['raw__b', []],
      ['raw__c', ['raw__b']],
    ]);

    await work(second.runId, [stepEvent('STEP_FAILURE', 'raw__b')], STEP_FAILED);
    const [third] = await storage.listRuns({ filter: {}, limit: 1 });
    expect(third).toMatchObject({ parentRunId: second.runId, rootRunId: first.runId });
    if (third === undefined) throw new Error('no second retry');
    await work(third.runId, [stepEvent('STEP_FAILURE', 'raw__b')], STEP_FAILED);
    await finalizeRun(instance, settings, { runId: third.runId, attempt: 1, cause: null });
    expect(await storage.countRuns({})).toBe(3);
    const { tags } = await runOf(third.runId);
    expect([tags['dagster/will_retry'], tags['dagster/auto_retry_run_id']]).toEqual(['false', undefined]);
    // However often the end of a run is told.
    await finalizeRun(instance, settings, { runId: first.runId, attempt: 1, cause: null });
    expect((await runOf(first.runId)).tags['dagster/will_retry']).toBe('true');
  });

  /** A run that failed with one retry left, which nobody has finalized. */
  async function failedRun(): Promise<string> {
    const { runId } = await launchRun(instance, settings, {
      ...ingest,
      tags: { 'dagster/max_retries': '1' },
    });
    const ref = await startWorker(runId);
    await workers.appendEvents(ref, 1, failed);
    await workers.finishRun(ref, STEP_FAILED);
    return runId;
  }

  const killed = (): Promise<never> => Promise.reject(new Error('killed'));
  const instanceWith = (changed: Partial<Storage>): typeof instance => ({
    ...instance,
    storage: { ...storage, ...changed },
  });

  it('makes one retry, and says so, also when the process died before it heard of it', async () => {
    const runId = await failedRun();
    const end = { runId, attempt: 1, cause: null };
    const deaf = instanceWith({
      decideRetry: async (...asked) => {
        await storage.decideRetry(...asked);
        return killed();
      },
    });
    await expect(finalizeRun(deaf, settings, end)).rejects.toThrow('killed');
    const [retry] = await storage.listRuns({ filter: {}, limit: 1 });
    expect((await runOf(runId)).tags).toMatchObject({
      'dagster/will_retry': 'true',
      'dagster/auto_retry_run_id': retry?.runId,
    });
    await finalizeRun(instance, settings, end);

    expect(await storage.countRuns({})).toBe(2);
  });

  it('makes the retry by the sweep when the process died before it could, having said nothing', async () => {
    const runId = await failedRun();
    const end = { runId, attempt: 1, cause: null };
    await expect(finalizeRun(instanceWith({ decideRetry: killed }), settings, end)).rejects.toThrow('killed');
    expect((await runOf(runId)).tags).not.toHaveProperty('dagster/will_retry');
    expect(await sweep(instance, settings)).toEqual([]);

    const [retry] = await storage.listRuns({ filter: {}, limit: 1 });
    expect(retry?.parentRunId).toBe(runId);
    expect((await runOf(runId)).tags['dagster/auto_retry_run_id']).toBe(retry?.runId);
  });

  it('never says of a run that it is not retried because another one has just made the retry', async () => {
    const runId = await failedRun();
    const end = { runId, attempt: 1, cause: null };
    let isMade = false;
    const late = instanceWith({
      countRuns: async (...asked) => {
        if (!isMade) {
          isMade = true;
          await finalizeRun(instance, settings, end);
        }
        return storage.countRuns(...asked);
      },
    });
    await finalizeRun(late, settings, end);

    expect(isMade).toBe(true);
    const [retry] = await storage.listRuns({ filter: {}, limit: 1 });
    expect((await runOf(runId)).tags).toMatchObject({
      'dagster/will_retry': 'true',
      'dagster/auto_retry_run_id': retry?.runId,
    });
    expect(await storage.countRuns({})).toBe(2);
  });

  it('says nothing of retries where none were asked for', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    await work(runId, failed, STEP_FAILED);
    expect((await runOf(runId)).tags).not.toHaveProperty('dagster/will_retry');
  });

  it('does not retry a failed step where only lost workers are to be retried', async () => {
    const runRetries = { maxRetries: 3, retryOnAssetOrOpFailure: false };
    const careful = someSettings({ runRetries });
    const { runId } = await launchRun(instance, careful, ingest);
    const ref = await startWorker(runId);
    await workers.finishRun(ref, STEP_FAILED);
    await finalizeRun(instance, careful, { runId, attempt: 1, cause: null });
    expect(await storage.countRuns({})).toBe(1);
  });
});

describe('re-execution', () => {
  it('refuses what is in progress, and failures of what succeeded', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    const again = () => reexecuteRun(instance, settings, { parentRunId: runId, strategy: 'FROM_FAILURE' });
    await expect(again()).rejects.toBeInstanceOf(RunStateError);
    await work(runId, [], SUCCESS);
    await expect(again()).rejects.toThrow('no failure to start from');
  });

  it('runs all steps again with the tags of the parent and the newest code', async () => {
    const { runId } = await launchRun(instance, settings, { ...ingest, tags: { mine: 'yes' } });
    await work(runId, [], SUCCESS);
    instance.locations[0] = aLocation(orchestration, { bundleHash: 'hash-2' });
    const child = await reexecuteRun(instance, settings, { parentRunId: runId, strategy: 'ALL_STEPS' });
    expect(await runOf(child.runId)).toMatchObject({
      bundleHash: 'hash-2',
      parentRunId: runId,
      rootRunId: runId,
      stepKeys: null,
      tags: { mine: 'yes', 'dagster/parent_run_id': runId, 'dagster/root_run_id': runId },
    });
  });

  it('loads what chosen steps need from the run that stored it', async () => {
    const { runId } = await launchRun(instance, settings, { location: 'orchestration', jobName: 'graph' });
    await work(runId, [], SUCCESS);
    const child = await reexecuteRun(instance, settings, {
      parentRunId: runId,
      strategy: 'ALL_STEPS',
      stepKeys: ['two'],
    });
    const plan = await storage.getRunPlan(child.runId);
    expect(plan?.steps).toMatchObject([
      {
        key: 'two',
        dependsOn: [],
        inputs: [{ name: 'x', sources: [{ kind: 'step', stepKey: 'one', output: 'result', runId }] }],
      },
    ]);
  });

  it('makes again what a step left undone, from the failure of assets: by asset, partition and check', async () => {
    instance.locations.push(
      aLocation(
        aManifest({
          location: 'pairs',
          assets: { x: { op: 'pair', partitions: daily }, y: { op: 'pair', partitions: daily } },
          checks: [{ asset: 'x', name: 'ok' }],
          ops: { pair: { canSubset: true } },
        }),
      ),
    );
    const made = (assetKey: string, partition: string): NewEvent => ({
      type: 'ASSET_MATERIALIZATION',
      assetKey,
      partition,
      stepKey: 'pair',
      data: { metadata: {}, tags: {}, inputDataVersions: {} },
      timestamp: Date.now(),
      level: 'INFO',
      message: 'made',
    });
    const again = async (parentRunId: string) => {
      const child = await reexecuteRun(instance, settings, { parentRunId, strategy: 'FROM_ASSET_FAILURE' });
      const run = await runOf(child.runId);
      expect(run.tags['dagster/is_resume_retry']).toBe('true');
      return run;
    };
    const { runId } = await launchRun(instance, settings, {
      location: 'pairs',
      assets: ['x', 'y'],
      partition: { kind: 'range', start: '2026-01-01', end: '2026-01-02' },
    });
    await work(
      runId,
      [
        made('x', '2026-01-01'),
        made('x', '2026-01-02'),
        made('y', '2026-01-01'),
        stepEvent('STEP_FAILURE', 'pair'),
      ],
      STEP_FAILED,
    );

    const child = await again(runId);

    expect(child).toMatchObject({ assetSelection: ['y'], assetCheckSelection: [{ asset: 'x', name: 'ok' }] });
    expect((await storage.getRunPlan(child.runId))?.partitionKeys).toEqual(['2026-01-01', '2026-01-02']);
    await work(child.runId, [made('y', '2026-01-01'), made('y', '2026-01-02')], STEP_FAILED);
    const last = await again(child.runId);
    expect(last).toMatchObject({ assetSelection: [], assetCheckSelection: [{ asset: 'x', name: 'ok' }] });

    const graph = await launchRun(instance, settings, { location: 'orchestration', jobName: 'graph' });
    await work(graph.runId, [stepEvent('STEP_FAILURE', 'one')], STEP_FAILED);
    await expect(again(graph.runId)).rejects.toThrow('no asset unmaterialized');
  });

  it("keeps a graph whole from failure: the worker is told what the parent's steps left", async () => {
    const { runId } = await launchRun(instance, settings, { location: 'orchestration', jobName: 'graph' });
    await work(runId, [stepEvent('STEP_SUCCESS', 'one'), stepEvent('STEP_FAILURE', 'two')], STEP_FAILED);
    const child = await reexecuteRun(instance, settings, { parentRunId: runId, strategy: 'FROM_FAILURE' });
    const token = await storage.issueAttemptToken(child.runId, 1);
    const assignment = await workers.startRun({ runId: child.runId, attempt: 1, workerId: 'w', token });
    expect(assignment.plan.steps.map((step) => step.key)).toEqual(['one', 'two']);
    expect(assignment.completedSteps).toMatchObject([{ stepKey: 'one', status: 'SUCCESS' }]);
  });
});

const KEEP = { SKIPPED: null, SUCCESS: null, FAILURE: null, STARTED: null };
const retention = (runsPurgeAfterDays: number) =>
  someSettings({
    retention: {
      runsPurgeAfterDays,
      backfillsPurgeAfterDays: null,
      automationPurgeAfterDays: null,
      ticksPurgeAfterDays: { schedule: KEEP, sensor: KEEP },
    },
  });

describe('a delivery', () => {
  it('starts the runs that were claimed although no more can be', async () => {
    const deaf = { ...instance, storage: { ...storage, takeOutbox: async () => [] } };
    const { runId } = await launchRun(deaf, settings, ingest);
    await storage.claimRuns(1, settings.runQueue);
    const failed = new PortError('transient', 'no answer');
    const halting = { ...storage, claimRuns: () => Promise.reject(failed) };
    await expect(deliverOutbox({ ...instance, storage: halting }, settings)).rejects.toBe(failed);
    expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-1`]);
  });
});

describe('the sweep', () => {
  it('starts a run whose wake-up was lost', async () => {
    const deaf = { ...instance, storage: { ...storage, takeOutbox: async () => [] } };
    const { runId } = await launchRun(deaf, settings, ingest);
    expect((await runOf(runId)).status).toBe('QUEUED');
    expect(await sweep(instance, settings)).toEqual([]);
    expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-1`]);
    await afterCommit(instance, settings);
    expect(instance.started).toHaveLength(1);
  });

  it('does the rest when a repair fails', async () => {
    const deaf = { ...instance, storage: { ...storage, takeOutbox: async () => [] } };
    const { runId } = await launchRun(deaf, settings, ingest);
    const failed = new PortError('transient', 'no answer');
    const halting = { ...storage, findLateAttempts: () => Promise.reject(failed) };
    expect(await sweep({ ...instance, storage: halting }, settings)).toEqual([failed]);
    expect(instance.started.map(({ name }) => name)).toEqual([`${runId}-1`]);
  });

  it('removes finished runs past their retention', async () => {
    const { runId } = await launchRun(instance, settings, ingest);
    await work(runId, [], SUCCESS);
    const log = (id: string) => chunkObjectKey({ runId: id, stepKey: 'raw__a', tryNumber: 1 }, 'stdout', 0);
    for (const id of [runId, 'another']) await instance.objectStore.put(log(id), new Uint8Array(3));
    await sweep(instance, retention(1));
    expect(await instance.objectStore.list('')).toHaveLength(2);
    expect(await storage.countRuns({})).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await sweep(instance, retention(0));
    expect(await storage.countRuns({})).toBe(0);
    expect((await instance.objectStore.list('')).map(({ key }) => key)).toEqual([log('another')]);
  });
});
