import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileObjectStore } from '../../../lib/adapters/local/file-object-store';
import {
  createProcessRunLauncher,
  type ProcessRunLauncher,
} from '../../../lib/adapters/local/process-run-launcher';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import type { LoadedDefinitions } from '../../../lib/definitions/loaded-definitions';
import { createExecutionPlan } from '../../../lib/engine/plan/create-execution-plan';
import { ASSET_JOB } from '../../../lib/model/run';
import type { Storage } from '../../../lib/ports/storage';
import { buildPrograms } from '../../support/build-programs';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;
let storage: Storage;
let launcher: ProcessRunLauncher;
let programs: string;
let folder: string;
let definitions: LoadedDefinitions;

beforeAll(async () => {
  [database, programs, folder] = await Promise.all([
    createTestDatabase(),
    buildPrograms({ worker: 'bin/worker.ts', location: 'test/execution/support/location.ts' }),
    mkdtemp(join(tmpdir(), 'headrace-worker-')),
  ]);
  process.env['STAMP_FILE'] = join(folder, 'stamp');
  process.env['VAULT_KEY'] = 'key-of-the-vault';
  ({ definitions } = (await import(join(programs, 'location.mjs'))) as { definitions: LoadedDefinitions });
  storage = createPostgresStorage({ url: database.url });
  launcher = createProcessRunLauncher({
    workerEntry: join(programs, 'worker.mjs'),
    databaseUrl: database.workerUrl,
    objectStore: folder,
    bundlePath: () => join(programs, 'location.mjs'),
  });
});
afterAll(async () => {
  await launcher.close();
  await storage.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
  await rm(programs, { recursive: true, force: true });
});

async function createRun(
  jobName: string,
  given: { readonly partitionKeys?: readonly string[]; readonly resumes?: string } = {},
): Promise<string> {
  const manifest = definitions.manifest('test');
  const job = manifest.jobs.find(({ name }) => name === jobName);
  if (job === undefined)
    throw new Error(`no job ${jobName} in ${manifest.jobs.map(({ name }) => name).join()}`);
  const runId = randomUUID();
  await storage.createRuns([
    {
      runId,
      location: 'test',
      jobName,
      bundleHash: 'hash',
      config: {},
      tags: given.resumes === undefined ? {} : { 'dagster/is_resume_retry': 'true' },
      assetSelection: null,
      assetCheckSelection: null,
      stepKeys: null,
      plan: createExecutionPlan(manifest, job, { partitionKeys: given.partitionKeys ?? [] }),
      parentRunId: given.resumes ?? null,
      rootRunId: null,
      origin: { kind: 'manual', name: '', runKey: null },
      idempotencyKey: null,
    },
  ]);
  await storage.claimRuns(10, { maxConcurrentRuns: -1, tagConcurrencyLimits: [] });
  return runId;
}

async function launch(runId: string) {
  const attemptToken = await storage.issueAttemptToken(runId, 1);
  const request = {
    runId,
    attempt: 1,
    location: 'test',
    bundleHash: 'hash',
    attemptToken,
    clientToken: runId,
  };
  return launcher.run({ ...request, maxRuntimeSeconds: null }, new AbortController().signal);
}

test('Assets written by users run with retries, inputs, a blocking check and secrets, recorded in PostgreSQL', async () => {
  const runId = await createRun(ASSET_JOB, { partitionKeys: ['2025-02-01'] });
  expect(await launch(runId)).toEqual({ exitCode: 0, reason: null });

  const run = await storage.getRun(runId);
  expect([run?.status, run?.cause]).toEqual(['SUCCESS', null]);
  const events = await storage.runEvents({ runId, limit: 1_000 });
  const typesOf = (stepKey: string) =>
    events
      .filter((event) => event.stepKey === stepKey)
      .map(({ type }) => type)
      .filter((type) => !type.endsWith('PLANNED'));
  expect(typesOf('raw__numbers')).toEqual([
    ...['LOGS_CAPTURED', 'STEP_START', 'STEP_UP_FOR_RETRY'],
    ...['LOGS_CAPTURED', 'STEP_RESTARTED', 'LOG_MESSAGE'],
    ...['STEP_OUTPUT', 'HANDLED_OUTPUT', 'ASSET_MATERIALIZATION', 'STEP_SUCCESS'],
  ]);
  const [mart] = await storage.assetRecords(['mart/total']);
  expect(mart?.lastMaterialization).toMatchObject({ partition: '2025-02-01', data: { codeVersion: '1' } });
  const [check] = await storage.checkRecords(['mart/total']);
  // It was told what the step before it made, in another transaction of the same run.
  expect(check).toMatchObject({
    status: 'SUCCEEDED',
    evaluation: { metadata: { partition: { kind: 'text', value: '2025-02-01' } } },
  });
  const objects = createFileObjectStore(folder);
  const [chunk] = await objects.list(`compute_logs/${runId}/mart__total.1/stdout/`);
  expect(Buffer.from((await objects.get(chunk?.key ?? 'x')) ?? []).toString()).toMatch(/^the key is \*{8}\n/);
  // What nothing loads is not stored.
  expect((await objects.list('artifacts/')).map(({ key }) => key)).toEqual([
    'artifacts/storage/assets/raw/numbers/2025-02-01.json',
  ]);
});

test('A run that is cancelled before its worker starts is not launched', async () => {
  const runId = await createRun('stamp_job');
  await storage.cancelRun(runId, { force: false, cause: 'not wanted' });
  await expect(launch(runId)).rejects.toMatchObject({ fault: 'conflict' });
});

test('The same code runs in the same warm process again and again', async () => {
  const pids = new Set<number>();
  for (let i = 0; i < 5; i += 1) {
    const runId = await createRun('stamp_job');
    await launch(runId);
    expect((await storage.getRun(runId))?.status).toBe('SUCCESS');
    expect(Number(await readFile(join(folder, 'stamp'), 'utf8'))).toBeGreaterThan(0);
    const [worker] = await storage.runEvents({ runId, limit: 1, types: ['STEP_WORKER_STARTED'] });
    if (worker?.type === 'STEP_WORKER_STARTED') pids.add(worker.data.pid);
  }
  expect(pids.size).toBe(1);
});

test('A run that resumes from failure loads what its parent stored', async () => {
  const parent = await createRun('flaky_job');
  await launch(parent);
  const child = await createRun('flaky_job', { resumes: parent });
  await launch(child);

  expect((await storage.getRun(parent))?.cause).toBe('Step "check_rows" failed: Error: not in the first run');
  expect((await storage.getRun(child))?.status).toBe('SUCCESS');
  const started = await storage.runEvents({ runId: child, limit: 10, types: ['STEP_START'] });
  expect(started.map(({ stepKey }) => stepKey)).toEqual(['check_rows']);
});
