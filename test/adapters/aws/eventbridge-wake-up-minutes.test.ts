import fc from 'fast-check';
import { planExpressions } from '../../../lib/adapters/aws/eventbridge-expressions';
import { HORIZON_DAYS, wakeUpMinutes } from '../../../lib/adapters/aws/eventbridge-wake-up-minutes';
import { isValidCron, nextTick, ticksEveryHour } from '../../../lib/model/cron';
import type { ScheduleTiming } from '../../../lib/model/scheduler-timings';
import { timeZone } from '../../../lib/model/time-zone';
import { minutesOfRule } from '../../support/aws/eventbridge/parse-rule-expression';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Ten years of time zones that are known, with many a changed law in them. */
const START = Date.UTC(2015, 0, 1);
const END = Date.UTC(2025, 0, 1);

const minuteOfDay = (instant: number): number => Math.floor(instant / MINUTE) % 1_440;
const coveredBy = (
  timings: readonly ScheduleTiming[],
  now: number,
  maxRules: number,
): ReadonlySet<number> => {
  const expressions = planExpressions(wakeUpMinutes({ schedules: timings, sensors: [] }, now), maxRules);
  expect(expressions.length).toBeLessThanOrEqual(maxRules);
  return new Set(expressions.flatMap((expression) => [...minutesOfRule(expression)]));
};

describe('wakeUpMinutes', () => {
  it('covers both offsets of a zone with daylight saving time, and where its clock skips the tick', () => {
    const berlin = { cron: ['30 2 * * *'], timezone: 'Europe/Berlin' };
    // 02:30 is 01:30 UTC in winter and 00:30 in summer; on the last Sunday of March it ticks at 03:00 = 01:00 UTC.
    expect([...wakeUpMinutes({ schedules: [berlin], sensors: [] }, START)].sort((a, b) => a - b)).toEqual([
      30, 60, 90,
    ]);
  });

  it('shares what schedules of several zones have in common', () => {
    const schedules = [
      { cron: ['0 8 * * 1'], timezone: 'Asia/Tokyo' },
      { cron: ['0 23 * * *'], timezone: 'UTC' },
      { cron: ['@hourly'], timezone: 'America/New_York' },
    ];
    expect(planExpressions(wakeUpMinutes({ schedules, sensors: [] }, START), 80)).toEqual([
      'cron(0 * * * ? *)',
    ]);
  });

  it.each([
    [30, 1_440],
    [60, 1_440],
    [90, 720],
    [300, 288],
    [900, 96],
    [5_400, 16],
    [86_400, 1],
    [90_000, 24],
  ])('wakes for a sensor of %d seconds %d times a day', (minimumIntervalSeconds, wakeUps) => {
    expect(wakeUpMinutes({ schedules: [], sensors: [{ minimumIntervalSeconds }] }, START).size).toBe(wakeUps);
  });

  it('gives every tick of ten years a wake-up in its minute, in every zone, by few rules too', () => {
    let ticks = 0;
    let aroundTransitions = 0;
    fc.assert(
      fc.property(fc.array(timing(), { minLength: 1, maxLength: 4 }), maxRules(), (timings, max) => {
        // Reconciled once a year here, where the product does it daily: the horizon is longer than that.
        for (let now = START; now < END; now += 365 * DAY) {
          const covered = coveredBy(timings, now, max);
          for (const { cron, timezone } of timings) {
            const looks = windows(cron, timezone, now, Math.min(END, now + HORIZON_DAYS * DAY));
            for (const { from, to, isTransition } of looks) {
              let tick = nextTick(cron, timezone, from - 1);
              for (; tick !== null && tick < to; tick = nextTick(cron, timezone, tick)) {
                ticks += 1;
                if (isTransition) aroundTransitions += 1;
                if (!covered.has(minuteOfDay(tick))) {
                  throw new Error(`${cron} in ${timezone} ticks at ${new Date(tick).toISOString()}`);
                }
              }
            }
          }
        }
      }),
      { seed: 20_261_123, numRuns: 30 },
    );
    expect(ticks).toBeGreaterThan(100_000);
    expect(aroundTransitions).toBeGreaterThan(1_000);
  });
});

