import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProcessRunLauncher } from '../../../lib/adapters/local/process-run-launcher';
import { isRunning } from '../../../lib/is-running';
import { runLauncherContract } from '../../contracts/run-launcher-contract';
import { assignment, step } from '../../execution/support/definitions';
import { type LauncherHarness, launcherHarness, newRunId } from '../../execution/support/launcher-harness';
import type { StoredAttempt } from '../../support/in-memory-worker-storage';
import { until } from '../../support/until';

let harness: LauncherHarness;

beforeAll(async () => {
  harness = await launcherHarness();
});
afterAll(() => harness.close());

describe('run launcher contract', () => {
  const runs = new Map<string, StoredAttempt>();
  const startsOf = (runId: string): number =>
    runs.get(runId)?.events.filter(({ type }) => type === 'STEP_START').length ?? 0;
  const pidsOf = (runId: string): number[] =>
    (runs.get(runId)?.events ?? []).flatMap((event) =>
      event.type === 'STEP_WORKER_STARTED' ? [event.data.pid] : [],
    );

  runLauncherContract(() => ({
    launcher: harness.launcher,
    async prepare(behaviour) {
      const runId = newRunId();
      const steps = [step(behaviour === 'ends' ? 'hello' : 'sleep')];
      runs.set(runId, harness.storage.add(assignment(steps, { runId })));
      return runId;
    },
    started: async (runId) => void (await until('the step runs', () => startsOf(runId) > 0)),
    async isExecuting(runId) {
      const running = pidsOf(runId).map(isRunning);
      return running.includes(true);
    },
    starts: async (runId) => startsOf(runId),
  }));
});

const pidOf = (run: ReturnType<LauncherHarness['launch']>): number =>
  run.of('STEP_WORKER_STARTED')[0]?.data.pid ?? 0;

test('A run executes in a child, its events arrive in order, and the next run reuses the warm child', async () => {
  const first = harness.launch([step('hello')], { bundleHash: 'first' });
  expect(await first.exit).toEqual({ exitCode: 0, reason: null });
  const second = harness.launch([step('hello')], { bundleHash: 'first' });
  expect(await second.exit).toEqual({ exitCode: 0, reason: null });

  for (const run of [first, second]) {
    expect(run.stored.outcome).toEqual({ status: 'SUCCESS', failureReason: null, cause: null });
    expect(run.stored.events.map(({ type }) => type)).toEqual([
      'STEP_WORKER_STARTED',
      ...(run === first ? ['LOGS_CAPTURED'] : []),
      ...['LOGS_CAPTURED', 'STEP_START', 'RESOURCE_INIT_STARTED', 'RESOURCE_INIT_SUCCESS'],
      ...['LOG_MESSAGE', 'STEP_OUTPUT', 'HANDLED_OUTPUT', 'STEP_SUCCESS'],
    ]);
  }
  expect(pidOf(second)).toBe(pidOf(first));
  expect(await first.log('__run__', 'stdout')).toBe('loading the bundle\n');
});

test('Launching twice with one client token starts one task', async () => {
  const run = harness.launch([step('hello')]);
  const again = harness.launcher.run(
    {
      runId: run.runId,
      attempt: 1,
      location: 'test',
      bundleHash: 'hash',
      clientToken: run.runId,
      attemptToken: 'token',
      maxRuntimeSeconds: null,
    },
    new AbortController().signal,
  );
  await Promise.all([run.exit, again]);
  expect(run.of('STEP_START')).toHaveLength(1);
});

test('A busy loop of 20 s loses no heartbeat', async () => {
  const run = harness.launch([step('spin')], { config: { ops: { spin: { config: { seconds: 20 } } } } });
  await run.exit;

  expect(run.stored.outcome?.status).toBe('SUCCESS');
  expect(run.stored.heartbeats.length).toBeGreaterThanOrEqual(3);
});

test('Output is kept per step, stream and started process, though two steps speak at once', async () => {
  const run = harness.launch([step('a', { op: 'talk' }), step('b', { op: 'talk' })], {
    config: { ops: { a: { config: { name: 'ann' } }, b: { config: { name: 'bob' } } } },
  });
  await run.exit;

  for (const [stepKey, name] of [
    ['a', 'ann'],
    ['b', 'bob'],
  ] as const) {
    expect(await run.log(stepKey, 'stdout')).toBe(
      [`${name} out 1`, `${name} out 2`, `${name} out 3`, `${name} child`, `${name} sync`, ''].join('\n'),
    );
    expect(await run.log(stepKey, 'stderr')).toBe(
      [`${name} err 1`, `${name} err 2`, `${name} err 3`, `${name} child err`, ''].join('\n'),
    );
  }
});

