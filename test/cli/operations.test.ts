import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractArchive } from '../../lib/build/archive';
import { createCliClient } from '../../lib/cli/cli-client';
import { drain } from '../../lib/cli/commands/operations';
import { type HttpServer, startHttpServer } from '../../lib/cli/local-server/http-server';
import { removeServerFile, writeServerFile } from '../../lib/cli/local-server/server-file';
import type { HeadraceClient } from '../../lib/client';
import { chunkObjectKey } from '../../lib/model/compute-log';
import { anEvent, SUCCESS } from '../contracts/storage-builders';
import { aManifest } from '../engine/support/build-manifest';
import { type ApiHarness, createApiHarness } from '../support/api-harness';
import { loadedLocation, shop } from '../support/api-workspace';
import { runCli } from './support/run-cli';
import { createTestProject, type TestProject } from './support/test-project';

let harness: ApiHarness;
let server: HttpServer;
let project: TestProject;
let client: HeadraceClient;
let folder: string;

beforeAll(async () => {
  harness = await createApiHarness();
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handler: (request) => harness.api.handle(request),
    onError: () => {},
  });
  client = createCliClient({ url: server.url });
  project = createTestProject(['shop']);
  folder = mkdtempSync(join(tmpdir(), 'headrace-operations-'));
  // As `headrace dev` announces itself.
  await mkdir(join(project.root, '.headrace'), { recursive: true });
  writeServerFile(join(project.root, '.headrace'), { url: server.url, pid: process.pid, token: '' });
});

afterEach(() => client.resumeInstance());

afterAll(async () => {
  removeServerFile(join(project.root, '.headrace'), process.pid);
  project.remove();
  rmSync(folder, { recursive: true });
  await server.close();
  await harness.close();
});

const cli = (...args: string[]) => runCli('-C', project.root, ...args);
const launch = async () => (await client.launchRun({ job: 'plain', location: 'shop' })).runId;
const statusOf = async (runId: string) => (await client.getRun(runId)).status;

test('pause --all keeps runs in the queue, resume --all lets them go; both want --all', async () => {
  expect(await cli('pause')).toMatchObject({ code: 2, err: expect.stringContaining('headrace pause --all') });
  const paused = await cli('pause', '--all');
  const runId = await launch();

  expect(paused).toMatchObject({ code: 0, out: expect.stringContaining('are paused') });
  expect(await statusOf(runId)).toBe('QUEUED');
  expect(await cli('resume', '--all')).toMatchObject({ code: 0 });
  expect(await statusOf(runId)).toBe('STARTING');
  await harness.work(runId, [], SUCCESS);
});

test('runs are listed of one job, or of any of several', async () => {
  const { runId } = await client.launchRun({ assets: ['lab/samples'] });
  const jobsOf = async (jobs: string) => {
    const { out } = await cli('--json', 'runs', '--job', jobs);
    return [...new Set((JSON.parse(out) as { job: string }[]).map(({ job }) => job))].sort();
  };

  expect(await jobsOf('plain')).toEqual(['plain']);
  expect(await jobsOf('plain, __ASSET_JOB')).toEqual(['__ASSET_JOB', 'plain']);
  await harness.work(runId, [], SUCCESS);
});

test('tokens are made, listed and revoked, here as on a deployment', async () => {
  const created = await cli('token', 'create', 'ci', '--role', 'viewer', '--expires-in-days', '7');
  const [, id = ''] = /^headrace_([0-9a-f]{16})_[0-9a-f]{64}\n$/.exec(created.out) ?? [];
  const listed = await cli('token', 'list');
  const revoked = await cli('token', 'revoke', id.slice(0, 8), '--yes');

  // Only the token itself on standard output: it can be piped to where it is kept.
  expect(created).toMatchObject({ code: 0, err: expect.stringMatching(/ci \(viewer, until .*once/) });
  expect(id).toHaveLength(16);
  expect(listed.out).toMatch(new RegExp(`${id} +ci +viewer +all +ann`));
  expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining('is revoked') });
  expect(await cli('token', 'revoke', id, '--yes')).toMatchObject({
    code: 2,
    err: expect.stringContaining(`no token "${id}"`),
  });
  expect((await cli('token', 'list')).out).toContain('no token');
});

test('drain waits for what runs and starts nothing more', async () => {
  // Prepare
  const running = await launch();
  const notes: string[] = [];
  const lines: string[] = [];
  const output = {
    json: false,
    colours: { dim: String, bold: String, good: String, bad: String, warn: String },
    line: (text = '') => void lines.push(text),
    result: (_value: unknown, human: () => void) => human(),
    note: (text: string) => void notes.push(text),
    table: () => {},
  };

  // Act
  const draining = drain(client, { pollMs: 20 }, output);
  while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const late = await launch();
  await harness.work(running, [], SUCCESS);
  const code = await draining;

  // Assess
  expect(code).toBe(0);
  expect(notes[0]).toBe('1 run is in progress.');
  expect(lines).toEqual([expect.stringMatching(/No run is in progress; 1 wait in the queue/)]);
  expect(await statusOf(late)).toBe('QUEUED');
  await client.cancelRun(late);
});

