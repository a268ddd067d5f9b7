import fc from 'fast-check';
import { type DueTicksInput, dueTicks } from '../../lib/engine/ticks/due-ticks';
import { effectiveStatus } from '../../lib/engine/ticks/effective-status';
import { indexStates, nextWakeUp } from '../../lib/engine/ticks/next-wake-up';
import { ticksBetween } from '../../lib/model/cron';
import type { InstigatorState } from '../../lib/model/tick';
import { aManifest } from './support/build-manifest';

const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const hourly = { cron: ['0 * * * *'], timezone: 'UTC', defaultStatus: 'RUNNING' } as const;
const state = (fields: Partial<InstigatorState> = {}): InstigatorState => ({
  instigator: { location: 'orchestration', kind: 'schedule', name: 's' },
  status: 'DECLARED_IN_CODE',
  startedAt: null,
  stoppedAt: null,
  stopReason: null,
  cursor: null,
  evaluatedThrough: null,
  lastTickStartedAt: null,
  lastRunKey: null,
  ...fields,
});
const due = (input: Partial<DueTicksInput>) =>
  dueTicks({
    schedule: hourly,
    state: state({ evaluatedThrough: at('01T08:00') }),
    known: hourly,
    definedAt: at('01T00:00'),
    partitioned: false,
    now: at('01T12:30'),
    maxCatchupRuns: 3,
    ...input,
  });

describe('ticks that are due', () => {
  it('are only the latest missed one of an unpartitioned schedule', () => {
    expect(due({})).toEqual({ ticks: [at('01T12:00')], passOver: null });
  });

  it('are the last few missed ones of a partitioned schedule, in order', () => {
    expect(due({ partitioned: true }).ticks).toEqual([at('01T10:00'), at('01T11:00'), at('01T12:00')]);
  });

  it('are none twice', () => {
    expect(due({ state: state({ evaluatedThrough: at('01T12:00') }) }).ticks).toEqual([]);
  });

  it('are none of a schedule that is off', () => {
    expect(due({ state: state({ status: 'STOPPED' }) }).ticks).toEqual([]);
    expect(due({ schedule: { ...hourly, defaultStatus: 'STOPPED' } }).ticks).toEqual([]);
  });

  it('are none from before it was turned on, but the one at that very instant', () => {
    const turnedOn = (text: string) =>
      state({ status: 'RUNNING', startedAt: at(text), evaluatedThrough: at('01T08:00') });
    expect(due({ state: turnedOn('01T12:01') }).ticks).toEqual([]);
    expect(due({ state: turnedOn('01T12:00') }).ticks).toEqual([at('01T12:00')]);
  });

  it('are none from before the first sight of a schedule that is on by its code', () => {
    const first = { state: undefined, known: undefined, definedAt: at('01T12:10') };
    expect(due(first)).toEqual({ ticks: [], passOver: at('01T12:10') - 1 });
    expect(due({ ...first, now: at('01T13:00') }).ticks).toEqual([at('01T13:00')]);
  });

  it('never replay the past when the cron was edited', () => {
    const edited = {
      known: { cron: ['0 0 * * *'], timezone: 'UTC' },
      state: state({ evaluatedThrough: at('01T00:00') }),
      definedAt: at('01T12:10'),
    };
    expect(due(edited)).toEqual({ ticks: [], passOver: at('01T12:10') - 1 });
    expect(due({ ...edited, now: at('01T13:00') }).ticks).toEqual([at('01T13:00')]);
  });

  it('never replay the past when the time zone was edited', () => {
    const known = { cron: hourly.cron, timezone: 'Asia/Kolkata' };
    expect(due({ known, definedAt: at('01T12:10') }).ticks).toEqual([]);
  });

  it('come once each and in order, however evaluations fall', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (gaps, partitioned) => {
          let now = at('01T00:00');
          let through = now;
          const seen: number[] = [];
          for (const minutes of gaps) {
            now += minutes * 60_000;
            const { ticks } = due({
              state: state({ evaluatedThrough: through }),
              now,
              partitioned,
              maxCatchupRuns: 99,
            });
            seen.push(...ticks);
            through = ticks.at(-1) ?? through;
          }
          const all = ticksBetween(hourly.cron, 'UTC', at('01T00:00') + 1, now + 1);
          expect(new Set(seen).size).toBe(seen.length);
          if (partitioned) expect(seen).toEqual(all);
          else expect(seen.at(-1)).toBe(all.at(-1));
        },
      ),
    );
  });
});

