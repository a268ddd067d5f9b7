import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProcessCodeLocationClient,
  type ProcessCodeLocationClient,
} from '../../../lib/adapters/system/process-code-location-client';
import { codeLocationClientContract } from '../../contracts/code-location-client-contract';
import { buildPrograms } from '../../support/build-programs';

let client: ProcessCodeLocationClient;
let programs: string;
let folder: string;
const output: string[] = [];

beforeAll(async () => {
  programs = await buildPrograms({
    'code-location': 'bin/code-location.ts',
    bundle: 'test/execution/support/bundle.ts',
  });
  folder = await mkdtemp(join(tmpdir(), 'headrace-location-'));
  await writeFile(join(folder, 'throws.mjs'), 'throw new SyntaxError("no good");');
  await writeFile(join(folder, 'empty.mjs'), 'export const other = 1;');
  client = createProcessCodeLocationClient({
    codeLocationEntry: join(programs, 'code-location.mjs'),
    objectStore: folder,
    bundlePath: (_, hash) => (hash.endsWith('.mjs') ? join(folder, hash) : join(programs, 'bundle.mjs')),
    onOutput: (location, text) => output.push(`${location}: ${text}`),
  });
});
afterAll(async () => {
  await client.close();
  await rm(folder, { recursive: true, force: true });
  await rm(programs, { recursive: true, force: true });
});

describe('code location client contract', () => {
  codeLocationClientContract(() => ({ client, location: 'test', bundleHash: 'one' }));
});

const pid = async (location: string, hash: string): Promise<string> => {
  const request = {
    kind: 'evaluate-sensor',
    sensor: 'pid',
    cursor: null,
    lastTickStartedAt: null,
    lastRunKey: null,
    runStatusChanges: [],
    assetUpdates: [],
  } as const;
  const { result } = await client.call<'evaluate-sensor'>(location, hash, request, { timeoutSeconds: 30 });
  return /pid (\d+)/.exec(result.skipReason ?? '')?.[1] ?? '';
};

test('Code that takes too long to load ends its process, naming the setting', async () => {
  await writeFile(join(folder, 'hangs.mjs'), 'await new Promise(() => setInterval(() => {}, 1_000));');
  const impatient = createProcessCodeLocationClient({
    codeLocationEntry: join(programs, 'code-location.mjs'),
    objectStore: folder,
    loadTimeoutSeconds: 0.2,
    bundlePath: () => join(folder, 'hangs.mjs'),
  });

  const answer = impatient.call<'manifest'>('slow', 'h', { kind: 'manifest' }, { timeoutSeconds: 30 });

  await expect(answer).rejects.toMatchObject({
    fault: 'transient',
    message: expect.stringContaining('longer than 0.2 s (code_servers.local_startup_timeout)'),
  });
  await impatient.close();
});

test('A process serves one location and one hash, and is reused', async () => {
  const first = await pid('a', 'one');
  expect(await pid('a', 'one')).toBe(first);
  const newer = await pid('a', 'two');
  const other = await pid('b', 'two');
  expect(new Set([first, newer, other]).size).toBe(3);
});

test('Code that does not load is the user’s error, with what it threw or lacks', async () => {
  await expect(pid('bad', 'throws.mjs')).rejects.toMatchObject({
    name: 'UserCodeError',
    message: expect.stringContaining('SyntaxError: no good'),
  });
  await expect(pid('bad', 'empty.mjs')).rejects.toThrow(
    /must export "definitions", made by define\(\.\.\.\); it exports: other/,
  );
});

test('What user code prints is handed on with the name of its location', async () => {
  await pid('printer', 'one');
  expect(output).toContain('printer: loading the bundle\n');
});
