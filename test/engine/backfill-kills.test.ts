import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { findBackfill } from '../../lib/engine/change-backfill';
import { launchBackfill } from '../../lib/engine/launch-backfill';
import { backfillProgress } from '../../lib/model/backfill';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { aMaterialization } from '../contracts/storage-builders';
import { buildPrograms } from '../support/build-programs';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { chained } from './support/chained-assets';
import { aLocation, createTestInstance, someSettings } from './support/test-instance';

const ASSETS = ['first', 'second', 'third'] as const;
const PARTITIONS = 60;
/** Control planes that are killed before one may finish. */
const KILLS = 6;

let database: TestDatabase;
let storage: Storage;
let workers: WorkerStorage & { close(): Promise<void> };
let programs: string;
let controller: ChildProcess | undefined;

beforeAll(async () => {
  programs = await buildPrograms({ controller: 'test/engine/support/backfill-controller.ts' });
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  workers = createPostgresWorkerStorage({ url: database.workerUrl });
});

afterAll(async () => {
  controller?.kill('SIGKILL');
  await workers.close();
  await storage.close();
  await database.drop();
  await rm(programs, { recursive: true });
});

const played = new Set<string>();

/** Plays the worker of a run, once: a start that is told again is the same attempt. */
async function play(runId: string, attempt: number): Promise<void> {
  const name = `${runId}-${attempt}`;
  if (played.has(name)) return;
  played.add(name);
  const ref = { runId, attempt, workerId: 'w', token: await storage.issueAttemptToken(runId, attempt) };
  await workers.startRun(ref);
  const plan = await storage.getRunPlan(runId);
  const events = (plan?.steps ?? []).flatMap(({ assets }) =>
    assets.flatMap((asset) => (plan?.partitionKeys ?? []).map((key) => aMaterialization(asset, key))),
  );
  await workers.appendEvents(ref, 1, events);
  await workers.finishRun(ref, { status: 'SUCCESS', failureReason: null, cause: null });
}

/**
 * Starts a control plane and plays the workers of what it starts. It is killed as soon as it has said so many lines,
 * whatever it is doing then, or when the backfill has ended: that may have been before it began, by one that was killed
 * a moment too late.
 */
async function control(backfillId: string, killAfter = Number.POSITIVE_INFINITY): Promise<void> {
  const child = spawn(process.execPath, [join(programs, 'controller.mjs'), database.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  controller = child;
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_code, signal) => resolve(signal)),
  );
  const killAtTheEnd = async (): Promise<void> => {
    while (child.exitCode === null && child.signalCode === null) {
      const { endedAt } = await findBackfill({ storage }, backfillId);
      if (endedAt !== null) child.kill('SIGKILL');
      await sleep(50);
    }
  };
  const watching = killAtTheEnd();
  let lines = 0;
  const working: Promise<void>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines += 1;
    if (lines >= killAfter) child.kill('SIGKILL');
    const [word, runId = '', attempt] = line.split(' ');
    if (word === 'start') working.push(play(runId, Number(attempt)));
  }
  await Promise.all([...working, watching]);
  expect(await exited).toBe('SIGKILL');
}

test('a control plane that is killed again and again loses no partition and makes none twice', async () => {
  // Prepare
  const instance = createTestInstance(storage);
  instance.locations.push(aLocation(chained));
  const nobody = { ...instance, storage: { ...storage, takeOutbox: async () => [] } };
  const { backfillId } = await launchBackfill(nobody, someSettings(), {
    location: null,
    jobName: null,
    assets: ASSETS,
    partitions: 'all',
    config: null,
    tags: {},
  });

  // Act
  let inTheMiddle = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await control(backfillId, 3 + 5 * kill);
    const backfill = await findBackfill(instance, backfillId);
    const { completed, targeted } = backfillProgress(backfill);
    if (backfill.status === 'REQUESTED' && completed > 0 && completed < targeted) inTheMiddle += 1;
    // What a dead deliverer had taken is delivered again when its lease is over: now, for the test.
    const driver = createPgDriver({ url: database.url, maxConnections: 1 });
    await driver.query('update headrace.outbox set leased_until = 0 where leased_until > 0');
    await driver.close();
  }
  await control(backfillId);

  // Assess
  expect(inTheMiddle).toBeGreaterThanOrEqual(KILLS - 2);
  const backfill = await findBackfill(instance, backfillId);
  expect(backfill.status).toBe('COMPLETED_SUCCESS');
  expect(backfillProgress(backfill)).toEqual({
    targeted: 3 * PARTITIONS,
    completed: 3 * PARTITIONS,
    inProgress: 0,
    failed: 0,
  });
  const made = new Map<string, number>();
  for (const run of await storage.listRuns({ filter: {}, limit: 1_000 })) {
    const plan = await storage.getRunPlan(run.runId);
    for (const asset of run.assetSelection ?? []) {
      for (const key of plan?.partitionKeys ?? []) {
        made.set(`${asset} ${key}`, (made.get(`${asset} ${key}`) ?? 0) + 1);
      }
    }
  }
  expect(made.size).toBe(3 * PARTITIONS);
  expect([...made.values()].filter((count) => count !== 1)).toEqual([]);
});
