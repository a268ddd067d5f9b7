import { causeText } from '../../dashboard/src/components/cause-text';
import { toAssetOverview } from '../../dashboard/src/features/overview/asset-overview';
import { findAttention } from '../../dashboard/src/features/overview/attention';
import {
  overdueAttention,
  overdueTicks,
  overdueWithin,
} from '../../dashboard/src/features/overview/overdue-ticks';
import { markLink } from '../../dashboard/src/features/overview/timeline-link';
import {
  statusText,
  type TimelineItem,
  tickItem,
  timelineLegend,
  timelineMarks,
} from '../../dashboard/src/features/overview/timeline-marks';
import {
  busiestRows,
  type TimelineRow,
  timelineLines,
  timelineRows,
} from '../../dashboard/src/features/overview/timeline-rows';
import { toRunsFilter } from '../../dashboard/src/features/runs/runs-filter';
import type { RunStatus } from '../../dashboard/src/graphql/generated';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const schedule = (name: string, status: 'RUNNING' | 'STOPPED', expected: number[], missed: number[]) => ({
  id: name,
  name,
  pipelineName: name === 'assets_daily' ? '__ASSET_JOB' : 'load',
  scheduleState: {
    id: name,
    status,
    expectedTicks: expected.map((at) => ({ timestamp: at / 1_000 })),
    missedTicks: missed.map((at) => ({ timestamp: at / 1_000, reason: 'the scheduler was not running' })),
  },
});
const answer = (...schedules: ReturnType<typeof schedule>[]) => ({
  repositoriesOrError: {
    __typename: 'RepositoryConnection' as const,
    nodes: [{ id: 'r', location: { id: 'shop', name: 'shop' }, schedules }],
  },
});
const run = (from: number, count = 1, status: RunStatus = 'SUCCESS'): TimelineItem => ({
  from,
  to: from + 1_000,
  kind: status === 'SUCCESS' ? 'success' : 'failure',
  runs: {
    status,
    count,
    created: [from - 500, from + 500],
    ...(count === 1 ? { runId: `run-${from}` } : {}),
  },
});
const row = (name: string, items: TimelineItem[], location = 'shop'): TimelineRow => ({
  name,
  jobName: name,
  detail: '',
  location,
  counts: [],
  items,
});

describe('ticks that did not happen', () => {
  const ticks = overdueTicks(
    answer(
      schedule('every_minute', 'RUNNING', [now - 90_000, now + 60_000], [now - hour, now - 2 * hour]),
      schedule('assets_daily', 'RUNNING', [now - 10_000], []),
      schedule('off', 'STOPPED', [now - 90_000], [now - 90_000]),
    ),
    now,
  );

  it('are late when the scheduler had several chances, missed when it never will, and of schedules that are on', () => {
    expect(ticks.map(({ schedule: name, kind, at }) => [name, kind, (now - at) / 1_000])).toEqual([
      ['every_minute', 'late', 90],
      ['every_minute', 'missed', 3_600],
      ['every_minute', 'missed', 7_200],
    ]);
  });

  it('stand on the timeline in their job’s row, each by itself', () => {
    const rows = timelineRows([], [], { now, to: now }, ticks);

    expect(rows.map(({ name }) => name)).toEqual(['load']);
    const scale = { gap: 24 * hour, batch: 24 * hour, tick: 24 * hour };
    expect(timelineMarks(rows[0]?.items ?? [], scale).map((mark) => mark.kind)).toEqual([
      'missed',
      'missed',
      'late',
    ]);
    expect(timelineLegend(rows).map((entry) => entry.word)).toEqual(['Late', 'Missed']);
  });

  it('need attention once per schedule, with the reason; a missed one only while it is in the window', () => {
    const attention = (from: number) => overdueAttention(overdueWithin(ticks, { from, to: now }));

    expect(attention(now - 5 * hour).map(({ title, text }) => `${title}: ${text}`)).toEqual([
      'every_minute: late tick: not evaluated yet',
      'every_minute: missed tick (and 1 more): the scheduler was not running',
    ]);
    expect(attention(now - 60_000)).toHaveLength(1);
  });
});

