import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../../../lib/is-running';
import { assignment, step } from '../../execution/support/definitions';
import { type LauncherHarness, launcherHarness, newRunId } from '../../execution/support/launcher-harness';
import { ROOT } from '../../support/build-programs';
import type { StoredAttempt } from '../../support/in-memory-worker-storage';
import { until } from '../../support/until';

let harness: LauncherHarness;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  harness = await launcherHarness();
});
afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await harness.close();
});

const pidsOf = (stored: StoredAttempt): number[] =>
  stored.events.flatMap((event) => (event.type === 'STEP_WORKER_STARTED' ? [event.data.pid] : []));
const hasStarted = (stored: StoredAttempt): boolean =>
  stored.events.some(({ type }) => type === 'STEP_START');

/** A worker that serves one attempt, as a task of its own does. */
function startWorker(op: string, extra: Readonly<Record<string, string>> = {}) {
  const runId = newRunId();
  const stored = harness.storage.add(assignment([step(op)], { runId }));
  const worker = spawn(process.execPath, [join(harness.programs, 'worker.mjs')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      HEADRACE_WORKER_DATABASE_URL: harness.url,
      HEADRACE_OBJECT_STORE: harness.folder,
      HEADRACE_RUN_ID: runId,
      HEADRACE_ATTEMPT: '1',
      HEADRACE_ATTEMPT_TOKEN: 'token',
      HEADRACE_BUNDLE_HASH: 'hash',
      HEADRACE_BUNDLE_PATH: join(harness.programs, 'bundle.mjs'),
      ...extra,
    },
  });
  processes.push(worker);
  return { worker, stored, exit: once(worker, 'exit') };
}

test('A worker of one attempt ends with the run', async () => {
  const { stored, exit } = startWorker('hello');
  expect(await exit).toEqual([0, null]);
  expect(stored.outcome?.status).toBe('SUCCESS');
});

test('SIGTERM flushes what there is and ends the attempt as interrupted, without an outcome', async () => {
  const { worker, stored, exit } = startWorker('sleep');
  await until('the step runs', () => hasStarted(stored));
  worker.kill('SIGTERM');

  expect(await exit).toEqual([143, null]);
  expect(stored.outcome).toBeNull();
  expect(stored.events.map(({ message }) => message)).toContain('the worker was told to stop (SIGTERM)');
  expect(stored.events.map(({ type }) => type)).not.toContain('STEP_FAILURE');
  expect(pidsOf(stored).map(isRunning)).toEqual([false]);
});

test('A worker with a wrong token exits with 0 before user code', async () => {
  const { stored, exit } = startWorker('hello', { HEADRACE_ATTEMPT_TOKEN: 'guessed' });
  expect(await exit).toEqual([0, null]);
  expect(stored.events).toEqual([]);
});

test('The maximum run time ends the run with its reason', async () => {
  const { stored, exit } = startWorker('sleep', { HEADRACE_MAX_RUNTIME: '1' });
  await exit;
  expect(stored.outcome).toEqual({
    status: 'FAILURE',
    failureReason: 'MAX_RUNTIME_EXCEEDED',
    cause: 'Exceeded maximum runtime of 1 s.',
  });
});

test('User code sees neither the token nor the database', async () => {
  const path = join(harness.folder, 'spy.mjs');
  await writeFile(
    path,
    `export { definitions } from ${JSON.stringify(join(harness.programs, 'bundle.mjs'))};
     const secret = Object.entries(process.env).filter(([, value]) => value === 'token' || value === ${JSON.stringify(harness.url)});
     console.log('seen: ' + JSON.stringify(secret));`,
  );
  const { stored, exit } = startWorker('hello', { HEADRACE_BUNDLE_PATH: path });
  await exit;
  const { runId } = stored.assignment;
  const chunks = await harness.objectStore.list(`compute_logs/${runId}/__run__.1/stdout/`);
  const bodies = await Promise.all(chunks.map(({ key }) => harness.objectStore.get(key)));
  expect(Buffer.concat(bodies.map((body) => body ?? new Uint8Array())).toString()).toContain('seen: []');
});

test('When a supervisor is killed its child dies too, though it is in a busy loop', async () => {
  const { worker, stored } = startWorker('spin_long');
  await until('the step runs', () => hasStarted(stored));
  const [child = 0] = pidsOf(stored);
  expect(isRunning(child)).toBe(true);
  worker.kill('SIGKILL');
  await until('the child is gone', () => !isRunning(child));
});

test('When the program that launched it dies, the pool interrupts its runs and leaves nothing behind', async () => {
  const runId = newRunId();
  const stored = harness.storage.add(assignment([step('sleep')], { runId }));
  const parent = spawn(
    process.execPath,
    [join(ROOT, 'test/execution/support/pool-parent.mjs'), join(harness.programs, 'worker.mjs')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        HEADRACE_WORKER_DATABASE_URL: harness.url,
        HEADRACE_OBJECT_STORE: harness.folder,
        POOL_MESSAGE: JSON.stringify({
          type: 'run',
          task: { runId, attempt: 1 },
          token: 'token',
          bundle: { hash: 'hash', path: join(harness.programs, 'bundle.mjs') },
          maxRuntimeSeconds: null,
        }),
      },
    },
  );
  processes.push(parent);
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pool = Number(said.toString());
  await until('the step runs', () => hasStarted(stored));
  parent.kill('SIGKILL');

  await until('all are gone', async () => {
    const alive = [pool, ...pidsOf(stored)].map(isRunning);
    return !alive.includes(true);
  });
  expect(stored.outcome).toBeNull();
  expect(stored.events.map(({ message }) => message)).toContain(
    'the program that started the worker is gone',
  );
});
