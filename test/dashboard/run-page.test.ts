import { layoutGantt } from '../../dashboard/src/features/run/gantt-layout';
import { reexecutionWords } from '../../dashboard/src/features/run/reexecution-words';
import { resourceBars } from '../../dashboard/src/features/run/resource-bars';
import { runSteps } from '../../dashboard/src/features/run/run-steps';
import { runTabs } from '../../dashboard/src/features/run/run-tabs';
import type { RunEvent } from '../../dashboard/src/features/run/run-types';
import { selectSteps } from '../../dashboard/src/features/run/select-steps';

const planned = (key: string, ...before: string[]) => ({
  key,
  kind: 'COMPUTE' as const,
  pool: null,
  assetKeys: [],
  inputs: [{ dependsOn: before.map((each) => ({ key: each })) }],
});
/** a → b → c → d, and zz__x by itself. */
const plan = [planned('a'), planned('b', 'a'), planned('c', 'b'), planned('d', 'c'), planned('zz__x')];
const stat = (stepKey: string, status: 'SUCCESS' | 'FAILURE', startTime: number) => ({
  stepKey,
  status,
  startTime,
  endTime: startTime + 1,
  attempts: [{ startTime, endTime: startTime + 1 }],
});

describe('the selection of steps', () => {
  const steps = runSteps(
    plan,
    [stat('b', 'SUCCESS', 1), stat('c', 'FAILURE', 2), stat('c[1]', 'SUCCESS', 3)],
    new Map([['zz__x', 'zz/x']]),
  );

  it.each([
    ['b', ['b']],
    ['*c', ['a', 'b', 'c', 'c[1]']],
    ['+d', ['c', 'd']],
    ['++d', ['b', 'c', 'd']],
    ['a+', ['a', 'b']],
    ['a*', ['a', 'b', 'c', 'c[1]', 'd']],
    ['*b+', ['a', 'b', 'c']],
    ['zz/x', ['zz__x']],
    ['b, d', ['b', 'd']],
    ['status:failed', ['c']],
    ['+status:failed', ['b', 'c']],
    ['status:pending', ['a', 'd', 'zz__x']],
  ])('%s names %j', (selection, keys) => {
    expect([...(selectSteps(selection, steps)?.keys ?? [])].sort()).toEqual(keys);
  });

  it('of nothing is none, and a name that no step has is told', () => {
    expect(selectSteps(' ', steps)).toBeUndefined();
    expect(selectSteps('b nope', steps)).toEqual({ keys: new Set(['b']), unknown: ['nope'] });
  });
});

describe('the chart of steps', () => {
  const input = { steps: plan, stats: [], createdAt: 0, startedAt: 0, endedAt: 9_000, now: 0 };

  it('puts steps beside those that they wait for as long, when time is left out', () => {
    const layout = layoutGantt({ ...input, order: 'flat' });
    expect(layout.axis).toBe('levels');
    expect(layout.to).toBe(4);
    expect(layout.rows.map(({ label, bars }) => [label, bars[0]?.from])).toEqual([
      ['a', 0],
      ['zz__x', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
    ]);
  });

  it('orders by the first start, those that have not started last as they are planned', () => {
    const layout = layoutGantt({
      ...input,
      stats: [stat('zz__x', 'SUCCESS', 1), stat('b', 'SUCCESS', 2)],
      order: 'time',
    });
    expect(layout.rows.map(({ label }) => label)).toEqual(['queue and start', 'zz__x', 'b', 'a', 'c', 'd']);
  });

  it('shows the preparation of resources for as long as its event says', () => {
    const event = (__typename: string, message: string, seconds?: number) =>
      ({
        __typename,
        message,
        timestamp: '5000',
        metadataEntries:
          seconds === undefined
            ? []
            : [{ __typename: 'FloatMetadataEntry', label: 'seconds', floatRepr: String(seconds) }],
      }) as unknown as RunEvent;
    const resources = resourceBars([
      event('ResourceInitStartedEvent', 'Setting up snowflake.'),
      event('ResourceInitSuccessEvent', 'Set up snowflake.', 1.5),
      event('ResourceInitFailureEvent', 'Setting up usgs failed.'),
    ]);
    expect(resources.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [3_500, 5_000, 'success'],
      [5_000, 5_000, 'failure'],
    ]);
    const layout = layoutGantt({ ...input, order: 'time', resources });
    expect(layout.rows[1]).toMatchObject({ label: 'resources', kind: 'failure', duration: 1_500 });
  });
});

describe('the tabs of a run', () => {
  const none = { assets: [], checks: [], dbt: [] };
  const tabsOf = (asked: string | undefined, isTold: boolean, group = 1) =>
    runTabs({ tags: 2, steps: 3, group, results: none, isTold, asked }).map(({ tab }) => tab);

  it('keep one of results that is asked for while it may come, and drop it when all is told', () => {
    expect(tabsOf('checks', false)).toContain('checks');
    expect(tabsOf('checks', true)).not.toContain('checks');
    expect(tabsOf('nonsense', false)).toEqual([undefined, 'config', 'tags', 'plan', 'compare']);
  });

  it('have the run group where there is one', () => {
    expect(tabsOf(undefined, true, 2)).toContain('group');
    expect(tabsOf('group', true, 0)).toContain('group');
    expect(tabsOf('group', true, 1)).not.toContain('group');
  });
});

test('a run of a group says what it executed', () => {
  const words = (parentRunId: string | null, tags: Record<string, string> = {}) =>
    reexecutionWords({
      parentRunId,
      stepKeysToExecute: null,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
  expect(words(null, { 'dagster/retry_number': '1' })).toBe('first run');
  expect(words('a')).toBe('all steps');
  expect(words('a', { 'dagster/is_resume_retry': 'true' })).toBe('from failure');
  expect(words('a', { 'dagster/step_selection': 'b' })).toBe('chosen steps');
  expect(words('a', { 'dagster/is_resume_retry': 'true', 'dagster/retry_number': '2' })).toBe(
    'automatic retry 2, from failure',
  );
});
