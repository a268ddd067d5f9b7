import fc from 'fast-check';
import { cronWords } from '../../dashboard/src/components/format/cron-words';
import { formatDuration, formatRelative, formatSpan } from '../../dashboard/src/components/format/duration';
import {
  formatBytes,
  formatCount,
  formatRunCount,
  formatShare,
  median,
  plural,
  truncateMiddle,
} from '../../dashboard/src/components/format/number';
import {
  formatAxis,
  formatFullTime,
  formatTime,
  setClock,
  wallClock,
  zoneLabel,
  zoneOffset,
} from '../../dashboard/src/components/format/time';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [820, '820 ms'],
    [4_200, '4.2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [42_000, '42 s'],
    [59_700, '1m 00s'],
    [68_000, '1m 08s'],
    [9_600_000, '2h 40m'],
    [90_000_000, '1d 1h'],
    [null, '—'],
    [undefined, '—'],
    [Number.NaN, '—'],
  ])('reads %p ms as %p', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('never shows 60 seconds or 60 minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000_000 }), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/\b60[sm ]/);
      }),
    );
  });

  it('tells the distance in one unit and its direction', () => {
    expect(formatSpan(11 * 86_400_000)).toBe('11 d');
    expect(formatRelative(1_000_000, 1_000_000 + 180_000)).toBe('3 min ago');
    expect(formatRelative(1_000_000 + 24 * 60_000, 1_000_000)).toBe('in 24 min');
    expect(formatRelative(1_000_000, 1_000_400)).toBe('now');
  });
});

describe('times of a clock of 12 hours', () => {
  beforeAll(() => setClock('12'));
  afterAll(() => setClock('24'));

  test.each([
    ['2026-11-23T00:05:09Z', '12:05 AM', '12:05:09 AM'],
    ['2026-11-23T12:00:00Z', '12:00 PM', '12:00:00 PM'],
    ['2026-11-23T13:30:04Z', '1:30 PM', '1:30:04 PM'],
  ])('%s is %s', (text, short, long) => {
    const at = Date.parse(text);
    expect(formatTime(at, { zone: 'UTC', now: at })).toBe(short);
    expect(formatTime(at, { zone: 'UTC', now: at, seconds: true })).toBe(long);
    expect(formatFullTime(at, 'UTC')).toBe(`2026-11-23 ${long} UTC`);
  });

  test('what is typed into a field stays of 24 hours', () => {
    expect(wallClock(Date.parse('2026-11-23T13:30:00Z'), 'UTC')).toBe('2026-11-23 13:30');
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 10, 23, 13, 30, 4);
  const zone = 'Europe/Berlin';

  it('shows the clock today, the weekday this week, the date beyond, the year in another one', () => {
    expect(formatTime(now, { zone, now })).toBe('14:30');
    expect(formatTime(now, { zone, now, seconds: true })).toBe('14:30:04');
    expect(formatTime(now + 7, { zone, now, milliseconds: true })).toBe('14:30:04.007');
    expect(formatTime(now - 3 * 86_400_000, { zone, now })).toBe('Fri 14:30');
    expect(formatTime(Date.UTC(2026, 11, 1, 5), { zone, now })).toBe('1 Dec 06:00');
    expect(formatTime(Date.UTC(2024, 11, 1, 5), { zone, now })).toBe('1 Dec 2024');
  });

  it('decides what is today in the chosen zone', () => {
    const lateEvening = Date.UTC(2026, 10, 22, 23, 30);
    expect(formatTime(lateEvening, { zone, now })).toBe('00:30');
    expect(formatTime(lateEvening, { zone: 'UTC', now })).toBe('Sun 23:30');
  });

  it('gives date, zone, offset and UTC in full', () => {
    expect(formatFullTime(now, zone)).toBe('2026-11-23 14:30:04 Europe/Berlin (UTC+1) · 13:30:04 UTC');
    expect(formatFullTime(now, 'UTC')).toBe('2026-11-23 13:30:04 UTC');
    expect(zoneOffset(Date.UTC(2026, 6, 1), 'America/St_Johns')).toBe('UTC−2:30');
    expect(zoneLabel('America/New_York')).toBe('New York');
  });

  it('names the day at midnight on an axis', () => {
    expect(formatAxis(Date.UTC(2026, 10, 22, 23), zone)).toBe('23 Nov');
    expect(formatAxis(now, zone)).toBe('14:30');
  });
});

describe('numbers', () => {
  it('groups thousands and shortens from a million on', () => {
    expect(formatCount(48_210)).toBe('48,210');
    expect(formatCount(9_410_000)).toBe('9.41 M');
    expect(formatCount(null)).toBe('—');
    expect(formatBytes(212_000)).toBe('212 kB');
    expect(formatBytes(4_130_000)).toBe('4.1 MB');
  });

  it('never rounds an incomplete share up to 100 %', () => {
    expect(formatShare(1)).toBe('100 %');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999_999_999, noNaN: true }), (share) => {
        expect(formatShare(share)).not.toBe('100 %');
      }),
    );
  });

  it('counts one and many, and finds the middle', () => {
    expect([plural(1, 'run'), plural(37, 'run'), plural(0, 'box', 'boxes')]).toEqual([
      '1 run',
      '37 runs',
      '0 boxes',
    ]);
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, undefined]);
  });

  it('keeps both ends of a long key and never more than the limit', () => {
    expect(truncateMiddle('raw/github_pull_requests', 17)).toBe('raw/gi…l_requests');
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 3, max: 40 }), (text, limit) => {
        expect(truncateMiddle(text, limit).length).toBeLessThanOrEqual(Math.max(limit, 0));
      }),
    );
  });
});

describe('cron in words', () => {
  it.each([
    ['*/15 * * * *', 'Every 15 minutes'],
    ['54 * * * *', 'Hourly, at minute 54'],
    ['0 * * * *', 'Hourly'],
    ['@daily', 'Daily at 00:00'],
    ['30 2 * * *', 'Daily at 02:30'],
    ['15,45 * * * *', 'At minutes 15 and 45'],
    ['0 */2 * * *', 'Every 2 hours'],
    ['15 10 * * 1-5', 'Weekdays at 10:15'],
    ['15 10 * * MON-FRI', 'Weekdays at 10:15'],
    ['0 3 * * 0', 'Sundays at 03:00'],
    ['0 3 * * 7', 'Sundays at 03:00'],
    ['0 6 1 * *', 'Day 1 at 06:00'],
    ['0 6 1,15 * *', 'Days 1 and 15 at 06:00'],
    ['0 6 L * *', 'Last day at 06:00'],
    ['0 0 1 1 *', 'Day 1 at 00:00 in January'],
    ['0 9,17 * * *', 'Daily at 09:00 and 17:00'],
  ])('reads %s as %s', (expression, words) => {
    expect(cronWords(expression)).toBe(words);
  });

  it.each([
    '1-9/2 3 * * *',
    '0 0 1 * 1',
    'nonsense',
    '* * * * * *',
  ])('has no short reading of %s', (expression) => {
    expect(cronWords(expression)).toBeUndefined();
  });
});

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000+'],
  [1_001, '1,001'],
  [10_000, '10,000+'],
])('reads a count of %p runs as %p', (count, text) => {
  expect(formatRunCount(count)).toBe(text);
});
