import fc from 'fast-check';
import {
  cronPartitions,
  dailyPartitions,
  dynamicPartitions,
  firstPartitionKey,
  hasPartitionKey,
  hourlyPartitions,
  InvalidPartitionsSpecError,
  keysByDimension,
  lastPartitionKey,
  type MultiPartitionsSpec,
  monthlyPartitions,
  multiPartitionKey,
  multiPartitions,
  PartitionsError,
  type PartitionsSpec,
  partitionCount,
  partitionKeyAt,
  partitionKeyForInstant,
  partitionKeys,
  partitionRange,
  partitionWindow,
  staticPartitions,
  UnknownPartitionKeyError,
  validatePartitions,
  weeklyPartitions,
} from '../../lib/model/partitions';
import { partitionsOf, type VectorPartitions } from './vector-partitions';
import { isoSeconds, vectors } from './vectors';

interface Item {
  readonly id: string;
  readonly group: string;
  readonly def: VectorPartitions;
  readonly now?: string;
  readonly expected: {
    readonly error?: true;
    readonly count: number;
    readonly cron?: string;
    readonly fmt?: string;
    readonly keys?: readonly string[];
    readonly first?: readonly string[];
    readonly last?: readonly string[];
    readonly windows?: readonly { readonly key: string; readonly start: string; readonly end: string }[];
    readonly range?: Range;
    readonly ranges?: readonly Range[];
    readonly key_for_instant?: { readonly instant: string; readonly key: string };
    readonly has_key?: readonly { readonly key: string; readonly has: boolean }[];
    readonly dimension_order?: readonly string[];
    readonly first_by_dimension?: Readonly<Record<string, string>>;
  };
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly keys: readonly string[];
  readonly error?: true;
}

const items = vectors<readonly Item[]>('partitions');
const now = Date.UTC(2026, 0, 10, 6);

describe('recorded definitions', () => {
  it('are all here', () => {
    expect(items).toHaveLength(60);
  });

  it.each(items.filter((item) => item.expected.error))('$id ($group) is refused', (item) => {
    expect(() => partitionsOf(item.def)).toThrow(InvalidPartitionsSpecError);
  });

  it.each(items.filter((item) => !item.expected.error))('$id ($group)', (item) => {
    const { expected } = item;
    const at = Date.parse(item.now ?? '2026-01-01T00:00:00Z');
    const spec = partitionsOf(item.def);

    const keys = partitionKeys(spec, at);

    expect(partitionCount(spec, at)).toBe(expected.count);
    expect(keys).toHaveLength(expected.count);
    if (expected.keys !== undefined) expect(keys).toEqual(expected.keys);
    if (expected.first !== undefined) expect(keys.slice(0, expected.first.length)).toEqual(expected.first);
    if (expected.last !== undefined)
      expect(keys.slice(keys.length - expected.last.length)).toEqual(expected.last);
    if (spec.type === 'time_window') expect([spec.cron, spec.format]).toEqual([expected.cron, expected.fmt]);
    for (const window of expected.windows ?? []) {
      const found = partitionWindow(spec, window.key);
      expect(found && [isoSeconds(found.start), isoSeconds(found.end)]).toEqual([window.start, window.end]);
    }
    for (const range of [expected.range ?? [], expected.ranges ?? []].flat()) {
      if (range.error)
        expect(() => partitionRange(spec, range.from, range.to, at)).toThrow(UnknownPartitionKeyError);
      else expect(partitionRange(spec, range.from, range.to, at)).toEqual(range.keys);
    }
    if (expected.key_for_instant !== undefined) {
      const { instant, key } = expected.key_for_instant;
      expect(partitionKeyForInstant(spec, Date.parse(instant))).toBe(key);
    }
    for (const { key, has } of expected.has_key ?? [])
      expect([key, hasPartitionKey(spec, key, at)]).toEqual([key, has]);
    if (spec.type === 'multi') {
      const first = keysByDimension(spec, keys[0] as string);
      expect(first).toEqual(expected.first_by_dimension);
      expect(Object.keys(first)).toEqual(expected.dimension_order);
    }
  });
});

