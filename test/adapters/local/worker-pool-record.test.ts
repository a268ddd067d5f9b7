import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerPoolRecord } from '../../../lib/adapters/local/worker-pool-record';

let folder: string;
let path: string;
let program: string;
let started: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-record-'));
  path = join(folder, 'worker_pool.json');
  program = join(folder, 'worker.mjs');
  started = [];
  await writeFile(program, 'setInterval(() => {}, 1_000);');
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  started.push(child);
  return child;
}

const lives = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

async function record(owner: number, pool: ChildProcess, child: ChildProcess): Promise<void> {
  await writeFile(path, JSON.stringify({ owner, worker: program, pool: pool.pid, children: [child.pid] }));
}

test('The workers of a server that is dead are ended before anything else is done with runs', async () => {
  const [pool, child] = [start(process.execPath, [program]), start(process.execPath, [program, '--child'])];
  await record(spawnSync('true').pid, pool, child);

  await new WorkerPoolRecord(path, program).formerGone;

  expect([pool, child].map(({ signalCode }) => signalCode)).toEqual(['SIGKILL', 'SIGKILL']);
});

test('Workers of a living server are let be, and so are processes of other programs', async () => {
  const [pool, other] = [start(process.execPath, [program]), start('sleep', ['60'])];
  await record(process.pid, pool, other);
  await new WorkerPoolRecord(path, program).formerGone;
  expect([pool, other].map(lives)).toEqual([true, true]);

  await record(spawnSync('true').pid, pool, other);
  await new WorkerPoolRecord(path, program).formerGone;
  expect([pool, other].map(lives)).toEqual([false, true]);
});

test('What is written is what the next one reads; a file that is none counts as nothing', async () => {
  await writeFile(path, 'not JSON');
  const now = new WorkerPoolRecord(path, program);
  await now.formerGone;
  now.write(11, [12, 13]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    ...{ owner: process.pid, worker: program, pool: 11, children: [12, 13] },
  });
  now.forget();
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});
