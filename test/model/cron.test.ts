import fc from 'fast-check';
import {
  type Cron,
  CronError,
  isValidCron,
  nextTick,
  previousTick,
  ticksBackFrom,
  ticksBetween,
  ticksEveryHour,
  ticksFrom,
  validateCron,
} from '../../lib/model/cron';
import { TimeZoneError } from '../../lib/model/time-zone';
import { isoSeconds, vectors } from './vectors';

interface TickItem {
  readonly id: string;
  readonly group: string;
  readonly cron: Cron;
  readonly timezone: string;
  readonly start: string;
  readonly expected: { readonly next: readonly string[]; readonly prev: readonly string[] };
  readonly simple_model_agrees: boolean;
  readonly simple_model_next?: readonly string[];
  readonly simple_model_prev?: readonly string[];
}

interface ValidityItem {
  readonly id: string;
  readonly group: 'validity';
  readonly cron: Cron;
  readonly expected: { readonly valid: boolean };
  readonly quirk?: true;
}

interface DstItem {
  readonly cron: string;
  readonly tz: string;
  readonly start: string;
  readonly ticks: readonly string[];
}

const items = vectors<readonly (TickItem | ValidityItem)[]>('cron');
const tickItems = items.filter((item): item is TickItem => item.group !== 'validity');
const validityItems = items.filter((item): item is ValidityItem => item.group === 'validity');

function take(iterator: Iterable<number>, count: number): string[] {
  const taken: string[] = [];
  for (const tick of iterator) {
    taken.push(isoSeconds(tick));
    if (taken.length === count) break;
  }
  return taken;
}

describe('ticks of recorded schedules', () => {
  it.each(tickItems)('$id: $cron in $timezone from $start', (item) => {
    const start = Date.parse(item.start);

    const next = take(ticksFrom(item.cron, item.timezone, start), 6);
    const previous = take(ticksBackFrom(item.cron, item.timezone, start), 3);

    // Where the recording departs from the rules, its own enumeration of the rules stands beside it.
    expect(next).toEqual(item.simple_model_next ?? item.expected.next);
    expect(previous).toEqual(item.simple_model_prev ?? item.expected.prev);
  });

  it('departs from the recording only in the items that are marked', () => {
    expect(tickItems).toHaveLength(224);
    expect(tickItems.filter((item) => !item.simple_model_agrees).map((item) => item.id)).toEqual([
      'cron-0288',
      'cron-0453',
      'cron-0723',
    ]);
  });

  it.each(vectors<readonly DstItem[]>('cron_dst'))('$cron in $tz from $start', (item) => {
    const ticks = take(ticksFrom(item.cron, item.tz, Date.parse(item.start)), item.ticks.length);

    expect(ticks).toEqual(item.ticks.map((tick) => isoSeconds(Date.parse(tick.replace(' fold1', '')))));
  });
});

describe('validity', () => {
  const known = validityItems.filter((item) => item.quirk !== true);

  it('leaves out one recorded quirk', () => {
    expect(validityItems).toHaveLength(28);
    expect(known).toHaveLength(27);
  });

  it.each(known)('$id: $cron', (item) => {
    expect(isValidCron(item.cron)).toBe(item.expected.valid);
  });

  it.each([
    ['* 25 * * *', 'hour', "Cron expression '* 25 * * *' is not valid: hour: 25 is not between 0 and 23"],
    ['0 0 * * mon-sunday', 'day of week', "'sunday' is not a number or a name such as 'mon'"],
    ['0 0 * * * *', undefined, 'it has 6 fields, not the 5'],
    ['0 0 31 feb *', 'day of month', 'February has no day 31'],
    ['*/0 * * * *', 'minute', "the step of '*/0' is 0"],
    ['0 0 * * 1#2,3', 'day of week', 'mixes plain days'],
    ['@reboot', undefined, 'unknown alias; known are @hourly'],
    [' @daily', undefined, 'unknown alias'],
    ['0 0 * * Lfri', 'day of week', "'lfri' is not a number"],
  ])('says which field of %s is at fault', (cron, field, message) => {
    let error: unknown;
    try {
      validateCron(cron);
    } catch (thrown) {
      error = thrown;
    }

    expect(error).toBeInstanceOf(CronError);
    expect(error).toMatchObject({ expression: cron, field, message: expect.stringContaining(message) });
  });

  it('refuses an unknown time zone and a bare offset', () => {
    expect(() => validateCron('@daily', 'Europe/Atlantis')).toThrow(TimeZoneError);
    expect(() => validateCron('@daily', '+02:00')).toThrow("'+02:00' is not an IANA time zone");
  });
});

