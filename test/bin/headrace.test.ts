import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildPrograms } from '../support/build-programs';

/** Many times what a pipe takes at once. */
const RUNS = Array.from({ length: 1_000 }, (_, index) => ({
  runId: `run-${index}`,
  cause: 'x'.repeat(2_000),
}));

let programs: string;
let project: string;
let server: Server;

beforeAll(async () => {
  programs = await buildPrograms({ 'dist/bin/headrace': 'bin/headrace.ts' });
  writeFileSync(join(programs, 'package.json'), JSON.stringify({ version: '1.2.3' }));
  project = mkdtempSync(join(tmpdir(), 'headrace-output-'));
  writeFileSync(join(project, 'workspace.yaml'), 'code_locations: [{name: a, path: a}]\n');
  server = createServer((_, response) => response.end(JSON.stringify({ runs: RUNS }))).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  for (const folder of [programs, project]) rmSync(folder, { recursive: true, force: true });
});

/** `headrace runs --json`, whose output nobody reads yet. */
function listRuns(): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const program = join(programs, 'dist/bin/headrace.mjs');
  return spawn(process.execPath, [program, '-C', project, 'runs', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HEADRACE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  });
}

test('All of a long output reaches a reader that is slower than the program', async () => {
  const child = listRuns();
  const ended = once(child, 'exit');
  // Without waiting for its reader it ends here, or has not begun to write.
  await Promise.race([ended, sleep(1_000)]);

  expect(JSON.parse(await text(child.stdout))).toEqual(RUNS);
  expect((await ended)[0]).toBe(0);
});

test('A reader that has enough ends the program without a stack trace, by the exit code of a broken pipe', async () => {
  const child = listRuns();
  const said = text(child.stderr);
  const ended = once(child, 'exit');
  (child.stdout as unknown as { destroy(): void }).destroy();

  expect(await said).toBe('');
  expect((await ended)[0]).toBe(141);
});