test('What is written past the capture belongs to the run', async () => {
  const run = harness.launch([step('raw')]);
  await run.exit;
  // A first run of its child also shows what the bundle wrote while it was loaded.
  expect(await run.log('__run__', 'stdout')).toMatch(/(^|\n)past the capture\n$/);
});

test('process.exit in a step fails this step with its words, and the rest of the plan goes on', async () => {
  const run = harness.launch(
    [
      step('exit'),
      step('below', { op: 'hello', dependsOn: ['exit'] }),
      step('one', { op: 'hello', dependsOn: [] }),
      step('two', { op: 'hello', dependsOn: ['one'] }),
    ],
    { maxConcurrentSteps: 1 },
  );
  await run.exit;

  expect(run.of('STEP_FAILURE').map(({ stepKey, data }) => [stepKey, data.exitReason])).toEqual([
    ['exit', 'step called process.exit(3)'],
  ]);
  expect(run.of('STEP_SUCCESS').map(({ stepKey }) => stepKey)).toEqual(['one', 'two']);
  expect(run.of('STEP_WORKER_STARTED')).toHaveLength(2);
  expect(run.stored.outcome).toEqual({
    status: 'FAILURE',
    failureReason: 'STEP_FAILURE',
    cause: 'Step "exit" failed: step called process.exit(3)',
  });
  expect(await run.log('exit', 'stdout')).toBe('about to exit\n');
});

test('A step whose process ended is tried again by its retry policy, in another process', async () => {
  const run = harness.launch([step('exit_once', { retryPolicy: { maxRetries: 1 } })]);
  await run.exit;

  expect(run.stored.outcome?.status).toBe('SUCCESS');
  expect(run.of('STEP_UP_FOR_RETRY')).toHaveLength(1);
  expect(run.of('STEP_RESTARTED').map(({ tryNumber }) => tryNumber)).toEqual([2]);
});

test.each([
  ['crash', /^killed by SIGKILL/],
  ['uncaught', /^uncaught error: RangeError: nobody caught me$/],
  ['memory', /^out of memory \(64 MB\)$/],
])('The end of a process by %s is told in words', async (op, reason) => {
  const run = harness.launch([step(op)]);
  await run.exit;
  expect(run.of('STEP_FAILURE')[0]?.data.exitReason).toMatch(reason);
  expect(run.stored.outcome?.status).toBe('FAILURE');
});

test('A child killed from outside fails its running step; the run goes on in another', async () => {
  const run = harness.launch([step('sleep'), step('hello')]);
  await until('the other step has ended', () => run.of('STEP_SUCCESS').length === 1);
  process.kill(pidOf(run), 'SIGKILL');
  await run.exit;

  expect(run.of('STEP_FAILURE').map(({ stepKey }) => stepKey)).toEqual(['sleep']);
  expect(run.stored.outcome?.cause).toMatch(/killed by SIGKILL/);
});

test('When the pool is killed all its runs end with the reason, no child survives, and the next run works', async () => {
  const run = harness.launch([step('spin')], { config: { ops: { spin: { config: { seconds: 60 } } } } });
  const other = harness.launch([step('grandchild')]);
  await until('both steps run', () => run.of('STEP_START').length > 0 && other.of('LOG_MESSAGE').length > 0);
  const children = [pidOf(run), pidOf(other), Number(other.of('LOG_MESSAGE')[0]?.data.fields?.['pid'])];
  const pool = Number((run.stored.workerId ?? '').split('-').at(-1));
  process.kill(pool, 'SIGKILL');

  const reason = 'the worker pool process was killed by SIGKILL';
  expect(await run.exit).toEqual({ exitCode: null, reason });
  expect(await other.exit).toEqual({ exitCode: null, reason });
  expect(children.map(isRunning)).toEqual([false, false, false]);
  expect(run.stored.outcome).toBeNull();
  const next = harness.launch([step('hello')]);
  await next.exit;
  expect(next.stored.outcome?.status).toBe('SUCCESS');
});

