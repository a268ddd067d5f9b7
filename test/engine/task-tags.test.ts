import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { deliverOutbox } from '../../lib/engine/deliver-outbox';
import { TaskTagsError } from '../../lib/engine/errors';
import { executionInput } from '../../lib/engine/execution-input';
import { finalizeRun } from '../../lib/engine/finalize-run';
import { launchRun } from '../../lib/engine/launch-run';
import { monitorRuns } from '../../lib/engine/monitor-runs';
import { sweep } from '../../lib/engine/sweep';
import type { TaskSettings } from '../../lib/model/task-settings';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let instance: TestInstance;

const TASKS: TaskSettings = {
  capacity: 'fargate',
  cpu: 1024,
  memory: 2048,
  images: ['gpu'],
  roles: ['exporter'],
};
const withTasks = (changes: Partial<TaskSettings> = {}) =>
  someSettings({
    runLauncher: { ...someSettings().runLauncher, tasks: { orchestration: { ...TASKS, ...changes } } },
  });
const manifest = aManifest({
  jobs: [
    { name: 'plain', nodes: [aNode('one')] },
    { name: 'large', nodes: [aNode('one')], runTags: { 'headrace/cpu': '4096', 'headrace/memory': '16384' } },
  ],
});

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  instance = createTestInstance(storage);
  instance.locations.push(aLocation(manifest));
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

const launch = (jobName: string, tags: Record<string, string>, settings = withTasks()) =>
  launchRun(instance, settings, { location: 'orchestration', jobName, tags });

test('A run gets the task of its location, changed by its job, changed by its own tags', async () => {
  await launch('plain', {});
  await launch('large', {});
  await launch('large', { 'headrace/memory': '8192', 'headrace/image': 'gpu' });

  expect(instance.started.map(({ input }) => [input.launcher, input.task])).toEqual([
    ['fargate', { capacity: 'fargate', cpu: 1024, memory: 2048 }],
    ['fargate', { capacity: 'fargate', cpu: 4096, memory: 16_384 }],
    ['fargate', { capacity: 'fargate', cpu: 4096, memory: 8192, image: 'gpu' }],
  ]);
});

test('A run that asks for what there is not is refused, and leaves nothing behind', async () => {
  await expect(launch('plain', { 'headrace/image': 'tpu' })).rejects.toThrow(TaskTagsError);
  await expect(launch('plain', { 'headrace/image': 'tpu' })).rejects.toThrow(
    /'orchestration'.*"tpu".*declared are gpu/,
  );
  await expect(launch('large', { 'headrace/memory': '512' })).rejects.toThrow(/8192 to 30720/);
  expect(await storage.listRuns({ filter: {}, limit: 10 })).toEqual([]);
});

test('What asks for a task is not put on Lambda, and an external location has no Fargate', async () => {
  const lambda = { 'headrace/launcher': 'lambda', 'dagster/max_runtime': '60' };
  await launch('plain', lambda);
  await launch('plain', { ...lambda, 'headrace/memory': '4096' });
  await launch('plain', {}, withTasks({ capacity: 'external' }));
  await launch('plain', lambda, withTasks({ capacity: 'external' }));

  expect(instance.started.map(({ input }) => [input.launcher, input.task?.capacity])).toEqual([
    ['lambda', undefined],
    ['fargate', 'fargate'],
    ['external', 'external'],
    ['lambda', undefined],
  ]);
});

test('A role that a deployment took away while the run was queued fails the run, and says what there is', async () => {
  const none = { ...withTasks(), runQueue: { maxConcurrentRuns: 0, tagConcurrencyLimits: [] } };
  const { runId } = await launch('plain', { 'headrace/task_role': 'exporter' }, none);
  expect((await storage.getRun(runId))?.status).toBe('QUEUED');

  await storage.claimRuns(1, { maxConcurrentRuns: 10, tagConcurrencyLimits: [] });
  await deliverOutbox(instance, withTasks({ roles: ['importer'] }));

  expect(instance.started).toEqual([]);
  const run = await storage.getRun(runId);
  expect([run?.status, run?.tags['dagster/failure_reason']]).toEqual([
    'FAILURE',
    'JOB_INITIALIZATION_FAILURE',
  ]);
  expect(run?.cause).toMatch(/"exporter", but declared are importer/);
});

