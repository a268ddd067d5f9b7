import { parseTime } from '../../dashboard/src/components/format/parse-time';
import {
  compareLines,
  compareMetadata,
  compareSteps,
  compareTags,
} from '../../dashboard/src/features/run/compare-runs';
import type { RunEvent, StepStats } from '../../dashboard/src/features/run/run-types';
import { eachRun } from '../../dashboard/src/features/runs/each-run';
import { runFilterKeys, toRunsFilter } from '../../dashboard/src/features/runs/runs-filter';

describe('two runs side by side', () => {
  const step = (
    stepKey: string,
    status: StepStats['status'],
    startTime: number | null,
    endTime: number | null,
    tries = 1,
  ): StepStats => ({
    stepKey,
    status,
    startTime,
    endTime,
    attempts: Array.from({ length: tries }, () => ({ startTime, endTime })),
  });

  it('have their steps in the order in which this run began them, then those that only the other has', () => {
    const rows = compareSteps(
      [step('b', 'FAILURE', 20, 25, 2), step('a', 'SUCCESS', 10, 14), step('late', 'IN_PROGRESS', 30, null)],
      [
        step('a', 'SUCCESS', 110, 113),
        step('gone', 'SUCCESS', 120, 121),
        step('b', 'SUCCESS', 130, 137),
        step('late', 'SUCCESS', 140, 141),
      ],
    );
    expect(rows.map(({ key, change }) => [key, change])).toEqual([
      ['a', 1_000],
      ['b', -2_000],
      ['late', undefined],
      ['gone', undefined],
    ]);
    expect(rows[1]).toMatchObject({
      mine: { status: 'FAILURE', tries: 2 },
      other: { status: 'SUCCESS', tries: 1 },
    });
    expect(rows[3]?.mine).toBeUndefined();
  });

  it('name only the tags that differ', () => {
    const tags = (pairs: Record<string, string>) =>
      Object.entries(pairs).map(([key, value]) => ({ key, value }));
    expect(
      compareTags(tags({ team: 'a', env: 'prod', only: 'x' }), tags({ team: 'b', env: 'prod', gone: 'y' })),
    ).toEqual([
      { name: 'gone', mine: undefined, other: 'y' },
      { name: 'only', mine: 'x', other: undefined },
      { name: 'team', mine: 'a', other: 'b' },
    ]);
  });

  it('differ in what was last said of an asset and partition, numbers with how much', () => {
    const said = (rows: number, note: string, partition: string | null = null) =>
      ({
        __typename: 'MaterializationEvent',
        assetKey: { path: ['raw', 'orders'] },
        partition,
        metadataEntries: [
          { __typename: 'IntMetadataEntry', label: 'rows', intRepr: String(rows) },
          { __typename: 'TextMetadataEntry', label: 'note', text: note },
        ],
      }) as unknown as RunEvent;
    const { differences, same } = compareMetadata(
      [said(1, 'first try'), said(112, 'x'), said(5, 'p', '2026-11-22')],
      [said(100, 'x')],
    );
    expect(same).toBe(1);
    expect(differences).toEqual([
      { asset: 'raw/orders', name: 'rows', mine: '112', other: '100', change: '+12 (+12 %)' },
      { asset: 'raw/orders · 2026-11-22', name: 'rows', mine: '5', other: undefined, change: undefined },
      { asset: 'raw/orders · 2026-11-22', name: 'note', mine: 'p', other: undefined, change: undefined },
    ]);
  });

  it('differ in lines of their config', () => {
    const lines = compareLines('ops:\n  a: 1\n  c: 3', 'ops:\n  a: 2\n  c: 3');
    expect(lines?.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same ops:',
      'other   a: 2',
      'mine   a: 1',
      'same   c: 3',
    ]);
    expect(compareLines('x\n'.repeat(2_000), '')).toBeUndefined();
  });
});

describe('dates in the filter of runs', () => {
  const at = (text: string) => Date.parse(text);

  it('are those of the reader’s clock', () => {
    expect(parseTime('2026-11-20', 'Europe/Berlin')).toBe(at('2026-11-19T23:00:00Z'));
    expect(parseTime('2026-07-20T14:30', 'Europe/Berlin')).toBe(at('2026-07-20T12:30:00Z'));
    expect(parseTime('2026-11-20', 'UTC')).toBe(at('2026-11-20T00:00:00Z'));
    expect(parseTime('2026-11-20T23:59', 'America/Los_Angeles')).toBe(at('2026-11-21T07:59:00Z'));
  });

  it('hold around the change of the clock: the first of two, and after a gap', () => {
    expect(parseTime('2026-10-25T02:30', 'Europe/Berlin')).toBe(at('2026-10-25T00:30:00Z'));
    expect(parseTime('2026-03-29T02:30', 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'));
    expect(parseTime('2026-03-29T12:00', 'Europe/Berlin')).toBe(at('2026-03-29T10:00:00Z'));
    expect(parseTime('2026-10-25T12:00', 'Europe/Berlin')).toBe(at('2026-10-25T11:00:00Z'));
  });

  it('are refused where no calendar has them', () => {
    for (const text of ['2026-02-30', '2026-13-01', '2026-1-1', 'yesterday', '2026-11-20T24:00', ''])
      expect(parseTime(text, 'UTC')).toBeUndefined();
  });

  it('bound the runs that are asked for, the narrower bound winning', () => {
    const now = at('2026-11-23T12:00:00Z');
    expect(toRunsFilter('after:2026-11-20 before:2026-11-22T06:00', 'all', now, 'Europe/Berlin')).toEqual({
      createdAfter: at('2026-11-19T23:00:00Z') / 1_000,
      createdBefore: at('2026-11-22T05:00:00Z') / 1_000,
    });
    expect(toRunsFilter('after:2026-11-20 created:24h', 'all', now).createdAfter).toBe(now / 1_000 - 86_400);
    expect(toRunsFilter('after:soon', 'all', now)).toEqual({});
    const days = runFilterKeys(undefined, '2026-03-01').find(({ key }) => key === 'after')?.values;
    expect(days?.map(({ value }) => value).slice(0, 3)).toEqual(['2026-03-01', '2026-02-28', '2026-02-27']);
  });
});

test('what fails for one run is done to the others, and its reason is kept', async () => {
  const done: string[] = [];
  const runs = ['a', 'b', 'c', 'd', 'e', 'f'].map((runId) => ({ runId }));
  const result = await eachRun(runs, async (runId) => {
    if (runId === 'b') throw new Error('it is running');
    done.push(runId);
  });
  expect(done.sort()).toEqual(['a', 'c', 'd', 'e', 'f']);
  expect(result).toEqual({ done: 5, refused: ['b: it is running'] });
});