test('A pool that exits with 0 and says nothing of its run did not end it well: that is noticed at once', async () => {
  const launcher = createProcessRunLauncher({
    workerEntry: fileURLToPath(new URL('../../execution/support/leaving-pool.mjs', import.meta.url)),
    databaseUrl: harness.url,
    objectStore: harness.folder,
    bundlePath: () => 'bundle.mjs',
  });
  const runId = newRunId();
  const request = {
    runId,
    attempt: 1,
    location: 'test',
    bundleHash: 'hash',
    clientToken: runId,
    attemptToken: 'token',
  };

  const exit = await launcher.run({ ...request, maxRuntimeSeconds: null }, new AbortController().signal);

  expect(exit).toEqual({ exitCode: null, reason: 'the worker pool process exited with code 0' });
  await launcher.close();
});

test('A cancelled run stops: a listening step at once', async () => {
  const run = harness.launch([step('sleep')]);
  await until('the step runs', async () => (await run.log('sleep', 'stdout')) === 'sleeping\n');
  run.stored.instruction = 'cancel';
  await harness.launcher.stop(run.runId, 1);

  expect(await run.exit).toEqual({ exitCode: 0, reason: null });
  expect(run.stored.outcome).toEqual({
    status: 'CANCELED',
    failureReason: null,
    cause: 'The run was canceled.',
  });
});

test('A cancelled run stops: a deaf step by force after its grace, with what it started', async () => {
  const run = harness.launch([step('grandchild'), step('stubborn')]);
  await until('the step runs', () => run.of('LOG_MESSAGE').length > 0);
  const grandchild = Number(run.of('LOG_MESSAGE')[0]?.data.fields?.['pid']);
  expect(isRunning(grandchild)).toBe(true);
  run.stored.instruction = 'cancel';
  await harness.launcher.stop(run.runId, 1);

  expect(run.stored.outcome?.status).toBe('CANCELED');
  expect(run.of('STEP_FAILURE').map(({ data }) => data.exitReason)).toEqual([
    'stopped: The run was canceled.',
    'stopped: The run was canceled.',
  ]);
  expect(isRunning(grandchild)).toBe(false);
});

test('A stopped run that is not cancelled is interrupted: flushed, without an outcome', async () => {
  const run = harness.launch([step('sleep')]);
  await until('the step runs', () => run.of('STEP_START').length > 0);
  run.abort.abort(new Error('the coordinator stopped it'));

  expect(await run.exit).toEqual({ exitCode: 143, reason: 'interrupted: the coordinator stopped it' });
  expect(run.stored.outcome).toBeNull();
  expect(run.of('STEP_FAILURE')).toEqual([]);
  expect(await run.log('sleep', 'stdout')).toBe('sleeping\n');
});

test('A replaced attempt is ended at once and writes nothing more', async () => {
  const run = harness.launch([step('sleep')]);
  await until('the step runs', () => run.of('STEP_START').length > 0);
  const written = run.stored.events.length;
  run.stored.attempt = 2;

  expect(await run.exit).toEqual({ exitCode: 0, reason: null });
  expect(run.stored.events).toHaveLength(written);
  expect(run.stored.outcome).toBeNull();
  expect(isRunning(pidOf(run))).toBe(false);
});

test('Events survive faults and lost replies without loss or duplicates', async () => {
  const { storage } = harness;
  const thrown = storage.thrown.length;
  storage.failNext('appendEvents', true);
  storage.failNext('appendEvents', false);
  storage.failNext('finishRun', false);
  const run = harness.launch([step('flood')], { config: { ops: { flood: { config: { lines: 3_000 } } } } });
  await run.exit;

  expect(storage.thrown.slice(thrown)).toEqual(['appendEvents', 'appendEvents', 'finishRun']);
  expect(storage.gaps).toEqual([]);
  const lines = run.of('LOG_MESSAGE').map(({ message }) => Number(message.split(' ')[1]));
  expect(lines).toEqual(Array.from({ length: 3_000 }, (_, line) => line));
  expect(run.stored.outcome?.status).toBe('SUCCESS');
});

