import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Run } from '../../../lib/model/run';
import type { RunFilter } from '../../../lib/ports/run-storage';
import { aRun } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

const RUNS = 60;
const PAGE = 7;
const CASES = 150;
const JOBS = ['load', 'export', 'report'];
const LOCATIONS = ['shop', 'bank'];
const BUNDLES = ['b0', 'b1'];
const TEAMS = ['red', 'green', 'blue', 'grey'];

/** What a filter means, said once more without SQL. */
function matches(run: Run, filter: RunFilter): boolean {
  const { runIds, runIdPrefix, location, locations, jobName, jobNames, statuses, tags, outsideBackfills } =
    filter;
  const { bundleHash, createdAfter, createdBefore, updatedAfter, updatedBefore } = filter;
  return [
    runIds === undefined || runIds.includes(run.runId),
    runIdPrefix === undefined ||
      run.runId.replaceAll('-', '').startsWith(runIdPrefix.replaceAll('-', '').toLowerCase()),
    location === undefined || run.location === location,
    locations === undefined || locations.includes(run.location),
    jobName === undefined || run.jobName === jobName,
    jobNames === undefined || jobNames.includes(run.jobName),
    bundleHash === undefined || run.bundleHash === bundleHash,
    statuses === undefined || statuses.includes(run.status),
    (tags ?? []).every(({ key, values }) => values.includes(run.tags[key] ?? '')),
    outsideBackfills !== true || run.tags['dagster/backfill'] === undefined,
    createdAfter === undefined || run.createdAt > createdAfter,
    createdBefore === undefined || run.createdAt < createdBefore,
    updatedAfter === undefined || run.updatedAt > updatedAfter,
    updatedBefore === undefined || run.updatedAt < updatedBefore,
  ].every(Boolean);
}

/** Each condition in a third of the filters, so that most have several. */
function filters(runs: readonly Run[]): fc.Arbitrary<RunFilter> {
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  const run = fc.constantFrom(...runs);
  const instant = (read: (run: Run) => number) => run.map(read);
  return fc.record({
    runIds: fc.option(fc.subarray(runs.map(({ runId }) => runId)), { nil: undefined, freq: 1 }),
    runIdPrefix: some(
      fc.tuple(run, fc.integer({ min: 1, max: 10 })).map(([{ runId }, length]) => runId.slice(0, length)),
    ),
    location: some(fc.constantFrom(...LOCATIONS)),
    locations: some(fc.subarray(LOCATIONS)),
    jobName: fc.option(fc.constantFrom(...JOBS), { nil: undefined, freq: 1 }),
    jobNames: some(fc.subarray(JOBS)),
    bundleHash: some(fc.constantFrom(...BUNDLES)),
    statuses: some(subset(['QUEUED', 'STARTING', 'CANCELED', 'SUCCESS'] as const)),
    tags: some(
      fc
        .record({ team: some(subset(TEAMS)), env: some(subset(['production', 'staging'])) })
        .map(({ team, env }) => [
          ...(team ? [{ key: 'team', values: team }] : []),
          ...(env ? [{ key: 'env', values: env }] : []),
        ]),
    ),
    outsideBackfills: fc.boolean(),
    createdAfter: some(instant(({ createdAt }) => createdAt)),
    createdBefore: some(instant(({ createdAt }) => createdAt)),
    updatedAfter: some(instant(({ updatedAt }) => updatedAt)),
    updatedBefore: some(instant(({ updatedAt }) => updatedAt)),
  });
}

/** A run every 40 minutes; every fourth changed again a day after it was made, every seventh days later. */
const SPREAD = `
  update headrace.runs set created_at = made, updated_at = made + case when seq % 7 = 0 then 300000000 when seq % 4 = 0 then 86400000 else 0 end
  from (select run_id as id, created_at - (max(seq) over () - seq) * 2400000 as made from headrace.runs) m where m.id = run_id`;

test.each([
  ['within a moment', ''],
  ['over two days', SPREAD],
])('every mixture of filters of runs made %s finds and counts those that match it, newest first, page by page', async (_when, spread) => {
  const { storage, admin } = await open();
  const made = Array.from({ length: RUNS }, (_, i) =>
    aRun({
      location: LOCATIONS[i % 2] ?? '',
      jobName: JOBS[i % 3] ?? '',
      bundleHash: BUNDLES[i % 8 === 3 ? 1 : 0] ?? '',
      tags: {
        team: TEAMS[(i * i) % 4] ?? '',
        ...(i % 5 === 0 ? {} : { env: i % 7 === 0 ? 'staging' : 'production' }),
        ...(i % 4 === 0 ? { 'dagster/backfill': 'b1' } : {}),
      },
    }),
  );
  // One by one, so that each has an instant of its own, and in pairs, so that some share one.
  for (let i = 0; i < RUNS; i += i % 3 === 0 ? 2 : 1) {
    await storage.createRuns(made.slice(i, i + (i % 3 === 0 ? 2 : 1)));
  }
  for (const run of made.filter((_, i) => i % 6 === 1)) {
    await storage.cancelRun(run.runId, { force: false, cause: 'no' });
  }
  if (spread !== '') await admin.query(spread);
  const all = await storage.listRuns({ filter: {}, limit: RUNS });
  expect(all).toHaveLength(RUNS);
  let severalPages = 0;

  await fc.assert(
    fc.asyncProperty(filters(all), fc.integer({ min: 1, max: RUNS }), async (filter, cap) => {
      const expected = all.filter((run) => matches(run, filter)).map(({ runId }) => runId);
      const found: string[] = [];
      for (let cursor: string | undefined; ; cursor = found.at(-1)) {
        const page = await storage.listRuns({ filter, limit: PAGE, cursor });
        found.push(...page.map(({ runId }) => runId));
        if (page.length < PAGE) break;
      }
      expect(found).toEqual(expected);
      expect(await storage.countRuns(filter, cap)).toBe(Math.min(cap, expected.length));
      if (expected.length > PAGE) severalPages++;
    }),
    { numRuns: CASES },
  );
  expect(severalPages).toBeGreaterThan(0);
});
