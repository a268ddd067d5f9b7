import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { freshnessHeldSince, freshnessState, nextFreshnessChange } from '../../lib/model/freshness';
import type { FreshnessPolicySpec } from '../../lib/model/manifest';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(`2026-03-10T${text}:00Z`);
const timeWindow = (failWindow: number, warnWindow: number | null = null): FreshnessPolicySpec => ({
  kind: 'time_window',
  failWindow,
  warnWindow,
});
/** Due at nine; early by a quarter of an hour at most. */
const cron: FreshnessPolicySpec = {
  kind: 'cron',
  deadlineCron: '0 9 * * *',
  lowerBoundDelta: 900,
  timezone: 'UTC',
};

describe('a time window', () => {
  it('passes, warns and fails by the age of the latest materialization', () => {
    const policy = timeWindow(7_200, 3_600);
    const ages = [0, HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR, 9 * HOUR];
    expect(ages.map((age) => freshnessState(policy, 0, age))).toEqual([
      'PASS',
      'PASS',
      'WARN',
      'WARN',
      'FAIL',
      'FAIL',
    ]);
    expect(freshnessState(policy, null, 0)).toBe('UNKNOWN');
    expect(freshnessState(timeWindow(7_200), 0, 2 * HOUR - 1)).toBe('PASS');
  });
});

describe('a cron', () => {
  it.each([
    ['on time', '08:50', '09:00', 'PASS'],
    ['late, before it comes', '07:00', '09:29', 'FAIL'],
    ['late, once it came', '09:30', '09:30', 'PASS'],
    ['early', '08:30', '09:00', 'FAIL'],
    ['early, before the deadline', '08:30', '08:59', 'PASS'],
  ])('judges by the last deadline: %s', (_, made, now, expected) => {
    expect(freshnessState(cron, at(made), at(now))).toBe(expected);
  });

  it('keeps the rules of its time zone', () => {
    const berlin = { ...cron, timezone: 'Europe/Berlin' };
    // Nine in Berlin is eight in UTC.
    expect(freshnessState(berlin, at('06:00'), at('07:59'))).toBe('PASS');
    expect(freshnessState(berlin, at('06:00'), at('08:00'))).toBe('FAIL');
  });
});

const policies = fc.oneof(
  fc
    .record({ warn: fc.integer({ min: 60, max: 5_000 }), more: fc.integer({ min: 1, max: 5_000 }) })
    .map(({ warn, more }) => timeWindow(warn + more, more % 2 === 0 ? warn : null)),
  fc
    .record({
      deadlineCron: fc.constantFrom('0 9 * * *', '*/20 * * * *', '15 3 * * 1'),
      lowerBoundDelta: fc.integer({ min: 60, max: 1_200 }),
      timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
    })
    .map((fields): FreshnessPolicySpec => ({ kind: 'cron', ...fields })),
);
const start = Date.UTC(2026, 2, 20);
const instants = fc.integer({ min: start, max: start + 12 * 24 * HOUR });

describe('the next change', () => {
  it('is the first instant at which the state is another one', () => {
    fc.assert(
      fc.property(policies, instants, fc.nat(3 * 24 * HOUR), (policy, made, age) => {
        const now = made + age;
        const next = nextFreshnessChange(policy, made, now);
        const state = freshnessState(policy, made, now);
        if (next === null) {
          expect(freshnessState(policy, made, now + 400 * 24 * HOUR)).toBe(state);
          return;
        }
        expect(next).toBeGreaterThan(now);
        expect(freshnessState(policy, made, next - 1)).toBe(state);
        expect(freshnessState(policy, made, next)).not.toBe(state);
      }),
    );
  });

  it('is announced by when the state began to hold', () => {
    fc.assert(
      fc.property(policies, instants, fc.nat(3 * 24 * HOUR), (policy, made, age) => {
        const now = made + age;
        const since = freshnessHeldSince(policy, made, now) as number;
        expect(since).toBeLessThanOrEqual(now);
        expect(freshnessState(policy, made, since)).toBe(freshnessState(policy, made, now));
        if (since > made)
          expect(freshnessState(policy, made, since - 1)).not.toBe(freshnessState(policy, made, now));
      }),
    );
  });

  it('never comes by itself for what was never made', () => {
    expect(nextFreshnessChange(cron, null, 0)).toBeNull();
    expect(freshnessHeldSince(cron, null, 0)).toBeNull();
  });
});