test('A row over 48 KB goes to the object store and leaves its key', async () => {
  const run = harness.launch([step('big')]);
  await run.exit;

  const [line] = run.of('LOG_MESSAGE');
  expect(Buffer.byteLength(JSON.stringify(line))).toBeLessThan(48 * 1_024);
  const { overflow } = (line?.data ?? {}) as { overflow?: string };
  const whole = JSON.parse(await readFile(join(harness.folder, overflow ?? ''), 'utf8')) as typeof line;
  expect(String(whole?.data.fields?.['text'])).toHaveLength(100_000);
});

test('A secret is masked in events, errors, the outcome and output, even in pieces', async () => {
  const run = harness.launch([step('secret')]);
  await run.exit;

  const everything = JSON.stringify([run.stored.events, run.stored.outcome]);
  expect(everything).toContain('logged ********');
  expect(everything).not.toContain('s3cr3t-value');
  expect(await run.log('secret', 'stdout')).toBe('the secret is ********\n');
  expect(await run.log('__run__', 'stdout')).toBe('in pieces ******** done\n');
});

test('An isolated step runs in a process of its own, whose end harms no other', async () => {
  const run = harness.launch([
    step('crash', { isolated: true }),
    step('hello', { isolated: true }),
    step('beside', { op: 'hello' }),
    step('after', {
      op: 'hello',
      dependsOn: ['hello'],
      inputs: [{ name: 'pid', sources: [{ kind: 'step', stepKey: 'hello', output: 'result' }] }],
    }),
  ]);
  await run.exit;

  const pids = new Map(run.of('LOG_MESSAGE').map(({ stepKey, data }) => [stepKey, data.fields?.['pid']]));
  expect(new Set(pids.values()).size).toBe(2);
  expect(pids.get('beside')).toBe(pids.get('after'));
  expect(run.of('STEP_FAILURE').map(({ stepKey }) => stepKey)).toEqual(['crash']);
  expect(
    run
      .of('STEP_SUCCESS')
      .map(({ stepKey }) => stepKey)
      .sort(),
  ).toEqual(['after', 'beside', 'hello']);
});

test('The tag dagster/isolation asks for a fresh process', async () => {
  const warm = harness.launch([step('hello')]);
  await warm.exit;
  const fresh = harness.launch([step('hello')], { tags: { 'dagster/isolation': 'process' } });
  await fresh.exit;
  const next = harness.launch([step('hello')]);
  await next.exit;

  expect(pidOf(fresh)).not.toBe(pidOf(warm));
  expect(pidOf(next)).toBe(pidOf(warm));
});

test('What is asked of a task on AWS is ignored, and the run says so', async () => {
  const run = harness.launch([step('hello')], {
    tags: { 'headrace/memory': '8192', 'ecs/cpu': '4096', a: 'b' },
  });
  expect((await run.exit).exitCode).toBe(0);
  expect(run.of('ENGINE_EVENT').map(({ message }) => message)).toEqual([
    'Ignored here, where runs are processes of one machine and no tasks: ecs/cpu, headrace/memory.',
  ]);
});

test('A warm child serves 100 runs and is then replaced', async () => {
  const pids: number[] = [];
  for (let i = 0; i < 101; i += 1) {
    const run = harness.launch([step('hello')], { bundleHash: 'worn' });
    await run.exit;
    pids.push(pidOf(run));
  }
  expect(new Set(pids.slice(0, 100)).size).toBe(1);
  expect(pids[100]).not.toBe(pids[0]);
  expect(isRunning(pids[0] ?? 0)).toBe(false);
});

describe('a slot of a pool that a queued run waits for', () => {
  let own: LauncherHarness;
  const claims = Promise.withResolvers<void>();
  beforeAll(async () => {
    own = await launcherHarness({ onDequeueRequest: () => claims.resolve() });
  });
  afterAll(() => own.close());

  test('has runs claimed when a step gives it back, while its run goes on', async () => {
    own.storage.awaitedPools.add('db');
    const run = own.launch([
      { ...step('hello'), pool: 'db' },
      { ...step('sleep'), dependsOn: ['hello'] },
    ]);
    await claims.promise;
    await until('the run goes on', () => run.of('STEP_START').some(({ stepKey }) => stepKey === 'sleep'));
    expect([run.stored.outcome, own.storage.poolHolders.get('db')]).toEqual([null, []]);
    run.abort.abort(new Error('seen'));
    await run.exit;
  });
});
