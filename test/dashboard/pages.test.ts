import { assetStatus } from '../../dashboard/src/components/asset-status';
import { partitionCells, partitionLines } from '../../dashboard/src/components/partition-grid';
import { worstStatus } from '../../dashboard/src/components/status';
import { mergeClose, roundStep, roundTimes } from '../../dashboard/src/components/time-scale';
import { expectedBand } from '../../dashboard/src/features/assets/metadata-series';
import { parseTags } from '../../dashboard/src/features/launchpad/parse-tags';
import {
  buildLineage,
  type LineageAsset,
  reachable,
} from '../../dashboard/src/features/lineage/lineage-graph';
import { queueReason } from '../../dashboard/src/features/overview/queue-reason';
import { layoutGantt } from '../../dashboard/src/features/run/gantt-layout';
import {
  errorText,
  findCause,
  findMatches,
  passes,
  toLogLine,
} from '../../dashboard/src/features/run/log-filter';
import { jobMedians, mergeRows, type RunRow } from '../../dashboard/src/features/runs/run-rows';
import { createFixtureState, failedRunId } from '../support/dashboard-fixture-data';

describe('time axes', () => {
  it('choose round steps and align them to the zone', () => {
    expect(roundStep(12 * 3_600_000, 8)).toBe(2 * 3_600_000);
    expect(roundTimes(1_000, 3_500, 5)).toEqual([1_000, 1_500, 2_000, 2_500, 3_000, 3_500]);
    const halfHour = 30 * 60_000;
    expect(roundTimes(0, 3 * 3_600_000, 3, halfHour)[0]).toBe(halfHour);
  });

  it('merge marks that would touch and keep the others apart', () => {
    const spans = mergeClose(
      [
        { from: 0, to: 10 },
        { from: 12, to: 20 },
        { from: 40, to: 50 },
      ],
      5,
    );
    expect(spans.map((span) => [span.from, span.to, span.items.length])).toEqual([
      [0, 20, 2],
      [40, 50, 1],
    ]);
  });

  it('let a batch show its worst status', () => {
    expect(worstStatus(['success', 'running', 'failure'])).toBe('failure');
    expect(worstStatus(['success', 'success'])).toBe('success');
  });
});

describe('the Gantt chart', () => {
  const steps = [
    { key: 'a', inputs: [] },
    { key: 'b', inputs: [{ dependsOn: [{ key: 'a' }] }] },
    { key: 'c', inputs: [{ dependsOn: [{ key: 'b' }] }] },
  ];
  const stat = (
    stepKey: string,
    status: 'SUCCESS' | 'FAILURE' | 'IN_PROGRESS',
    attempts: [number, number | null][],
  ) => ({
    stepKey,
    status,
    startTime: attempts[0]?.[0] ?? null,
    endTime: attempts.at(-1)?.[1] ?? null,
    attempts: attempts.map(([startTime, endTime]) => ({ startTime, endTime })),
  });

  it('draws earlier tries apart, with the wait between them', () => {
    const layout = layoutGantt({
      steps,
      stats: [
        stat('a', 'SUCCESS', [
          [10, 12],
          [20, 25],
        ]),
      ],
      createdAt: 5_000,
      startedAt: 9_000,
      endedAt: 30_000,
      now: 0,
      order: 'time',
    });
    expect(layout.rows[1]?.bars.map((bar) => [bar.kind, bar.outlined, bar.from, bar.to])).toEqual([
      ['failure', true, 10_000, 12_000],
      ['retry', false, 12_000, 20_000],
      ['success', false, 20_000, 25_000],
    ]);
    expect(layout.rows[1]).toMatchObject({ tries: 2, duration: 15_000 });
    expect(layout.rows[0]?.bars[0]).toMatchObject({ kind: 'queued', from: 5_000, to: 9_000 });
    expect(layout.rows.map((row) => row.label)).toEqual(['queue and start', 'a', 'b', 'c']);
  });

  it('lets a running step reach the present', () => {
    const layout = layoutGantt({
      steps,
      stats: [stat('b', 'IN_PROGRESS', [[10, null]])],
      createdAt: 5_000,
      startedAt: 9_000,
      endedAt: null,
      now: 40_000,
      order: 'plan',
    });
    expect(layout.to).toBe(40_000);
    expect(layout.rows[2]?.bars[0]).toMatchObject({ kind: 'running', to: 40_000 });
  });
});