describe('rows of a timeline', () => {
  it('are of jobs with runs or ticks in the window, and say how often they are due', () => {
    const counts = [{ status: 'SUCCESS' as const, count: 3 }];
    const ran = { locationName: 'shop', name: 'load', jobName: 'load', counts, marks: null };
    const due = (rowName: string, ...at: number[]) => ({
      location: 'shop',
      rowName,
      jobName: rowName,
      detail: 'hourly',
      at,
    });
    const window = { now, to: now + hour };
    const rows = timelineRows(
      [ran],
      [due('load', now + 2 * hour), due('idle', now - 1, now + 2 * hour), due('next', now + 1)],
      window,
    );

    expect(rows.map(({ name, detail, items }) => [name, detail, items.length])).toEqual([
      ['load', 'hourly', 0],
      ['next', 'hourly', 1],
    ]);
  });

  it('of which too many are there are those that failed, then those that run, then those that ran last', () => {
    const item = (kind: TimelineItem['kind'], ago: number) => tickItem(kind, now - ago);
    const rows = [
      row('a', [item('success', 10)]),
      row('b', [item('expected', -10)]),
      row('c', [item('failure', 1_000), item('success', 900)]),
      row('d', [item('success', 500)]),
      row('e', [item('running', 5)]),
    ];

    expect([1, 2, 3, 4, 5].map((most) => busiestRows(rows, most).map(({ name }) => name))).toEqual([
      ['c'],
      ['c', 'e'],
      ['a', 'c', 'e'],
      ['a', 'c', 'd', 'e'],
      ['a', 'b', 'c', 'd', 'e'],
    ]);
  });

  it('stand under their code locations where there are several; a closed one shows all its marks in its line', () => {
    const rows = [row('a', [run(5)], 'bank'), row('b', [run(1)], 'bank'), row('c', [run(2)])];
    const shape = (closed: string[]) =>
      timelineLines(rows, new Set(closed)).map((line) =>
        line.kind === 'row' ? line.row.name : [line.location, line.items.map(({ from }) => from)],
      );

    expect(shape([])).toEqual([['bank', []], 'a', 'b', ['shop', []], 'c']);
    expect(shape(['bank'])).toEqual([['bank', [1, 5]], ['shop', []], 'c']);
    expect(timelineLines(rows.slice(0, 2), new Set()).map(({ kind }) => kind)).toEqual(['row', 'row']);
  });
});