describe('time windows', () => {
  it('append the offset to the second of two equal wall times, and read it back', () => {
    const spec = hourlyPartitions({ start: '2024-11-03-00:00', timezone: 'America/New_York' });

    const keys = partitionKeys(spec, Date.UTC(2024, 10, 3, 8));

    expect(keys).toEqual([
      '2024-11-03-00:00',
      '2024-11-03-01:00',
      '2024-11-03-01:00-0500',
      '2024-11-03-02:00',
    ]);
    expect(keys.map((key) => partitionWindow(spec, key)?.start)).toEqual(
      [4, 5, 6, 7].map((hour) => Date.UTC(2024, 10, 3, hour)),
    );
  });

  it('exist from the moment they end', () => {
    const spec = dailyPartitions({ start: '2026-01-01' });

    expect(partitionCount(spec, Date.UTC(2026, 0, 2) - 1)).toBe(0);
    expect(partitionKeys(spec, Date.UTC(2026, 0, 2))).toEqual(['2026-01-01']);
  });

  it('do not exist where they are excluded, but leave the windows around them as they are', () => {
    const spec = dailyPartitions({
      start: '2026-01-01',
      exclusions: [{ cron: '0 0 * * 6' }, { at: '2026-01-05T00:00:00' }],
    });

    expect(partitionKeys(spec, Date.UTC(2026, 0, 7))).toEqual([
      '2026-01-01',
      '2026-01-02',
      '2026-01-04',
      '2026-01-06',
    ]);
    expect(partitionWindow(spec, '2026-01-02')?.end).toBe(Date.UTC(2026, 0, 3));
    expect(() => partitionWindow(spec, '2026-01-03')).toThrow(UnknownPartitionKeyError);
    expect(partitionKeyForInstant(spec, Date.UTC(2026, 0, 3, 12))).toBe('2026-01-02');
  });

  it('are none when all are excluded', () => {
    const spec = dailyPartitions({ start: '2026-01-01', exclusions: [{ cron: '@hourly' }] });

    expect(partitionKeys(spec, now)).toEqual([]);
  });

  it('have no key outside of the definition', () => {
    const spec = dailyPartitions({ start: '2026-01-01', end: '2026-01-04' });

    expect(partitionKeys(spec, now)).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(partitionKeyForInstant(spec, Date.UTC(2025, 11, 31))).toBeNull();
    expect(partitionKeyForInstant(spec, Date.UTC(2026, 0, 3, 23))).toBe('2026-01-03');
    expect(partitionKeyForInstant(spec, Date.UTC(2026, 0, 4))).toBeNull();
    expect(hasPartitionKey(spec, '2026-1-2', now)).toBe(false);
    expect(hasPartitionKey(spec, '2026-02-30', now)).toBe(false);
  });

  it('are counted, indexed and found by the hundred thousand from one walk through the calendar', () => {
    const spec = hourlyPartitions({ start: '2014-08-01-00:00', timezone: 'Europe/Berlin' });

    const keys = partitionKeys(spec, now);

    expect(keys.length).toBeGreaterThan(100_000);
    expect(new Set(keys).size).toBe(keys.length);
    expect(partitionCount(spec, now)).toBe(keys.length);
    expect(partitionKeyAt(spec, 54_321, now)).toBe(keys[54_321]);
    expect(partitionKeyAt(spec, -1, now)).toBe('2026-01-10-06:00');
    expect(hasPartitionKey(spec, keys[99_999] as string, now)).toBe(true);
  });

  it.each<[string, () => PartitionsSpec, string]>([
    [
      'cron',
      () => dailyPartitions({ start: '2026-01-01', hourOffset: 24 }),
      'hour: 24 is not between 0 and 23',
    ],
    [
      'zone',
      () => dailyPartitions({ start: '2026-01-01', timezone: 'Mars' }),
      "'Mars' is not an IANA time zone",
    ],
    ['start', () => hourlyPartitions({ start: '2026-01-01' }), "as in '2026-01-31-00:00'"],
    [
      'end',
      () => dailyPartitions({ start: '2026-01-01', end: 'never' }),
      "end 'never' is not written in the format",
    ],
    ['format', () => dailyPartitions({ start: '2026', format: '%Y-%Q' }), "format '%Y-%Q' has '%Q'"],
    ['offset', () => dailyPartitions({ start: '2026-01-01', endOffset: 0.5 }), 'endOffset is 0.5'],
    [
      'exclusion',
      () => dailyPartitions({ start: '2026-01-01', exclusions: [{ cron: 'x' }] }),
      "exclusion 'x'",
    ],
    [
      'date',
      () => dailyPartitions({ start: '2026-01-01', exclusions: [{ at: 'x' }] }),
      "'x' is not a wall time",
    ],
  ])('refuse a bad %s', (_name, make, message) => {
    expect(make).toThrow(InvalidPartitionsSpecError);
    expect(make).toThrow(message);
  });

  it.each([
    ['%d-%b-%Y', '02-Jan-2026'],
    ['%B %d, %Y', 'January 02, 2026'],
    ['%a %y.%j', 'Fri 26.002'],
    ['%Y%m%d %I:%M:%S.%f %p', '20260102 12:00:00.000000 AM'],
    ['100%% %Y/%m/%d', '100% 2026/01/02'],
    ['%Y-%m-%dT%H:%M%z', '2026-01-02T00:00+0530'],
  ])('have keys in the format %s', (format, key) => {
    const spec = dailyPartitions({ start: key, format, timezone: 'Asia/Kolkata' });

    expect(firstPartitionKey(spec, now)).toBe(key);
    expect(partitionWindow(spec, key)?.start).toBe(Date.UTC(2026, 0, 1, 18, 30));
  });
});