/**
 * Where to look. All of the time would be five million ticks for a schedule of every minute: those that tick more than
 * hourly are looked at for a day around each change of the clock, and for a day in each quarter.
 */
function windows(cron: readonly string[], timezone: string, from: number, to: number) {
  const zone = timeZone(timezone);
  const found: { from: number; to: number; isTransition: boolean }[] = [];
  const isDense = ticksEveryHour(cron) || cron.some((each) => /^[^ ]*[*,/-]/.test(each));
  for (let segment = zone.segmentAt(from); segment.end < to; ) {
    const next = zone.segmentAt(segment.end);
    if (next.offset !== segment.offset) {
      found.push({
        from: Math.max(from, segment.end - DAY / 2),
        to: segment.end + DAY / 2,
        isTransition: true,
      });
    }
    segment = next;
  }
  if (!isDense) return [...found, { from, to, isTransition: false }];
  for (let quarter = from; quarter < to; quarter += 91 * DAY) {
    found.push({ from: quarter, to: quarter + DAY, isTransition: false });
  }
  return found;
}

/** Half and quarter hours, a shift of 30 minutes and one of two hours, laws changed (also over the date line), Ramadan. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Asia/Pyongyang',
  'America/Caracas',
  'Europe/Istanbul',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'America/Mexico_City',
  'Asia/Amman',
  'Africa/Juba',
  'Pacific/Bougainville',
  'Asia/Almaty',
  'Europe/Volgograd',
  'Pacific/Apia',
];

function maxRules(): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(80), fc.integer({ min: 1, max: 6 }));
}

function timing(): fc.Arbitrary<ScheduleTiming> {
  return fc.record({
    cron: fc.array(cronString(), { minLength: 1, maxLength: 2 }),
    timezone: fc.constantFrom(...ZONES),
  });
}

/** Every form of a field: values, lists, steps, ranges also around the end, names, L, nth weekday, aliases. */
function cronString(): fc.Arbitrary<string> {
  const field = (min: number, max: number): fc.Arbitrary<string> => {
    const value = fc.integer({ min, max });
    const range = fc.tuple(value, value).map(([from, to]) => `${from}-${to}`);
    const step = fc.integer({ min: 1, max: 12 });
    return fc.oneof(
      { weight: 4, arbitrary: value.map(String) },
      { weight: 3, arbitrary: fc.constant('*') },
      { weight: 1, arbitrary: range },
      { weight: 1, arbitrary: step.map((each) => `*/${each}`) },
      { weight: 1, arbitrary: fc.tuple(range, step).map(([each, by]) => `${each}/${by}`) },
      {
        weight: 1,
        arbitrary: fc.array(value, { minLength: 2, maxLength: 4 }).map((list) => list.join(',')),
      },
    );
  };
  const any = { weight: 6, arbitrary: fc.constant('*') };
  const day = fc.oneof(any, fc.constant('?'), fc.constant('L'), fc.constant('1,L'), field(1, 31));
  const month = fc.oneof(any, fc.constantFrom('mar', 'JAN-MAR', 'nov-feb', '3,10'), field(1, 12));
  const weekday = fc.oneof(
    any,
    fc.constantFrom('mon-fri', 'fri-mon', 'L5', '1#2', 'sun', '7', '?'),
    field(0, 6),
  );
  const fields = fc
    .tuple(field(0, 59), fc.oneof(field(0, 23), field(0, 4)), day, month, weekday)
    .map((parts) => parts.join(' '));
  const aliases = fc.constantFrom('@hourly', '@daily', '@weekly', '@monthly', '@yearly');
  return fc.oneof({ weight: 9, arbitrary: fields }, { weight: 1, arbitrary: aliases }).filter(isValidCron);
}