describe('the event log', () => {
  const state = createFixtureState(Date.UTC(2026, 10, 23, 12));
  const lines = (state.events.get(failedRunId) ?? []).map((event, index) => toLogLine(event as never, index));

  it('finds the cause of a failed run in the step, in its own words', () => {
    const cause = findCause(lines);
    expect(cause?.type).toBe('STEP_FAILURE');
    expect(cause && errorText(cause)).toBe('HttpError: HTTP 502 Bad Gateway after 3 tries');
  });

  it('filters by level and step', () => {
    expect(lines.filter((line) => passes(line, 'error', undefined)).map((line) => line.type)).toEqual([
      'STEP_FAILURE',
      'RUN_FAILURE',
    ]);
    const chosen = lines.filter((line) => passes(line, 'all', new Set(['raw/github_repos'])));
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.every((line) => line.stepKey === 'raw/github_repos')).toBe(true);
  });

  it('finds text in any case', () => {
    expect(findMatches(lines, 'http 429')).toHaveLength(1);
    expect(findMatches(lines, '  ')).toEqual([]);
  });
});

describe('live rows', () => {
  const run = (runId: string, creationTime: number, status: RunRow['status']) =>
    ({
      id: runId,
      runId,
      creationTime,
      status,
      jobName: 'j',
      startTime: creationTime,
      endTime: creationTime + 10,
    }) as RunRow;

  it('change in place while new ones wait aside', () => {
    const shown = [run('b', 20, 'STARTED'), run('a', 10, 'SUCCESS')];
    const { rows, waiting } = mergeRows(shown, [run('c', 30, 'QUEUED'), run('b', 20, 'FAILURE')]);
    expect(rows.map((row) => [row.runId, row.status])).toEqual([
      ['b', 'FAILURE'],
      ['a', 'SUCCESS'],
    ]);
    expect(waiting.map((row) => row.runId)).toEqual(['c']);
  });

  it('have a median once three of a job succeeded', () => {
    expect(jobMedians([run('a', 1, 'SUCCESS'), run('b', 2, 'SUCCESS')]).size).toBe(0);
    const three = [run('a', 1, 'SUCCESS'), run('b', 2, 'SUCCESS'), run('c', 3, 'SUCCESS')];
    expect(jobMedians(three).get('j')).toBe(10_000);
  });
});

describe('the lineage', () => {
  const asset = (key: string, group: string, upstream: string[]): LineageAsset => ({
    key,
    path: key.split('/'),
    group,
    kinds: ['dbt'],
    upstream,
    status: 'success',
    word: 'Fresh',
    detail: '',
  });
  const assets = [
    asset('raw/a', 'raw', []),
    asset('raw/b', 'raw', []),
    asset('stg', 'staging', ['raw/a']),
    asset('mart', 'marts', ['stg', 'raw/b']),
  ];

  it('shows a closed group as one box with the edges of its assets', () => {
    const graph = buildLineage(assets, (group) => group !== 'raw');
    expect(graph.nodes.map((node) => node.id).sort()).toEqual(['group:raw', 'mart', 'stg']);
    expect(graph.edges).toHaveLength(3);
    const raw = graph.nodes.findIndex((node) => node.id === 'group:raw');
    expect(reachable(graph, raw, 'down').size).toBe(2);
    expect(graph.frames.map((frame) => frame.group).sort()).toEqual(['marts', 'staging']);
  });
});

