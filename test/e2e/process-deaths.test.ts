import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { isRunning } from '../../lib/is-running';
import { until } from '../support/until';
import {
  contents,
  type Dev,
  type FaultsProject,
  openFaultsProject,
  type RunToEnd,
  reached,
  textOf,
} from './support/faults-project';

const MINUTES = 60_000;

/** Of headrace.yaml of the project. */
const HEARTBEAT_LIMIT_SECONDS = 8;
/** How long the busy loop has its process for itself before it is looked at; `npm run verify:full` makes it 180. */
const BUSY_LOOP_SECONDS = Number(process.env['HEADRACE_BUSY_LOOP_SECONDS'] ?? HEARTBEAT_LIMIT_SECONDS * 1.5);

jest.setTimeout(3 * MINUTES + BUSY_LOOP_SECONDS * 1_000);

let project: FaultsProject;
let dev: Dev;
/** Flights of the day that every load here loads, as the service itself lists them. */
let flights: number;

beforeAll(async () => {
  project = await openFaultsProject(['faults']);
  const day = 'start=2001-01-02T00:00:00Z&end=2001-01-02T23:59:59.999Z';
  const answer = await fetch(`${project.apis.url}/flights?${day}&limit=100000&format=ndjson`);
  flights = (await answer.text()).trim().split('\n').length;
  expect(flights).toBeGreaterThan(10_000);
  dev = await project.dev();
});

afterAll(() => project.dispose());

/** Starts a load of its own table and waits until it stands in the middle of its source. */
async function loadInTheMiddle(name: string): Promise<{ runId: string; child: number; table: string }> {
  const table = `raw.${name}`;
  const runId = await dev.launch('flights', { load_flights: { table, gate: name } });
  return { runId, child: await reached(project, name), table };
}

const parentOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));

const leftovers = async (): Promise<string[]> =>
  (await readdir(project.temporary)).filter((name) => name.startsWith('headrace-snowflake-'));

/** Every row once, one end, and nothing left on disk. */
async function assessLoaded(run: RunToEnd, table: string): Promise<void> {
  expect(run).toMatchObject({ status: 'SUCCESS', cause: null });
  expect(run.events.filter(({ type }) => /^RUN_(SUCCESS|FAILURE|CANCELED)$/.test(type))).toHaveLength(1);
  expect(await contents(project, table, 'ROW_NUMBER')).toEqual({ rows: flights, keys: flights });
  expect(await leftovers()).toEqual([]);
}

test('process.exit() in a step fails this step at once with its words, and what needs it is skipped', async () => {
  const run = await dev.run('leaving');

  expect(run).toMatchObject({ status: 'FAILURE', attempt: 1 });
  expect(textOf(run, 'STEP_FAILURE')).toMatch(/"leave" failed: .*process\.exit\(0\)/);
  expect(textOf(run, 'ENGINE_EVENT')).toContain(
    'Step "after" does not execute: upstream step "leave" failed.',
  );
  const log = await dev.client.stepLogs({ runId: run.runId, step: 'leave', try: 1, stream: 'stdout' });
  expect(log.text).toBe('about to leave\n');
});

test('kill -9 of the process that loads: the step is tried again in another, and every row is there once', async () => {
  const { runId, child, table } = await loadInTheMiddle('child_killed');
  expect(await leftovers()).toHaveLength(1);
  process.kill(child, 'SIGKILL');
  const run = await dev.follow(runId);

  expect(textOf(run, 'STEP_UP_FOR_RETRY')).toContain('killed by SIGKILL');
  expect(run.attempt).toBe(1);
  await assessLoaded(run, table);
});

test('kill -9 of the worker pool: the run goes on in another attempt, and every row is there once', async () => {
  const { runId, child, table } = await loadInTheMiddle('pool_killed');
  process.kill(parentOf(child), 'SIGKILL');
  const run = await dev.follow(runId);

  expect(textOf(run, 'ENGINE_EVENT')).toContain('the worker pool process was killed by SIGKILL');
  expect(run.attempt).toBe(2);
  expect(isRunning(child)).toBe(false);
  await assessLoaded(run, table);
});

test('kill -9 of PostgreSQL: it is started again, the run goes on, and every row is there once', async () => {
  const { runId, table } = await loadInTheMiddle('database_killed');
  const lock = join(project.product.home, 'postgres_data', 'postmaster.pid');
  const postmaster = Number((await readFile(lock, 'utf8')).split('\n')[0]);
  process.kill(postmaster, 'SIGKILL');
  await writeFile(join(project.gates, 'database_killed.go'), '');
  const run = await dev.follow(runId);

  expect(dev.running.stderr()).toContain('PostgreSQL is gone; starting it again');
  expect(Number((await readFile(lock, 'utf8')).split('\n')[0])).not.toBe(postmaster);
  expect(run.attempt).toBe(1);
  await assessLoaded(run, table);
});

test.each([
  ['the server', (pid: number) => pid, 'server_killed'],
  ['the whole process group', (pid: number) => -pid, 'group_killed'],
])('kill -9 of %s: the next start resumes the run, and every row is there once', async (_what, target, name) => {
  const { runId, child, table } = await loadInTheMiddle(name);
  process.kill(target(dev.pid), 'SIGKILL');
  expect((await dev.running.ended).signal).toBe('SIGKILL');
  dev = await project.dev();
  process.stderr.write(`Ready ${dev.readySeconds.toFixed(1)} s after a restart on existing data.\n`);
  const run = await dev.follow(runId);

  expect(run.attempt).toBe(2);
  expect(textOf(run, 'ENGINE_EVENT')).toContain('Resuming with the steps that are not finished');
  expect(isRunning(child)).toBe(false);
  await assessLoaded(run, table);
});

test('A busy loop longer than the heartbeat limit is not taken for a lost worker, and can be canceled', async () => {
  const runId = await dev.launch('loop', { loop: { seconds: 600 } });
  const stepStarted = async (): Promise<number> =>
    (await dev.client.runEvents(runId)).find(({ type }) => type === 'STEP_START')?.timestamp ?? 0;
  await until('the loop runs', async () => (await stepStarted()) > 0);
  const started = await stepStarted();
  expect(BUSY_LOOP_SECONDS).toBeGreaterThan(HEARTBEAT_LIMIT_SECONDS);
  const isPast = () => Date.now() - started > BUSY_LOOP_SECONDS * 1_000;
  await until('the limit is long past', isPast, BUSY_LOOP_SECONDS + 60);
  expect(await dev.client.getRun(runId)).toMatchObject({ status: 'STARTED', attempt: 1 });

  const asked = Date.now();
  await dev.client.cancelRun(runId);
  const run = await dev.follow(runId);
  process.stderr.write(
    `A busy loop of ${BUSY_LOOP_SECONDS} s was canceled within ${(Date.now() - asked) / 1000} s.\n`,
  );

  expect(run).toMatchObject({ status: 'CANCELED', attempt: 1 });
  expect(textOf(run, 'STEP_FAILURE')).toContain('canceled');
});

test('In the end every run is in one terminal state', async () => {
  const runs = await dev.client.listRuns({ limit: 100 });
  expect(runs.length).toBe(7);
  expect(runs.filter(({ status }) => !['SUCCESS', 'FAILURE', 'CANCELED'].includes(status))).toEqual([]);
});