describe('edges', () => {
  it('returns null for a schedule that never ticks', () => {
    expect(nextTick('0 0 31 4 *', 'UTC', 0)).toBeNull();
    expect(previousTick('0 0 31 4 *', 'UTC', 0)).toBeNull();
    expect(ticksBetween('0 0 31 4 *', 'UTC', 0, Date.UTC(2100, 0, 1))).toEqual([]);
  });

  it('leaves an instant that is a tick itself out of next and previous', () => {
    const tick = Date.UTC(2026, 0, 2);

    expect(nextTick('@daily', 'UTC', tick)).toBe(Date.UTC(2026, 0, 3));
    expect(previousTick('@daily', 'UTC', tick)).toBe(Date.UTC(2026, 0, 1));
  });

  it('includes the start and excludes the end of a range, and keeps to the limit', () => {
    const start = Date.UTC(2026, 0, 1);

    expect(ticksBetween('@hourly', 'UTC', start, start + 86_400_000)).toHaveLength(24);
    expect(ticksBetween('@hourly', 'UTC', start, start + 86_400_000, 3)).toHaveLength(3);
    expect(ticksBetween('@hourly', 'UTC', start, start + 86_400_000, 0)).toEqual([]);
  });

  it('finds the only tick of a leap day that falls on a wanted weekday', () => {
    expect(isoSeconds(nextTick('0 0 29 2 *', 'UTC', Date.UTC(2096, 2, 1)) ?? 0)).toBe('2104-02-29T00:00:00Z');
  });

  it('knows which schedules follow real time', () => {
    expect(ticksEveryHour('*/5 * * * *')).toBe(true);
    expect(ticksEveryHour('0 0-23 * * *')).toBe(true);
    expect(ticksEveryHour(['0 * * * *', '0 3 * * *'])).toBe(false);
  });
});

const zoneNames = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
);
const field = (min: number, max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: fc.integer({ min, max }).map(String) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${a}-${b}`),
    },
    { weight: 1, arbitrary: fc.integer({ min: 1, max }).map((step) => `*/${step}`) },
    {
      weight: 1,
      arbitrary: fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((v) => v.join(',')),
    },
  );
const crons = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
  .map((fields) => fields.join(' '));
const instants = fc
  .integer({ min: Date.UTC(2005, 0, 1) / 1000, max: Date.UTC(2036, 0, 1) / 1000 })
  .map((s) => s * 1000);

describe('properties of every schedule', () => {
  it('ticks in strictly ascending order, and previous undoes next', () => {
    fc.assert(
      fc.property(crons, zoneNames, instants, (cron, zone, start) => {
        let at = start;
        for (let step = 0; step < 5; step += 1) {
          const next = nextTick(cron, zone, at);
          if (next === null) throw new Error('these crons always tick');
          expect(next).toBeGreaterThan(at);
          const back = previousTick(cron, zone, next);
          if (step > 0) expect(back).toBe(at);
          else expect(back).toBeLessThanOrEqual(at);
          at = next;
        }
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with walking minute by minute through a change of clocks', () => {
    const changes = fc.constantFrom(
      ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)] as const,
      ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)] as const,
      ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)] as const,
      ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 15, 30)] as const,
      ['America/Santiago', Date.UTC(2026, 3, 5, 3)] as const,
    );
    const hourly = fc.tuple(field(0, 59), field(1, 28)).map(([minute, day]) => `${minute} * ${day} * *`);
    fc.assert(
      fc.property(hourly, changes, (cron, [zone, change]) => {
        const from = change - 4 * 3_600_000;
        const to = change + 4 * 3_600_000;
        const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, day: 'numeric', minute: 'numeric' });
        const [minuteField, , dayField] = cron.split(' ') as [string, string, string];
        const walked: number[] = [];
        for (let at = from; at < to; at += 60_000) {
          const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
          if (
            matches(minuteField, parts.get('minute') ?? -1, 0, 59) &&
            matches(dayField, parts.get('day') ?? -1, 1, 31)
          ) {
            walked.push(at);
          }
        }

        expect(ticksBetween(cron, zone, from, to)).toEqual(walked);
      }),
      { numRuns: 100 },
    );
  });

  it('ticks of a list are the union of the ticks of its members, each instant once', () => {
    fc.assert(
      fc.property(
        fc.array(crons, { minLength: 1, maxLength: 3 }),
        zoneNames,
        instants,
        (list, zone, start) => {
          const end = start + 3 * 86_400_000;
          const union = new Set(list.flatMap((cron) => ticksBetween(cron, zone, start, end)));

          expect(ticksBetween(list, zone, start, end)).toEqual([...union].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A second, direct reading of the shapes that `field` makes. */
function matches(text: string, value: number, min: number, max: number): boolean {
  return text.split(',').some((item) => {
    if (item === '*') return true;
    if (item.startsWith('*/')) return (value - min) % Number(item.slice(2)) === 0;
    const [low, high = low] = item.split('-').map(Number) as [number, number?];
    if (item.includes('-') && low === high) return value >= min && value <= max;
    return low <= high ? value >= low && value <= high : value >= low || value <= high;
  });
}