describe('partitions', () => {
  it('take the status of their range and stand in months', () => {
    const keys = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02'];
    const cells = partitionCells(keys, {
      __typename: 'TimePartitionStatuses',
      ranges: [
        { startKey: '2026-01-31', endKey: '2026-02-01', status: 'MATERIALIZED' },
        { startKey: '2026-02-02', endKey: '2026-02-02', status: 'FAILED' },
      ],
    });
    expect(cells.map((cell) => cell.kind)).toEqual(['missing', 'success', 'success', 'failure']);
    expect(partitionLines(cells).map((line) => [line.label, line.cells.length])).toEqual([
      ['Jan 2026', 2],
      ['Feb', 2],
    ]);
  });

  it.each([0, 1])('of two dimensions take the status of their stretch of dimension %d', (primary) => {
    const days = ['d1', 'd2', 'd3'];
    const keyOf = (day: string, region: string) => (primary === 0 ? [day, region] : [region, day]).join('|');
    const keys = days.flatMap((day) => ['eu', 'us'].map((region) => keyOf(day, region)));
    const cells = partitionCells(
      keys,
      {
        __typename: 'MultiPartitionStatuses',
        ranges: [
          {
            primaryDimStartKey: 'd1',
            primaryDimEndKey: 'd2',
            secondaryDim: {
              __typename: 'DefaultPartitionStatuses',
              materializedPartitions: ['eu'],
              failedPartitions: ['us'],
              materializingPartitions: [],
            },
          },
          {
            primaryDimStartKey: 'd3',
            primaryDimEndKey: 'd3',
            secondaryDim: {
              __typename: 'TimePartitionStatuses',
              ranges: [{ startKey: 'us', endKey: 'us', status: 'MATERIALIZED' }],
            },
          },
        ],
      },
      primary,
    );
    const kinds = new Map(cells.map((cell) => [cell.key, cell.kind]));
    expect(days.map((day) => [kinds.get(keyOf(day, 'eu')), kinds.get(keyOf(day, 'us'))])).toEqual([
      ['success', 'failure'],
      ['success', 'failure'],
      ['missing', 'success'],
    ]);
  });
});

describe('what is said of an asset', () => {
  const latest = {
    latestMaterialization: { timestamp: '5000', runId: 'r1' },
    unstartedRunIds: [],
    inProgressRunIds: [],
    latestRun: null,
  };

  it('is what happens now, then how its last run ended, then how current it is', () => {
    expect(assetStatus('STALE', { ...latest, inProgressRunIds: ['r2'] }).word).toBe('Materializing');
    expect(
      assetStatus('FRESH', { ...latest, latestRun: { status: 'FAILURE', runId: 'r2', endTime: 9 } }).word,
    ).toBe('Failed');
    expect(
      assetStatus('FRESH', { ...latest, latestRun: { status: 'FAILURE', runId: 'r0', endTime: 1 } }).word,
    ).toBe('Fresh');
    expect(assetStatus('STALE', latest).word).toBe('Stale');
    expect(assetStatus(null, { ...latest, latestMaterialization: null }).word).toBe('Missing');
    // What is made elsewhere is neither missing nor stale.
    expect(assetStatus('FRESH', { ...latest, latestMaterialization: null }).word).toBe('External');
    expect(assetStatus(null, undefined).word).toBe('Unknown');
  });

  it('calls a value an outlier only against enough values before it', () => {
    const band = expectedBand([100, 102, 98, 101, 99, 500]);
    expect(band.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(band[5]?.high).toBeLessThan(120);
  });
});

describe('a queued run', () => {
  const pools = [{ concurrencyKey: 'snowflake', limit: 8, slotCount: 8, activeSlotCount: 8 }];

  it('tells what it waits for', () => {
    const run = { allPools: ['snowflake'] };
    expect(queueReason(run, { active: 25, maxConcurrentRuns: 25, pools })).toBe(
      'all 25 run slots are in use',
    );
    expect(queueReason(run, { active: 1, maxConcurrentRuns: -1, pools })).toBe('pool snowflake 8 of 8');
    expect(queueReason(run, { active: 0, maxConcurrentRuns: 0, pools: [] })).toContain(
      'the limit of runs is 0',
    );
    expect(queueReason({ allPools: null }, { active: 1, maxConcurrentRuns: 25, pools })).toContain(
      'starts next',
    );
  });
});

describe('tags of a launch', () => {
  it('are pairs, each key once', () => {
    expect(parseTags('priority=5, reason=a=b')).toEqual({
      tags: [
        { key: 'priority', value: '5' },
        { key: 'reason', value: 'a=b' },
      ],
      problem: undefined,
    });
    expect(parseTags('alone').problem).toContain('write key=value');
    expect(parseTags('a=1, a=2').problem).toContain('twice');
  });
});
