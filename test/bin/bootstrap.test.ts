import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isRunning } from '../../lib/is-running';

/** In the place of the CLI: says which signals it gets, and ends with code 7 at the n-th, or handles none. */
const PROGRAM = `
  const last = process.argv[2];
  let seen = 0;
  for (const signal of last === 'never' ? [] : ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
    process.stdout.write(signal + '\\n');
    if (++seen === Number(last)) process.exit(7);
  });
  setInterval(() => {}, 60_000);
  process.stdout.write('pid ' + process.pid + '\\n');
`;

/** Loaded first into the bootstrap: keeps it busy after it started the program, until the file of its argument is there. */
const BUSY_AFTER_SPAWN = `
  const processes = require('node:child_process');
  const { spawn } = processes;
  processes.spawn = (...args) => {
    const child = spawn(...args);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (!require('node:fs').existsSync(process.env.GO_ON)) Atomics.wait(pause, 0, 0, 10);
    return child;
  };
  require('node:module').syncBuiltinESMExports();
`;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let folder: string;
const started: ChildProcess[] = [];
/** Programs behind them, which a bootstrap that dies too early leaves. */
const programs: number[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-bootstrap-'));
  cpSync('bin/bootstrap.mjs', join(folder, 'bin/bootstrap.mjs'));
  mkdirSync(join(folder, 'dist/bin'), { recursive: true });
  writeFileSync(join(folder, 'dist/bin/headrace.mjs'), PROGRAM);
});

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const program of programs) if (isRunning(program)) process.kill(program, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The bootstrap in a process group of its own, with the program running behind it. */
async function start(endsAt: number | 'never', environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(folder, 'bin/bootstrap.mjs'), String(endsAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  started.push(child);
  let output = '';
  let changed = Promise.withResolvers<void>();
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
    changed.resolve();
    changed = Promise.withResolvers();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output);
      if (found !== null) return found[1] ?? found[0];
      await changed.promise;
    }
  };
  const program = Number(await until(/pid (\d+)\n/));
  programs.push(program);
  return { pid: child.pid ?? 0, program, ended, until, signals: () => output.split('\n').slice(1, -1) };
}

test.each(
  SIGNALS,
)('%s to the bootstrap alone reaches the program, whose exit code is the answer', async (signal) => {
  const { pid, ended, signals } = await start(1);

  process.kill(pid, signal);

  expect(await ended).toBe(7);
  expect(signals()).toEqual([signal]);
});

test('A second signal is handed on as the first was, so that it can force the end', async () => {
  const { pid, ended, until, signals } = await start(2);

  process.kill(pid, 'SIGINT');
  await until(/SIGINT\n/);
  process.kill(pid, 'SIGINT');

  expect(await ended).toBe(7);
  expect(signals()).toEqual(['SIGINT', 'SIGINT']);
});

test('What a terminal sends to the whole group ends both, with the exit code of the program', async () => {
  const { pid, ended, signals } = await start(1);

  process.kill(-pid, 'SIGINT');

  expect(await ended).toBe(7);
  expect(signals()).toEqual(['SIGINT']);
});

test.each(SIGNALS)('A program that %s ends is told as a shell tells it', async (signal) => {
  const { pid, ended } = await start('never');

  process.kill(pid, signal);

  expect(await ended).toBe(128 + constants.signals[signal]);
});

test('A signal right after the program was started reaches it, too', async () => {
  const preload = join(folder, 'busy-after-spawn.cjs');
  const goOn = join(folder, 'go-on');
  writeFileSync(preload, BUSY_AFTER_SPAWN);
  const { pid, ended, signals } = await start(1, { NODE_OPTIONS: `--require ${preload}`, GO_ON: goOn });

  process.kill(pid, 'SIGTERM');
  writeFileSync(goOn, '');

  expect(await ended).toBe(7);
  expect(signals()).toEqual(['SIGTERM']);
});

test('A program that is killed is told as a shell tells it', async () => {
  const { program, ended } = await start('never');

  process.kill(program, 'SIGKILL');

  expect(await ended).toBe(128 + constants.signals.SIGKILL);
});
