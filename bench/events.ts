/**
 * Events appended to the log in batches of 1,000, as a worker appends them, by one run and by several at once: what a
 * run's steps say, and materializations, which move the assets' latest state too. Dagster's batches of materializations
 * into the same PostgreSQL, in the same run.
 *
 * usage: events [batches, default 60] [runs at once, default 4] [the peer's batches, default 10; 0 = without]
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresStorage } from '../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../lib/adapters/postgres/postgres-worker-storage';
import type { NewEvent } from '../lib/model/event';
import type { AttemptRef } from '../lib/model/run';
import { dagsterPython } from './support/dagster-peer';
import { noopRun } from './support/noop-run';
import { treeUsage } from './support/process-tree';
import { startScratchDatabase } from './support/scratch-database';
import { REPOSITORY } from './support/scratch-server';
import { percentile, ratio, report, round } from './support/statistics';

const BATCHES = Number(process.argv[2] ?? 60);
const RUNS_AT_ONCE = Number(process.argv[3] ?? 4);
const PEER_BATCHES = Number(process.argv[4] ?? 10);
const BATCH = 1_000;
const WARM_UP = 5;
const ASSETS = 50;

/** What a step without output says. */
const ofStep = (i: number): NewEvent =>
  i % 2 === 0
    ? {
        type: 'STEP_START',
        data: {},
        timestamp: Date.now(),
        level: 'INFO',
        message: 'Started step "s".',
        stepKey: 's',
      }
    : {
        type: 'LOG_MESSAGE',
        data: {},
        timestamp: Date.now(),
        level: 'INFO',
        message: `row ${i}`,
        stepKey: 's',
      };
const materialization = (i: number): NewEvent => ({
  type: 'ASSET_MATERIALIZATION',
  data: { metadata: { rows: { kind: 'int', value: i } }, tags: {}, inputDataVersions: {} },
  timestamp: Date.now(),
  level: 'INFO',
  message: 'm',
  stepKey: 's',
  assetKey: `a${i % ASSETS}`,
});
const KINDS = [
  ['what steps say', ofStep],
  ['materializations', materialization],
] as const;

const database = await startScratchDatabase();
const storage = createPostgresStorage({ url: database.url });
const worker = createPostgresWorkerStorage({ url: database.url, maxConnections: RUNS_AT_ONCE });
const perSecond: Record<string, number> = {};
try {
  for (const [kind, event] of KINDS) {
    for (const runs of [1, RUNS_AT_ONCE]) await measure(kind, event, runs);
  }
  if (PEER_BATCHES > 0) await comparePeer();
} finally {
  await Promise.all([worker.close(), storage.close()]);
  await database.close();
}

async function measure(kind: string, event: (i: number) => NewEvent, runs: number): Promise<void> {
  const refs = await Promise.all(Array.from({ length: runs }, startedRun));
  const append = async (ref: AttemptRef, batches: number, from: number): Promise<void> => {
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: BATCH }, (_, i) => event(i));
      await worker.appendEvents(ref, (from + batch) * BATCH + 1, events);
    }
  };
  await Promise.all(refs.map((ref) => append(ref, WARM_UP, 0)));
  const each = Math.ceil(BATCHES / runs);
  const [cpu, began] = [treeUsage([process.pid, database.server.pid]).cpuSeconds, performance.now()];
  await Promise.all(refs.map((ref) => append(ref, each, WARM_UP)));
  const seconds = (performance.now() - began) / 1_000;
  const events = each * runs * BATCH;
  perSecond[`${kind}, ${runs}`] = events / seconds;
  report(
    `events in batches of ${BATCH}, ${kind}`,
    {
      runsAtOnce: runs,
      events,
      eventsPerSecond: round(events / seconds, 0),
      cpuMicrosecondsPerEvent: round(
        ((treeUsage([process.pid, database.server.pid]).cpuSeconds - cpu) / events) * 1e6,
        1,
      ),
    },
    loadavg(),
  );
}

async function startedRun(): Promise<AttemptRef> {
  const run = noopRun();
  await storage.createRuns([run]);
  await storage.claimRuns(BATCH, { maxConcurrentRuns: -1, tagConcurrencyLimits: [] });
  const token = await storage.issueAttemptToken(run.runId, 1);
  const ref = { runId: run.runId, attempt: 1, workerId: randomUUID(), token };
  await worker.startRun(ref);
  return ref;
}

async function comparePeer(): Promise<void> {
  const python = dagsterPython();
  if ('missing' in python) {
    console.error(`Without the peer Dagster: ${python.missing}`);
    return;
  }
  const { username, password, hostname, port, pathname } = new URL(await database.create('dagster'));
  const home = mkdtempSync(join(tmpdir(), 'headrace-bench-dagster-'));
  try {
    writeFileSync(
      join(home, 'dagster.yaml'),
      `telemetry: {enabled: false}\nstorage: {postgres: {postgres_db: {hostname: ${hostname}, port: ${port}, username: ${username}, password: "${password}", db_name: ${pathname.slice(1)}}}}\n`,
    );
    const { stdout, stderr, status } = spawnSync(
      join(python.bin, 'python'),
      [join(REPOSITORY, 'bench', 'peers', 'dagster', 'events.py')],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          DAGSTER_HOME: home,
          BENCH_BATCH: String(BATCH),
          BENCH_BATCHES: String(PEER_BATCHES + 1),
        },
      },
    );
    if (status !== 0) throw new Error(`Dagster's events failed:\n${stderr.slice(-2_000)}`);
    const rounds = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly seconds: number; readonly cpuSeconds: number })
      .slice(1);
    const rate =
      BATCH /
      percentile(
        rounds.map(({ seconds }) => seconds),
        0.5,
      );
    const cpu = rounds.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / rounds.length / BATCH;
    report(
      `events in batches of ${BATCH}, materializations, Dagster 1.13`,
      {
        batches: rounds.length,
        eventsPerSecond: round(rate, 0),
        clientCpuMicrosecondsPerEvent: round(cpu * 1e6, 1),
        oursToPeer: ratio(perSecond['materializations, 1'], rate),
      },
      loadavg(),
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
