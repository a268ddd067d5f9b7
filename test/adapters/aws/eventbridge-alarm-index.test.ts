import {
  type AlarmIndex,
  isAnythingDue,
  isReconcileDue,
  RECONCILE_MS,
} from '../../../lib/adapters/aws/eventbridge-alarm-index';

const SET_AT = Date.UTC(2026, 2, 10, 12, 0, 4);
const MINUTE = 60_000;

const index = (alarm: Partial<AlarmIndex['alarm']> = {}, timings: Partial<AlarmIndex['timings']> = {}) => ({
  timings: { reconciledAt: SET_AT, schedules: [], sensors: [], ...timings },
  alarm: { at: null, sweepAt: null, setAt: SET_AT, ...alarm },
});

describe('isAnythingDue', () => {
  it('is false before the minute of the alarm and true from then on', () => {
    const at = SET_AT + 5 * MINUTE;
    expect(isAnythingDue(index({ at }), at - 5_000)).toBe(false);
    // The rule of the alarm's minute fires at any of its seconds.
    expect(isAnythingDue(index({ at }), at - 4_000)).toBe(true);
    expect(isAnythingDue(index({ at }), at + 60 * MINUTE)).toBe(true);
    expect(isAnythingDue(index(), at)).toBe(false);
  });

  it('is true at a tick that the alarm does not know of', () => {
    const nightly = { schedules: [{ cron: ['30 2 * * *'], timezone: 'Europe/Berlin' }] };
    const tick = Date.UTC(2026, 2, 11, 1, 30);
    expect(isAnythingDue(index({}, nightly), tick - 1)).toBe(false);
    expect(isAnythingDue(index({}, nightly), tick)).toBe(true);
    expect(isAnythingDue(index({ setAt: tick }, nightly), tick + MINUTE)).toBe(false);
  });

  it('is true when the interval of a sensor has passed that the alarm does not know of', () => {
    const sensors = [{ minimumIntervalSeconds: 900 }];
    expect(isAnythingDue(index({}, { sensors }), SET_AT + 14 * MINUTE)).toBe(false);
    expect(isAnythingDue(index({}, { sensors }), SET_AT + 15 * MINUTE - 4_000)).toBe(true);
  });

  it('is true where nothing is known', () => {
    expect(isAnythingDue({ timings: undefined, alarm: index().alarm }, SET_AT)).toBe(true);
    expect(isAnythingDue({ timings: index().timings, alarm: undefined }, SET_AT)).toBe(true);
  });
});

describe('isReconcileDue', () => {
  it('is true once a day, and where nothing is known', () => {
    expect(isReconcileDue(index(), SET_AT + RECONCILE_MS - 1)).toBe(false);
    expect(isReconcileDue(index(), SET_AT + RECONCILE_MS)).toBe(true);
    expect(isReconcileDue({ timings: undefined, alarm: undefined }, SET_AT)).toBe(true);
  });
});