describe('the next wake-up', () => {
  const manifest = aManifest({
    schedules: [
      { name: 'hourly', cron: ['0 * * * *'] },
      { name: 'off', cron: ['* * * * *'], defaultStatus: 'STOPPED' },
    ],
    sensors: [{ name: 'poll', minimumIntervalSeconds: 45 }],
  });
  const id = (kind: 'schedule' | 'sensor', name: string) => ({ location: 'orchestration', kind, name });

  const UNFOLLOWED = { safeStorageId: null, isLive: false };

  it('is the earliest of the next tick and the next poll', () => {
    const now = at('01T12:59:30');
    const states = (lastTickStartedAt: number) =>
      indexStates([
        state({ instigator: id('schedule', 'hourly'), evaluatedThrough: at('01T12:00') }),
        state({ instigator: id('sensor', 'poll'), lastTickStartedAt }),
      ]);
    expect(nextWakeUp([manifest], states(now - 5_000), now, UNFOLLOWED).at).toBe(at('01T13:00'));
    expect(nextWakeUp([manifest], states(now - 40_000), now, UNFOLLOWED).at).toBe(now + 5_000);
  });

  it('comes back to what is overdue, less and less often, never at once', () => {
    const now = at('01T13:00:10');
    const overdue = (through: string) =>
      indexStates([
        state({ instigator: id('schedule', 'hourly'), evaluatedThrough: at(through) }),
        state({ instigator: id('sensor', 'poll'), status: 'STOPPED' }),
      ]);
    expect(nextWakeUp([manifest], overdue('01T12:00'), now, UNFOLLOWED)).toEqual({
      at: now + 10_000,
      isOverdue: true,
    });
    expect(nextWakeUp([manifest], overdue('01T08:00'), now, UNFOLLOWED).at).toBe(now + 60_000);
    expect(nextWakeUp([manifest], overdue('01T12:00'), at('01T13:00'), UNFOLLOWED).at).toBe(
      at('01T13:00') + 1_000,
    );
  });

  describe('of a sensor that follows runs', () => {
    const following = aManifest({
      sensors: [{ name: 'poll', kind: 'RUN_STATUS', minimumIntervalSeconds: 45 }],
    });
    const now = at('01T13:00:10');
    const seen = (cursor: string) =>
      indexStates([state({ instigator: id('sensor', 'poll'), lastTickStartedAt: at('01T12:00'), cursor })]);
    const next = (cursor: string, safeStorageId: number, isLive = false) =>
      nextWakeUp([following], seen(cursor), now, { safeStorageId, isLive });

    it('is none when it has seen all, until something is written', () => {
      expect(next('7', 7)).toEqual({ at: null, isOverdue: false });
      // Not by the hour that it is late: it was due since the last full interval, 13:00:00.
      expect(next('7', 8)).toEqual({ at: now + 10_000, isOverdue: true });
    });

    it('is the next full interval when it has seen all of a run that goes on', () => {
      expect(next('7', 7, true)).toEqual({ at: at('01T13:00:45'), isOverdue: false });
    });

    it('is by its interval when its cursor is none of the event log', () => {
      expect(next('x', 7).isOverdue).toBe(true);
    });
  });

  it('is none when everything is off', () => {
    const off = [id('schedule', 'hourly'), id('sensor', 'poll')].map((instigator) =>
      state({ instigator, status: 'STOPPED' }),
    );
    expect(nextWakeUp([manifest], indexStates(off), at('01T12:00'), UNFOLLOWED).at).toBeNull();
  });
});

it.each([
  ['RUNNING', undefined, 'RUNNING'],
  ['RUNNING', 'DECLARED_IN_CODE', 'RUNNING'],
  ['RUNNING', 'STOPPED', 'STOPPED'],
  ['STOPPED', 'RUNNING', 'RUNNING'],
  ['STOPPED', 'DECLARED_IN_CODE', 'STOPPED'],
] as const)('a default of %s and a stored %s make %s', (defaultStatus, status, expected) => {
  expect(effectiveStatus({ defaultStatus }, status === undefined ? undefined : { status })).toBe(expected);
});