describe('marks of a timeline', () => {
  const scale = { gap: 100, batch: 3_000, tick: 1_000 };

  it('are runs that are close, up to a width, so that a busy row does not become one bar', () => {
    const runs = Array.from({ length: 10 }, (_, i) => run(i * 1_000, i + 1));
    const marks = timelineMarks(runs, scale);

    expect(marks.map(({ items }) => items.length)).toEqual([3, 3, 3, 1]);
    // They do not lie on each other.
    expect(marks.map(({ to }, i) => to <= (marks[i + 1]?.from ?? to))).toEqual([true, true, true, true]);
  });

  it('are the worst of what they hold; ticks that are expected merge when they are close', () => {
    const items = [run(0), run(500, 1, 'FAILURE'), tickItem('expected', 9_000), tickItem('expected', 9_500)];

    expect(timelineMarks(items, scale).map(({ kind, items: held }) => [kind, held.length])).toEqual([
      ['failure', 2],
      ['expected', 2],
    ]);
  });

  it('lead to their only run, or to the list of the job’s runs that were created then', () => {
    const [first, last] = [Date.UTC(2026, 10, 23, 13, 30), Date.UTC(2026, 10, 23, 13, 44, 59)];
    const [single] = timelineMarks([run(first)], scale);
    const [several] = timelineMarks([run(first + 500, 7), run(last - 500, 2, 'FAILURE')], {
      ...scale,
      gap: hour,
      batch: hour,
    });
    if (!single || !several) throw new Error('no marks');

    expect(markLink(single, 'load', 'UTC')).toEqual({
      to: '/runs/$runId',
      params: { runId: `run-${first}` },
    });
    const link = markLink(several, 'load', 'Europe/Berlin');
    const q = link && 'search' in link ? link.search.q : '';
    expect(q).toBe('job:load after:"2026-11-23 14:29" before:"2026-11-23 14:45"');
    expect(toRunsFilter(q, 'all', now, 'Europe/Berlin')).toEqual({
      pipelineName: 'load',
      createdAfter: first / 1_000 - 60,
      createdBefore: (last + 1_000) / 1_000,
    });
  });

  it('lead to a list that ends after them in the hour that the clock shows twice', () => {
    // 02:30 in Berlin for the second time.
    const at = Date.UTC(2026, 9, 25, 1, 30);
    const [mark] = timelineMarks([run(at, 2)], scale);
    const link = mark && markLink(mark, undefined, 'Europe/Berlin');
    const filter = toRunsFilter(link && 'search' in link ? link.search.q : '', 'all', now, 'Europe/Berlin');

    expect((filter.createdAfter ?? 0) * 1_000).toBeLessThan(at - 500);
    expect((filter.createdBefore ?? 0) * 1_000).toBeGreaterThan(at + 500);
  });

  it('are said in words by status', () => {
    expect(
      statusText([
        { status: 'SUCCESS', count: 1_200 },
        { status: 'STARTING', count: 1 },
        { status: 'NOT_STARTED', count: 1 },
      ]),
    ).toBe('1,200 Success, 2 Starting');
  });
});

test('assets are counted by group and status, the worst first, and by freshness', () => {
  const states = {
    key: ['a', 'b', 'c'],
    materializationTime: [1, null, 1],
    materializationRunId: ['r1', null, 'r1'],
    latestRunId: ['r1', 'r2', 'r1'],
    latestRunStatus: ['SUCCESS', 'FAILURE', 'SUCCESS'] as RunStatus[],
    latestRunStartTime: [1, 1, 1],
    latestRunEndTime: [1, 2, 1],
    unstartedRunIds: [[], [], []],
    inProgressRunIds: [[], [], []],
  };
  const { groups, freshness } = toAssetOverview({
    ...answer(),
    assetStates: states,
    assetCatalog: {
      key: ['a', 'b', 'c'],
      groupName: ['calm', 'raw', 'raw'],
      staleStatus: ['FRESH', 'MISSING', 'FRESH'],
      freshnessStatus: ['DEGRADED', 'NOT_APPLICABLE', 'HEALTHY'],
      freshnessSince: [5, null, null],
    },
  });

  expect(
    groups.map(({ name, size, statuses }) => [
      name,
      size,
      statuses.map(({ status, count }) => [status.word, count]),
    ]),
  ).toEqual([
    [
      'raw',
      2,
      [
        ['Failed', 1],
        ['Fresh', 1],
      ],
    ],
    ['calm', 1, [['Fresh', 1]]],
  ]);
  expect(freshness).toEqual({ late: [{ key: 'a', since: 5_000 }], soon: [], fresh: 1, unknown: 0 });
});

test('a run that failed says why, without what stands beside it anyway', () => {
  const run = (cause: string | null) => ({
    id: 'r',
    runId: '1234567890',
    status: 'FAILURE' as const,
    jobName: 'load',
    creationTime: 1,
    startTime: 1,
    endTime: 2,
    tags: [],
    assetSelection: null,
    assetSelectionCount: 0,
    repositoryOrigin: null,
    cause,
  });
  const texts = (cause: string | null) => findAttention([run(cause)], [], []).map(({ text }) => text);

  expect(texts('Step "a/b" failed: Error: No file.')).toEqual(['run 12345678 failed: No file.']);
  expect(texts(null)).toEqual(['run 12345678 failed']);
  expect(causeText('Step "a" failed: TypeError: x')).toBe('TypeError: x');
  expect(causeText('The worker was lost.')).toBe('The worker was lost.');
});
