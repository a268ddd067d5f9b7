import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimHome } from '../../../lib/cli/local-server/claim-home';
import { processStart } from '../../../lib/cli/local-server/process-start';
import {
  readServerFile,
  retractServerFile,
  writeServerFile,
} from '../../../lib/cli/local-server/server-file';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'headrace-claim-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const server = { url: 'http://127.0.0.1:3000', pid: process.pid, token: 'secret' };
const leave = (stored: object): void => writeFileSync(join(home, 'server.json'), JSON.stringify(stored));
const nothing = (): void => {};

test('A home is one process’s until it is given back', async () => {
  const giveBack = await claimHome(home, nothing);
  writeServerFile(home, server);

  await expect(claimHome(home, nothing)).rejects.toMatchObject({
    message: `Headrace is already running in this project, at ${server.url} (process ${process.pid}).`,
    remedy: expect.stringContaining('stop it with Ctrl-C'),
    exitCode: 3,
    server,
  });
  giveBack();

  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['a process that is gone', { ...server, pid: 2 ** 30 }],
  ['another process that had this id', { ...server, started: 'before the restart' }],
])('What %s left stands in no way', async (_, stored) => {
  leave(stored);

  expect(readServerFile(home)).toBeUndefined();
  const giveBack = await claimHome(home, nothing);
  giveBack();

  expect(existsSync(join(home, 'server.json'))).toBe(false);
});

test('A file that an earlier version wrote is believed while its process lives', async () => {
  leave(server);

  await expect(claimHome(home, nothing)).rejects.toMatchObject({ server });
});

test('A process that starts or stops there is waited for, and named once', async () => {
  const other = spawn('sleep', ['60']);
  const pid = other.pid ?? 0;
  try {
    leave({ pid, started: processStart(pid) });
    const said: string[] = [];
    const claimed = claimHome(home, (line) => {
      said.push(line);
      other.kill('SIGKILL');
    });

    (await claimed)();

    expect(said).toEqual([`waiting for process ${pid}, which starts or stops Headrace in ${home}`]);
  } finally {
    other.kill('SIGKILL');
  }
});

test('A server that stops answers no more, and still has the home', async () => {
  const giveBack = await claimHome(home, nothing);
  writeServerFile(home, server);

  retractServerFile(home);

  expect(readServerFile(home)).toBeUndefined();
  expect(existsSync(join(home, 'server.json'))).toBe(true);
  giveBack();
});

test('A process is told from a later one by its start', () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(process.ppid)).not.toBe(processStart(process.pid));
  expect(processStart(2 ** 30)).toBeNull();
});