test('a drain that takes too long says so and leaves the queue paused', async () => {
  const running = await launch();
  const gaveUp = await cli('drain', '--timeout', '1');
  expect(gaveUp).toMatchObject({
    code: 1,
    err: expect.stringMatching(/1 runs are still in progress after 1 s/),
  });
  expect((await client.getInstance()).paused?.scope).toBe('dequeue');
  await harness.work(running, [], SUCCESS);
});

test('force-fail asks first, then marks the run with who and why', async () => {
  const runId = await launch();
  await harness.work(runId);
  const unasked = await cli('force-fail', runId.slice(0, 13), '--reason', 'hangs');
  const failed = await cli('force-fail', runId.slice(0, 13), '--reason', 'hangs', '--yes');

  expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
  expect(failed).toMatchObject({ code: 0, out: expect.stringContaining('Its worker has stopped.') });
  expect(await client.getRun(runId)).toMatchObject({
    status: 'FAILURE',
    cause: 'Marked as failed by ann from the CLI: hangs',
  });
});

test('debug writes one archive with run, plan, events, logs, settings and versions', async () => {
  // Prepare
  const runId = await launch();
  const step = 'noop';
  await harness.work(
    runId,
    [
      anEvent('STEP_START', {}, { stepKey: step, tryNumber: 1 }),
      anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey: step, tryNumber: 1 }),
    ],
    SUCCESS,
  );
  await harness.objectStore.put(
    chunkObjectKey({ runId, stepKey: step, tryNumber: 1 }, 'stdout', 0),
    new TextEncoder().encode('hello\n'),
  );
  const file = join(folder, 'debug.tar.gz');

  // Act
  const written = await cli('debug', runId, '--output', file);

  // Assess
  expect(written).toMatchObject({ code: 0, err: '' });
  const unpacked = join(folder, 'unpacked');
  await extractArchive(readFileSync(file), unpacked);
  const json = (name: string) =>
    JSON.parse(readFileSync(join(unpacked, name), 'utf8')) as Record<string, unknown>;
  expect(json('run.json')).toMatchObject({ runId, status: 'SUCCESS' });
  expect(json('plan.json')).toHaveProperty('steps');
  expect(json('versions.json')).toMatchObject({
    cli: '1.2.3',
    server: '1.2.3',
    codeLocation: { name: 'shop' },
  });
  expect(json('settings.json')).toHaveProperty('runQueue');
  expect(readFileSync(join(unpacked, 'events.jsonl'), 'utf8')).toContain('STEP_SUCCESS');
  expect(readFileSync(join(unpacked, 'logs', 'noop.1.stdout.txt'), 'utf8')).toBe('hello\n');
});

test('plan compares the sources with what the running server has loaded', async () => {
  // Prepare: the server runs an earlier build of the project.
  project.define('shop', aManifest({ location: 'shop', assets: { a: {} } }));
  const first = JSON.parse((await cli('--json', 'build', 'shop')).out) as { hash: string }[];
  const loaded = loadedLocation('shop', shop);
  harness.codeLocations.set({ ...loaded, bundleHash: first[0]?.hash ?? '' });
  const same = await cli('plan', 'shop', '--exit-code');

  // Act
  project.define('shop', aManifest({ location: 'shop', assets: { b: {} } }));
  const changed = await cli('plan', 'shop', '--exit-code');
  const json = await cli('--json', 'plan', 'shop');

  // Assess
  harness.codeLocations.set(loaded);
  expect(same).toMatchObject({ code: 0, out: expect.stringContaining('the same code') });
  expect(changed).toMatchObject({
    code: 2,
    out: expect.stringMatching(/1 added, 1 removed.*- asset a.*\+ asset b/s),
  });
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toMatchObject({
    location: 'shop',
    difference: {
      changes: [
        { kind: 'asset', name: 'a', change: 'removed' },
        { name: 'b', change: 'added' },
      ],
    },
  });
});

test('commands for deployments say that they need one', async () => {
  for (const args of [
    ['push', 'shop'],
    ['rollback', 'shop'],
    ['dlq', 'list'],
  ]) {
    const refused = await cli(...args);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--profile <name>') });
  }
  await writeFile(
    join(project.root, 'headrace.profiles.yaml'),
    `profiles:\n  bare:\n    url: ${server.url}\n`,
  );
  const bare = await cli('--profile', 'bare', 'push', 'shop');
  expect(bare).toMatchObject({ code: 2, err: expect.stringMatching(/"bare" says no region/) });
  expect(await cli('--profile', 'bare', 'runs')).toMatchObject({ code: 0, err: '' });
});
