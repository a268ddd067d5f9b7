import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProcessCodeLocationClient,
  type ProcessCodeLocationClient,
} from '../../../lib/adapters/system/process-code-location-client';
import { passText } from '../../../lib/execution/passed-output';
import { SecretMask } from '../../../lib/model/secret-mask';
import { codeLocationClientContract } from '../../contracts/code-location-client-contract';
import { buildPrograms } from '../../support/build-programs';
import { until } from '../../support/until';

let client: ProcessCodeLocationClient;
let programs: string;
let folder: string;
const output: string[] = [];
const mask = new SecretMask();

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
    openOutput: (location) => passText(mask, (text) => output.push(`${location}: ${text}`)),
    onSecret: (secret) => mask.add(secret),
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

const evaluate = (location: string, hash: string, sensor: string, timeoutSeconds = 30, cursor?: string) =>
  client.call<'evaluate-sensor'>(
    location,
    hash,
    {
      kind: 'evaluate-sensor',
      sensor,
      cursor: cursor ?? null,
      lastTickStartedAt: null,
      lastRunKey: null,
      runStatusChanges: [],
      assetUpdates: [],
    },
    { timeoutSeconds },
  );
const pid = async (location: string, hash: string): Promise<string> => {
  const { result } = await evaluate(location, hash, 'pid');
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

test('A secret that user code is given is masked in what it prints, also where it comes in two pieces', async () => {
  const file = join(folder, 'second-piece');
  const said = () => output.filter((line) => line.startsWith('teller: ')).join('');

  const telling = evaluate('teller', 'one', 'tell', 120, file);
  await until('the first piece has come', () => said().includes('in pieces '));
  await writeFile(file, '');
  await telling;
  await until('the second piece has come', () => said().includes('done'));

  expect(said()).toContain('in pieces teller: ******** done');
});

test('A sensor that never lets go of the processor delays no other of its location: they are asked of another process', async () => {
  const first = await pid('spinning', 'one');
  let isOver = false;
  const spinning = evaluate('spinning', 'one', 'spin', 12).finally(() => {
    isOver = true;
  });
  const failed = expect(spinning).rejects.toMatchObject({
    fault: 'transient',
    message: expect.stringContaining('sensor "spin" took longer than 12 s'),
  });
  const others = await Promise.all([1, 2, 3].map(() => pid('spinning', 'one')));
  expect(isOver).toBe(false);
  expect(new Set(others).size).toBe(1);
  expect(others[0]).not.toBe(first);
  await failed;
});

test('What is in flight when the time-out of another sensor ends their process is asked again', async () => {
  await pid('hanging', 'one');
  const file = join(folder, 'came');
  const waiting = evaluate('hanging', 'one', 'wait', 30, file);
  const begun = () => output.filter((line) => line === 'hanging: waiting\n').length;
  while (begun() < 1) await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(evaluate('hanging', 'one', 'hang', 1)).rejects.toMatchObject({
    message: expect.stringContaining('sensor "hang" took longer than 1 s'),
  });
  while (begun() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await writeFile(file, '');
  expect((await waiting).result.skipReason).toBe('came');
});