describe('listed keys', () => {
  it.each([['a...b'], ['line\nbreak'], ['del\u007f']])('refuse %j', (key) => {
    expect(() => staticPartitions([key])).toThrow(InvalidPartitionsSpecError);
  });

  it('come from storage for dynamic partitions', () => {
    const spec = dynamicPartitions('customers');
    const dynamicKeys = { customers: ['acme', 'bolt'] };

    expect(partitionKeys(spec, now, dynamicKeys)).toEqual(['acme', 'bolt']);
    expect(hasPartitionKey(spec, 'bolt', now, dynamicKeys)).toBe(true);
    expect(partitionKeys(spec, now)).toEqual([]);
    expect(lastPartitionKey(spec, now)).toBeNull();
    expect(() => partitionRange(spec, 'acme', 'bolt', now)).toThrow(
      "Partition 'acme' does not exist: there are none",
    );
    expect(() => dynamicPartitions('')).toThrow(PartitionsError);
  });
});

describe('two dimensions', () => {
  const spec = multiPartitions({
    region: staticPartitions(['us', 'eu']),
    date: dailyPartitions({ start: '2026-01-08' }),
  });

  it('join and split keys by the order of their names', () => {
    expect(multiPartitionKey(spec, { region: 'eu', date: '2026-01-08' })).toBe('2026-01-08|eu');
    expect(keysByDimension(spec, '2026-01-08|eu')).toEqual({ date: '2026-01-08', region: 'eu' });
    expect(() => multiPartitionKey(spec, { region: 'eu' })).toThrow("no key is given for dimension 'date'");
    expect(() => keysByDimension(spec, 'eu')).toThrow(UnknownPartitionKeyError);
  });

  it('cover the window of their one dimension of time', () => {
    expect(partitionWindow(spec, '2026-01-08|eu')).toEqual({
      start: Date.UTC(2026, 0, 8),
      end: Date.UTC(2026, 0, 9),
    });
    expect(
      partitionWindow(multiPartitions({ a: staticPartitions(['x']), b: staticPartitions(['y']) }), 'x|y'),
    ).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['one dimension', () => multiPartitions({ a: staticPartitions(['x']) })],
    [
      'three dimensions',
      () => multiPartitions({ a: staticPartitions([]), b: staticPartitions([]), c: staticPartitions([]) }),
    ],
    [
      'a key with a separator',
      () => multiPartitions({ a: staticPartitions(['x|y']), b: staticPartitions(['z']) }),
    ],
    [
      'dimensions within dimensions',
      () =>
        validatePartitions({
          type: 'multi',
          dimensions: { a: spec, b: staticPartitions([]) },
        } as unknown as MultiPartitionsSpec),
    ],
  ])('refuse %s', (_name, make) => {
    expect(make).toThrow(InvalidPartitionsSpecError);
  });
});

const definitions = fc
  .record({
    make: fc.constantFrom(hourlyPartitions, dailyPartitions, weeklyPartitions, monthlyPartitions),
    timezone: fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
    minuteOffset: fc.integer({ min: 0, max: 59 }),
    hourOffset: fc.integer({ min: 4, max: 23 }),
    endOffset: fc.integer({ min: -2, max: 2 }),
  })
  .map(({ make, ...options }) => make({ ...options, start: '2024-01-01-00:00', format: '%Y-%m-%d-%H:%M' }));
const moments = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2025, 6, 1) });

describe('properties of every time window definition', () => {
  it('the window of a key holds the instants whose key it is', () => {
    fc.assert(
      fc.property(definitions, moments, (spec, instant) => {
        const key = partitionKeyForInstant(spec, instant);
        if (key === null) {
          expect(instant).toBeLessThan(
            partitionWindow(spec, firstPartitionKey(spec, Date.UTC(2026, 0, 1)) as string)?.start ?? 0,
          );
          return;
        }
        const window = partitionWindow(spec, key);
        expect(window?.start).toBeLessThanOrEqual(instant);
        expect(window?.end).toBeGreaterThan(instant);
      }),
      { numRuns: 300 },
    );
  });

  it('windows of successive keys follow each other without gap, in the order of their indexes', () => {
    fc.assert(
      fc.property(definitions, moments, (spec, at) => {
        const keys = partitionKeys(spec, at).slice(-50);
        const windows = keys.map((key) => partitionWindow(spec, key));
        for (let index = 1; index < windows.length; index += 1)
          expect(windows[index]?.start).toBe(windows[index - 1]?.end);
        expect(keys.map((key) => hasPartitionKey(spec, key, at))).toEqual(keys.map(() => true));
      }),
      { numRuns: 60 },
    );
  });

  it('a definition with any cron gives the same keys as walking its ticks', () => {
    const spec = cronPartitions({
      cron: '*/20 9-17 * * 1-5',
      start: '2026-01-01-00:00',
      format: '%Y-%m-%d-%H:%M',
    });

    expect(partitionCount(spec, Date.UTC(2026, 0, 3))).toBe(2 * 27 - 1);
  });
});
