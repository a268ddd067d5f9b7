import { describe, expect, it } from '@jest/globals';
import { passesBackfillFilter } from '../../dashboard/src/features/backfills/backfill-filter';
import {
  type BackfillRow,
  countTargets,
  notMade,
  progressText,
  settled,
} from '../../dashboard/src/features/backfills/backfill-progress';
import { backfillStatus, targetText } from '../../dashboard/src/features/backfills/backfill-words';
import {
  choiceProblem,
  chosenKeys,
  fillChoice,
  launchParams,
  noDetails,
  type PartitionChoice,
} from '../../dashboard/src/features/backfills/launch-choice';
import { placeRuns } from '../../dashboard/src/features/backfills/place-runs';
import { targetLines, worstTarget } from '../../dashboard/src/features/backfills/target-lines';
import {
  failedBackfillId,
  makeBackfills,
  runningBackfillId,
  toBackfill,
} from '../support/dashboard-fixture-backfills';

const NOW = Date.UTC(2026, 10, 23, 14);
const rows = makeBackfills(NOW).map((each) => toBackfill(each, NOW) as unknown as BackfillRow);
const row = (id: string) => {
  const found = rows.find((each) => each.id === id);
  if (!found) throw new Error(`the fixture has no ${id}`);
  return found;
};
const found = (text: string) => rows.filter((each) => passesBackfillFilter(each, text)).map(({ id }) => id);

describe('a backfill', () => {
  it('is counted over its assets, and says how much of it is made', () => {
    const counts = countTargets(row(runningBackfillId).targetCounts);

    expect(counts).toEqual({
      SUCCESS: 142,
      FAILED: 2,
      REQUESTED: 12,
      PENDING: 174,
      BLOCKED: 0,
      CANCELED: 0,
      SKIPPED: 0,
      total: 330,
    });
    expect(settled(counts)).toBe(144);
    expect(progressText(counts, String)).toBe('142 of 330 · 2 failed');
    expect(notMade(countTargets(row(failedBackfillId).targetCounts))).toBe(8);
  });

  it('reads as paused only while it could go on', () => {
    expect(backfillStatus({ status: 'REQUESTED', isPaused: true }).word).toBe('Paused');
    expect(backfillStatus({ status: 'CANCELED', isPaused: true }).word).toBe('Canceled');
    expect(targetText(row(runningBackfillId))).toBe('raw/earthquakes and 2 more');
  });

  it.each([
    ['status:paused', ['wplsdjfo']],
    ['status:partly-failed,canceled', ['hbrnvcxe', 'ndmwoqxb']],
    ['-status:running job:ingest_*', ['wplsdjfo']],
    ['asset:raw/weather', ['ndmwoqxb']],
    ['user:jo', ['wplsdjfo', 'ndmwoqxb']],
    ['outage', ['qkzmtwpa']],
    ['nothing:known', ['qkzmtwpa', 'wplsdjfo', 'hbrnvcxe', 'ndmwoqxb']],
  ])('is found by %s', (text, ids) => {
    expect(found(text)).toEqual(ids);
  });
});

describe('the map of a backfill', () => {
  const key = (text: string) => ({ path: text.split('/') });

  it('has a line for each asset and a column for each partition that any of them is asked for', () => {
    const lines = targetLines([
      { assetKey: key('raw/a'), status: 'SUCCESS', partitionNames: ['2', '1'] },
      { assetKey: key('b'), status: 'FAILED', partitionNames: ['2'] },
      { assetKey: key('whole'), status: 'PENDING', partitionNames: [''] },
    ]);

    expect(lines.map(({ label, cells }) => [label, cells.map((cell) => cell?.status)])).toEqual([
      ['raw/a', ['SUCCESS', 'SUCCESS']],
      ['b', [undefined, 'FAILED']],
      ['whole', ['PENDING']],
    ]);
  });

  it('breaks the partitions of the only asset into lines, each called after its first', () => {
    const partitionNames = Array.from({ length: 130 }, (_, index) => String(index).padStart(3, '0'));

    const lines = targetLines([{ assetKey: null, status: 'PENDING', partitionNames }]);

    expect(lines.map(({ label, isAsset, cells }) => [label, isAsset, cells.length])).toEqual([
      ['000', false, 60],
      ['060', false, 60],
      ['120', false, 10],
    ]);
  });

  it('shows the worst of the cells that share the room of one', () => {
    const cells = (['SUCCESS', 'PENDING', 'FAILED', undefined] as const).map(
      (status) => status && { partition: 'x', status },
    );

    expect(worstTarget(cells)).toBe('FAILED');
    expect(worstTarget(cells.slice(0, 2))).toBe('PENDING');
    expect(worstTarget([undefined])).toBeUndefined();
  });
});