test('After a worker was lost the run is on-demand; a suspended attempt lost none', async () => {
  const settings = withTasks({ capacity: 'fargate_spot' });
  const { runId } = await launch('plain', {}, settings);
  const run = await storage.getRun(runId);
  if (run === undefined) throw new Error('no run');
  const capacity = (attempt: number, suspensions = 0) =>
    executionInput({ ...run, attempt, suspensions }, settings).task?.capacity;
  expect([capacity(1), capacity(2), capacity(2, 1), capacity(3, 1)]).toEqual([
    'fargate_spot',
    'fargate',
    'fargate_spot',
    'fargate',
  ]);
});

describe('a task that came to no good end', () => {
  const failed = (task: object) => ({ Error: 'States.TaskFailed', Cause: JSON.stringify(task) });
  const spot = withTasks({ capacity: 'fargate_spot' });

  test.each<[string, object, RegExp]>([
    [
      'Spot',
      { StopCode: 'SpotInterruption', Containers: [{ ExitCode: 143 }] },
      /its Spot capacity was taken back/,
    ],
    [
      'memory',
      { Memory: '2048', Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: Container killed' }] },
      /out of memory, its task has 2048 MB: .*headrace\/memory/,
    ],
    [
      'an image',
      {
        StopCode: 'TaskFailedToStart',
        StoppedReason: 'CannotPullContainerError: manifest unknown',
        Containers: [{ Name: 'worker' }],
      },
      /its image could not be pulled: manifest unknown/,
    ],
    [
      'a secret',
      {
        StopCode: 'TaskFailedToStart',
        StoppedReason: 'ResourceInitializationError: unable to pull secrets: denied',
        Containers: [{ Name: 'worker' }],
      },
      /a secret, log group or network that it needs could not be had: unable to pull secrets: denied/,
    ],
  ])('by %s is tried again on-demand, and the run says why', async (_, task, why) => {
    const { runId } = await launch('plain', {}, spot);
    await finalizeRun(instance, spot, { runId, attempt: 1, cause: failed(task) });

    expect(instance.started.map(({ name, input }) => [name, input.task?.capacity])).toEqual([
      [`${runId}-1`, 'fargate_spot'],
      [`${runId}-2`, 'fargate'],
    ]);
    const events = await storage.runEvents({ runId, limit: 100 });
    expect(events.map(({ message }) => message).join('\n')).toMatch(why);
  });

  const patient = { ...spot, runMonitoring: { ...spot.runMonitoring, startTimeout: 0.001 } };

  test('or that is stuck before it runs is found by the sweep: stopped, and only then replaced', async () => {
    const { runId } = await launch('plain', {}, spot);
    let isStuck = true;
    const stop = instance.runLauncher.stop.bind(instance.runLauncher);
    const asked: string[] = [];
    instance.runLauncher.stop = async (...attempt) => {
      asked.push(attempt.join('-'));
      if (isStuck) throw new PortError('transient', 'ECS has not stopped the task: it is PENDING');
      await stop(...attempt);
    };

    const errors = await monitorRuns(instance, patient);
    expect(errors.map(String).join()).toMatch(/PENDING/);
    expect([asked, instance.started.length]).toEqual([[`${runId}-1`], 1]);
    expect((await storage.getRun(runId))?.status).toBe('STARTING');

    isStuck = false;
    expect(await monitorRuns(instance, patient)).toEqual([]);
    await sweep(instance, spot);
    expect(instance.stoppedExecutions).toContain(`${runId}-1`);
    expect(instance.stoppedAttempts).toEqual([`${runId}-1`]);
    expect(instance.started.map(({ name, input }) => [name, input.task?.capacity])).toEqual([
      [`${runId}-1`, 'fargate_spot'],
      [`${runId}-2`, 'fargate'],
    ]);
  });
});
