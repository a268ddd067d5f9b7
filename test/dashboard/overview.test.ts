import type { StatusKind } from '../../dashboard/src/components/status';
import { overdueAttention, overdueTicks } from '../../dashboard/src/features/overview/overdue-ticks';
import {
  busiestRows,
  type TimelineItem,
  timelineLegend,
  timelineMarks,
  timelineRows,
} from '../../dashboard/src/features/overview/timeline-rows';

const now = 1_800_000_000_000;
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

describe('ticks that did not happen', () => {
  const ticks = overdueTicks(
    answer(
      schedule('every_minute', 'RUNNING', [now - 90_000, now + 60_000], [now - 3_600_000, now - 7_200_000]),
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
    const rows = timelineRows([], [], now, ticks);

    expect(rows.map((row) => row.name)).toEqual(['load']);
    expect(timelineMarks(rows[0]?.items ?? [], 24 * 3_600_000).map((mark) => mark.kind)).toEqual([
      'missed',
      'missed',
      'late',
    ]);
    expect(timelineLegend(rows).map((entry) => entry.word)).toEqual(['Late', 'Missed']);
  });

  it('need attention once per schedule, with the reason; a missed one only while it is in the window', () => {
    expect(
      overdueAttention(ticks, now - 5 * 3_600_000).map(({ title, text }) => `${title}: ${text}`),
    ).toEqual([
      'every_minute: late tick: not evaluated yet',
      'every_minute: missed tick (and 1 more): the scheduler was not running',
    ]);
    expect(overdueAttention(ticks, now - 60_000)).toHaveLength(1);
  });
});

describe('rows of a timeline with more jobs than it draws', () => {
  const item = (kind: StatusKind, ago: number) => ({ from: now - ago, to: now - ago, kind, run: undefined });
  const row = (name: string, ...items: TimelineItem[]) => ({ name, detail: '', location: 'shop', items });
  const rows = [
    row('a', item('success', 10)),
    row('b', item('expected', -10)),
    row('c', item('failure', 1_000), item('success', 900)),
    row('d', item('success', 500)),
    row('e', item('running', 5)),
  ];
  const names = (most: number) => busiestRows(rows, most).map(({ name }) => name);

  it('are those that failed, then those that run, then those that ran last, in their usual order', () => {
    expect([names(1), names(2), names(3), names(4), names(5)]).toEqual([
      ['c'],
      ['c', 'e'],
      ['a', 'c', 'e'],
      ['a', 'c', 'd', 'e'],
      ['a', 'b', 'c', 'd', 'e'],
    ]);
  });
});