describe('a backfill to be launched', () => {
  const partitions: readonly PartitionChoice[] = [
    { key: '2026-01-01', kind: 'success' },
    { key: '2026-01-02', kind: 'missing' },
    { key: '2026-01-03', kind: 'failure' },
    { key: '2026-01-04', kind: 'missing' },
  ];

  it('is of a range with both its ends, of what is missing, of what failed, or of all', () => {
    const range = { by: 'range', from: '2026-01-02', to: '2026-01-03' } as const;

    expect(chosenKeys(partitions, range)).toEqual(['2026-01-02', '2026-01-03']);
    expect(chosenKeys(partitions, { by: 'missing' })).toEqual(['2026-01-02', '2026-01-04']);
    expect(chosenKeys(partitions, { by: 'failed' })).toEqual(['2026-01-03']);
    expect(chosenKeys(partitions, { by: 'holes' })).toEqual(['2026-01-02', '2026-01-03', '2026-01-04']);
    expect(chosenKeys(partitions, { by: 'all' })).toHaveLength(4);
    const ofKind = (...kinds: string[]) => partitions.filter(({ kind }) => kind && kinds.includes(kind));
    expect(fillChoice(partitions)).toBe('holes');
    expect(fillChoice(ofKind('failure', 'success'))).toBe('failed');
    expect(fillChoice(ofKind('missing', 'success'))).toBe('missing');
  });

  it.each([
    ['', '2026-01-03', 'Choose the first and the last partition'],
    ['2026-01-01', '2027-01-01', 'No partition “2027-01-01”'],
    ['2026-01-03', '2026-01-01', 'The last partition is before the first'],
    ['2026-01-01', '2026-01-01', undefined],
  ])('from %p to %p has the problem %p', (from, to, problem) => {
    expect(choiceProblem(partitions, { by: 'range', from, to })).toBe(problem);
  });

  it('has a problem where nothing is left to choose', () => {
    expect(choiceProblem(partitions.slice(0, 1), { by: 'failed' })).toBe('There is none');
  });

  it('names keys of assets, and the partition set of a job that goes on from its failures', () => {
    const assets = { kind: 'assets', paths: [['raw', 'a']] } as const;
    const job = {
      kind: 'job',
      name: 'load',
      locationName: 'shop',
      repositoryName: '__repository__',
    } as const;

    expect(
      launchParams(
        assets,
        partitions,
        { by: 'failed' },
        { title: ' again ', description: ' why ', tags: [{ key: 'team', value: 'x' }] },
      ),
    ).toEqual({
      assetSelection: [{ path: ['raw', 'a'] }],
      partitionNames: ['2026-01-03'],
      title: 'again',
      description: 'why',
      tags: [{ key: 'team', value: 'x' }],
    });
    expect(launchParams(job, partitions, { by: 'failure' }, noDetails)).toEqual({
      selector: {
        partitionSetName: 'load_partition_set',
        repositoryName: '__repository__',
        repositoryLocationName: 'shop',
      },
      allPartitions: true,
      fromFailure: true,
    });
  });
});

describe('the timeline of a backfill’s runs', () => {
  const run = (id: string, startTime: number | null, endTime: number | null) => ({ id, startTime, endTime });
  const lanes = (runs: readonly ReturnType<typeof run>[]) =>
    placeRuns(runs, 100_000).map((placed) => [placed.run.id, placed.lane, placed.to - placed.from]);

  it('has as many lanes as ran side by side, and leaves out what has not begun', () => {
    expect(lanes([run('c', 20, 30), run('a', 10, 20), run('b', 12, 40), run('waits', null, null)])).toEqual([
      ['a', 0, 10_000],
      ['b', 1, 28_000],
      ['c', 0, 10_000],
    ]);
  });

  it('draws what still runs until now', () => {
    expect(lanes([run('a', 90, null)])).toEqual([['a', 0, 10_000]]);
  });
});

it('the latest partition is the last of them, and none where there is none', () => {
  expect(chosenKeys([{ key: 'a' }, { key: 'b' }], { by: 'latest' })).toEqual(['b']);
  expect(choiceProblem([], { by: 'latest' })).toBe('There is none');
});
