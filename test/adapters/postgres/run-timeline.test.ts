import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Run } from '../../../lib/model/run';
import type { RunStatus } from '../../../lib/model/run-status';
import type {
  RunStatusCounts,
  RunTimelineRow,
  RunWindow,
  RunWindowFilter,
} from '../../../lib/ports/run-timeline-storage';
import { aRun } from '../../contracts/storage-builders';
import { type PostgresHarness, postgresHarness } from './postgres-harness';

const open = postgresHarness();

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
/** Within so many hours from `START` all runs are. */
const HOURS = 12;
const NOW = START + HOURS * HOUR;
const RUNS = 80;
const CASES = 40;
const JOBS = ['load', 'Load_100%', 'export', '__ASSET_JOB'];
const LOCATIONS = ['shop', 'bank'];
const TEAMS = ['red', 'green'];
const FINISHED: readonly RunStatus[] = ['SUCCESS', 'FAILURE', 'CANCELED'];
const LIVE: readonly RunStatus[] = ['QUEUED', 'STARTED'];

const startOf = (run: Run) => run.startedAt ?? run.createdAt;
const nameOf = (run: Run) =>
  run.jobName === '__ASSET_JOB' ? (run.assetSelection?.[0] ?? 'assets') : run.jobName;

/** What a pattern means, said once more without SQL. */
function isLike(name: string, pattern: string): boolean {
  const [text, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
  if (!wanted.includes('*')) return text.includes(wanted);
  const source = wanted.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(text);
}

function isIn(run: Run, { from, to, filter }: RunWindow): boolean {
  const { names, excludedNames, locations, excludedLocations, statuses, tags } = filter;
  const isNamed = (patterns: readonly string[]) => patterns.some((each) => isLike(nameOf(run), each));
  return [
    startOf(run) <= to && (run.endedAt ?? Number.POSITIVE_INFINITY) >= from,
    names === undefined || isNamed(names),
    excludedNames === undefined || !isNamed(excludedNames),
    locations === undefined || locations.includes(run.location),
    excludedLocations === undefined || !excludedLocations.includes(run.location),
    statuses === undefined || statuses.includes(run.status),
    (tags ?? []).every(({ key, values }) => values.includes(run.tags[key] ?? '')),
  ].every(Boolean);
}

function countsOf(runs: readonly Run[]): RunStatusCounts {
  const counts: Partial<Record<RunStatus, number>> = {};
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Runs that lie all over the hours, some for long, some that wait or run. */
async function seed({ storage, admin }: PostgresHarness): Promise<readonly Run[]> {
  const made = Array.from({ length: RUNS }, (_, i) => {
    const jobName = JOBS[i % 4] ?? '';
    const isAdHoc = jobName === '__ASSET_JOB' && i % 3 > 0;
    return aRun({
      jobName,
      location: LOCATIONS[(i * i) % 2] ?? '',
      tags: { team: TEAMS[i % 2] ?? '', ...(i % 5 > 1 ? { 'dagster/partition': `p${i % 3}` } : {}) },
      assetSelection: isAdHoc ? [`raw/a${i % 2}`, 'raw/b'] : null,
    });
  });
  await storage.createRuns(made);
  for (const [i, { runId }] of made.entries()) {
    const created = START + ((i * 7_919) % (HOURS * 60)) * 60_000;
    const isLive = i % 11 === 0;
    const status = isLive ? LIVE[i % 2] : FINISHED[(i * 5 + (i >> 2)) % 3];
    const started = status === 'QUEUED' || i % 13 === 0 ? null : created + (i % 4) * 20_000;
    const ended = isLive ? null : (started ?? created) + (i % 6 === 0 ? 3 * HOUR : (i % 5) * 90_000);
    await admin.query(
      `update headrace.runs set status = $2, created_at = $3, started_at = $4, ended_at = $5 where run_id = $1`,
      [runId, status, created, started, ended],
    );
  }
  return storage.listRuns({ filter: {}, limit: RUNS });
}

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const patterns = fc.constantFrom('load', 'LOAD_1', 'load*', '*0%', 'raw/*', '*a1', 'assets', '_', 'nothing');
const filters: fc.Arbitrary<RunWindowFilter> = fc.record({
  names: some(fc.array(patterns, { minLength: 1, maxLength: 2 })),
  excludedNames: some(fc.array(patterns, { minLength: 1, maxLength: 2 })),
  locations: some(fc.subarray(LOCATIONS)),
  excludedLocations: some(fc.subarray(LOCATIONS, { maxLength: 1 })),
  statuses: some(fc.subarray([...FINISHED, ...LIVE], { minLength: 1 })),
  tags: some(fc.constantFrom(...TEAMS).map((team) => [{ key: 'team', values: [team] }])),
});
const windows: fc.Arbitrary<RunWindow> = fc
  .record({
    from: fc.integer({ min: -60, max: HOURS * 60 }),
    minutes: fc.integer({ min: 1, max: 400 }),
    filter: filters,
  })
  .map(({ from, minutes, filter }) => ({
    from: START + from * 60_000,
    to: START + (from + minutes) * 60_000,
    filter,
  }));

/** What can be said of a row whatever its marks: that they are its runs. */
function marksOf({ marks }: RunTimelineRow) {
  const counts: Partial<Record<RunStatus, number>> = {};
  for (const { status, count } of marks) counts[status] = (counts[status] ?? 0) + count;
  return {
    counts,
    from: Math.min(...marks.map(({ from }) => from)),
    to: Math.max(...marks.map(({ to }) => to)),
    createdFrom: Math.min(...marks.map(({ createdFrom }) => createdFrom)),
    createdTo: Math.max(...marks.map(({ createdTo }) => createdTo)),
  };
}

test('a timeline has every run of its window and filter once, by row and status, and no other', async () => {
  const harness = await open();
  const all = await seed(harness);
  let merged = 0;
  let longAfter = 0;

  await fc.assert(
    fc.asyncProperty(windows, fc.integer({ min: 1, max: 200 }), async (window, slots) => {
      const expected = all.filter((run) => isIn(run, window));
      const timeline = await harness.storage.runTimeline({ ...window, now: NOW, rows: 100, slots });

      const rows = Map.groupBy(expected, (run) => `${run.location} ${nameOf(run)}`);
      expect(timeline.counts).toEqual(countsOf(expected));
      expect(timeline.rowCount).toBe(rows.size);
      expect(timeline.rows.map(({ location, name }) => `${location} ${name}`).sort()).toEqual(
        [...rows.keys()].sort(),
      );
      for (const row of timeline.rows) {
        const runs = rows.get(`${row.location} ${row.name}`) ?? [];
        const counts = countsOf(runs);
        expect(row).toMatchObject({ counts, jobName: runs[0]?.jobName });
        expect(marksOf(row)).toEqual({
          counts,
          from: Math.min(...runs.map(startOf)),
          to: Math.max(...runs.map(({ endedAt }) => endedAt ?? NOW)),
          createdFrom: Math.min(...runs.map(({ createdAt }) => createdAt)),
          createdTo: Math.max(...runs.map(({ createdAt }) => createdAt)),
        });
        for (const { runId, from, status, count } of row.marks) {
          if (count > 1) merged += 1;
          const only = runs.find((run) => run.runId === runId);
          if (count > 1) expect(runId).toBeNull();
          else expect(only).toMatchObject({ status });
          if (only !== undefined) expect(startOf(only)).toBe(from);
        }
      }
      const found = await harness.storage.windowRuns({ ...window, limit: RUNS });
      expect(found.map(({ runId }) => runId)).toEqual(expected.map(({ runId }) => runId));
      longAfter += expected.filter(({ endedAt }) => (endedAt ?? 0) > window.to + HOUR).length;
    }),
    {
      numRuns: CASES,
      // Whatever else comes: all runs in one mark, and runs that end long after their window.
      examples: [
        [{ from: START, to: NOW, filter: {} }, 1],
        [{ from: START, to: START + 4 * HOUR, filter: {} }, 1],
      ],
    },
  );
  expect(merged).toBeGreaterThan(0);
  expect(longAfter).toBeGreaterThan(0);
});

test('runs that are not recovered are the latest failure of each job and partition without a later success', async () => {
  const harness = await open();
  const all = await seed(harness);
  let someone = 0;

  await fc.assert(
    fc.asyncProperty(windows, async (window) => {
      const { statuses, ...filter } = window.filter;
      const targets = Map.groupBy(
        all.filter((run) => isIn(run, { ...window, filter })),
        (run) => [run.location, run.jobName, nameOf(run), run.tags['dagster/partition']].join(' '),
      );
      // Newest first, as all are.
      const open = [...targets.values()].flatMap((runs) => {
        const last = runs.find(({ status }) => status === 'SUCCESS' || status === 'FAILURE');
        return last?.status === 'FAILURE' ? [last.runId] : [];
      });
      const expected = statuses === undefined || statuses.includes('FAILURE') ? open : [];

      const found = await harness.storage.windowRuns({ ...window, limit: RUNS, onlyUnrecovered: true });
      expect(found.map(({ runId }) => runId).sort()).toEqual(expected.sort());
      someone += expected.length;
    }),
    { numRuns: CASES, examples: [[{ from: START, to: NOW, filter: {} }]] },
  );
  expect(someone).toBeGreaterThan(0);
});

test('only rows that were asked for have marks: those that failed before those that run before the latest', async () => {
  const harness = await open();
  const { storage, admin } = harness;
  const runs = (['quiet', 'late', 'failed', 'running'] as const).map((jobName) => aRun({ jobName }));
  await storage.createRuns(runs);
  const states: readonly [RunStatus, number][] = [
    ['SUCCESS', 1],
    ['SUCCESS', 2],
    ['FAILURE', 0],
    ['STARTED', 0],
  ];
  for (const [i, { runId }] of runs.entries()) {
    const [status, hours] = states[i] ?? ['SUCCESS', 0];
    const at = START + hours * HOUR;
    await admin.query(
      'update headrace.runs set status = $2, created_at = $3, started_at = $3, ended_at = $4 where run_id = $1',
      [runId, status, at, status === 'STARTED' ? null : at + 1],
    );
  }

  const { rows, rowCount } = await storage.runTimeline({
    from: START,
    to: NOW,
    now: NOW,
    filter: {},
    rows: 2,
    slots: 10,
  });

  expect(rowCount).toBe(4);
  expect(rows.map(({ name, marks }) => [name, marks.length])).toEqual([
    ['failed', 1],
    ['running', 1],
    ['late', 0],
    ['quiet', 0],
  ]);
});

test('an empty window is empty', async () => {
  const { storage } = await open();
  const window = { from: START, to: NOW, filter: {} };
  expect(await storage.runTimeline({ ...window, now: NOW, rows: 10, slots: 10 })).toEqual({
    rowCount: 0,
    counts: {},
    rows: [],
  });
  expect(await storage.windowRuns({ ...window, limit: 10, onlyUnrecovered: true })).toEqual([]);
});
