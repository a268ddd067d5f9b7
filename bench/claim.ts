/**
 * What it takes to claim runs out of a long queue, nobody else claiming: one run into the last free slot, and a whole
 * set of slots; without tag limits, with a limit for each of many values, and with full limits that block the runs
 * which come first. The engine's whole step is measured, dependencies included; a claimed run is then ended.
 *
 * usage: claim [queued runs, default 50000] [claims of each kind, default 500]
 */
import { loadavg } from 'node:os';
import { createPgDriver } from '../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../lib/adapters/postgres/postgres-storage';
import type { RunQueueSettings } from '../lib/model/run-queue-settings';
import { noopRun } from './support/noop-run';
import { treeUsage } from './support/process-tree';
import { startScratchDatabase } from './support/scratch-database';
import { report, round, summary } from './support/statistics';

const QUEUED = Number(process.argv[2] ?? 50_000);
const CLAIMS = Number(process.argv[3] ?? 500);
const LIMIT = 25;
const BATCH = 1_000;
/** As the default of `run_retries.max_retries`. */
const MAX_RETRIES = 0;
const TEAMS = 50;
/** Of the runs that come first: all of one team, whose limit is full. */
const BLOCKED_SHARE = 0.5;

const perTeam = (limit: number): RunQueueSettings => ({
  maxConcurrentRuns: LIMIT,
  tagConcurrencyLimits: [{ key: 'team', value: { applyLimitPerUniqueValue: true }, limit }],
});
const KINDS: readonly (readonly [string, number, RunQueueSettings])[] = [
  ['one run', 1, { maxConcurrentRuns: LIMIT, tagConcurrencyLimits: [] }],
  [`${LIMIT} runs`, LIMIT, { maxConcurrentRuns: LIMIT, tagConcurrencyLimits: [] }],
  [`one run, a limit for each of ${TEAMS} tag values`, 1, perTeam(5)],
  ['one run behind a full limit', 1, { ...perTeam(1), maxConcurrentRuns: -1 }],
];

const database = await startScratchDatabase();
const storage = createPostgresStorage({ url: database.url });
const driver = createPgDriver({ url: database.url, maxConnections: 1 });
try {
  const filling = performance.now();
  for (let made = 0; made < QUEUED; made += BATCH) {
    const runs = Array.from({ length: Math.min(BATCH, QUEUED - made) }, (_, i) =>
      noopRun({ team: made + i < QUEUED * BLOCKED_SHARE ? 'first' : `team-${(made + i) % TEAMS}` }),
    );
    await storage.createRuns(runs);
  }
  const createdPerSecond = QUEUED / ((performance.now() - filling) / 1_000);
  await driver.query('vacuum analyze');
  for (const [kind, count, settings] of KINDS) {
    const milliseconds: number[] = [];
    const before = treeUsage([process.pid, database.server.pid]).cpuSeconds;
    // One of the first team stays, and fills its limit of one.
    const [kept] = await storage.claimRuns(1, settings);
    for (let i = 0; i < CLAIMS; i++) {
      const began = performance.now();
      await storage.settleDependencies(MAX_RETRIES);
      const claimed = await storage.claimRuns(count, settings);
      milliseconds.push(performance.now() - began);
      if (claimed.length === 0) throw new Error(`Nothing was claimed of ${QUEUED} runs.`);
      await Promise.all(
        claimed.map(({ runId }) => storage.cancelRun(runId, { force: true, cause: 'measured' })),
      );
    }
    if (kept !== undefined) await storage.cancelRun(kept.runId, { force: true, cause: 'measured' });
    const cpu = treeUsage([process.pid, database.server.pid]).cpuSeconds - before;
    report(
      `claim of ${kind}, ${QUEUED} queued`,
      {
        claims: CLAIMS,
        milliseconds: summary(milliseconds),
        longest: round(Math.max(...milliseconds), 1),
        cpuMillisecondsPerRound: round((cpu / CLAIMS) * 1_000, 2),
        createdPerSecond: round(createdPerSecond, 0),
      },
      loadavg(),
    );
  }
} finally {
  await driver.close();
  await storage.close();
  await database.close();
}
