import fc from 'fast-check';
import {
  downstreamKeys,
  InvalidPartitionMappingError,
  inferMapping,
  type MappedPartitions,
  type PartitionMappingSpec,
  upstreamKeys,
  validateMapping,
} from '../../lib/model/partition-mappings';
import {
  dailyPartitions,
  dynamicPartitions,
  hourlyPartitions,
  multiPartitions,
  partitionKeys,
  staticPartitions,
  weeklyPartitions,
} from '../../lib/model/partitions';
import { mappingOf, type VectorMapping } from './vector-mappings';
import { partitionsOf, type VectorPartitions } from './vector-partitions';
import { vectors } from './vectors';

interface Keys {
  readonly count: number;
  readonly keys?: readonly string[];
  readonly first?: readonly string[];
  readonly last?: readonly string[];
}

interface Item {
  readonly id: string;
  readonly group: string;
  readonly upstream: VectorPartitions | null;
  readonly downstream: VectorPartitions | null;
  readonly mapping: VectorMapping;
  readonly now: string;
  readonly inferred?: string;
  readonly expected: {
    readonly valid: boolean;
    readonly upstream_of?: readonly (Keys & {
      readonly downstream_keys: readonly string[] | null;
      readonly required_but_nonexistent: readonly string[];
    })[];
    readonly downstream_of?: readonly (Keys & { readonly upstream_keys: readonly string[] })[];
  };
}

const INFERRED: Readonly<Record<string, PartitionMappingSpec['type']>> = {
  IdentityPartitionMapping: 'identity',
  TimeWindowPartitionMapping: 'time_window',
  MultiToSingleDimensionPartitionMapping: 'multi_to_single',
  AllPartitionMapping: 'all',
};

function expectKeys(keys: readonly string[], expected: Keys): void {
  if (expected.keys !== undefined) expect(keys).toEqual(expected.keys);
  if (expected.first !== undefined) expect(keys.slice(0, expected.first.length)).toEqual(expected.first);
  if (expected.last !== undefined) expect(keys.slice(-expected.last.length)).toEqual(expected.last);
  expect(keys).toHaveLength(expected.count);
}

const items = vectors<readonly Item[]>('mappings');

describe('recorded mappings', () => {
  it('are all here', () => {
    expect(items).toHaveLength(33);
  });

  it.each(items)('$id ($group)', (item) => {
    const partitions: MappedPartitions = {
      upstream: item.upstream && partitionsOf(item.upstream),
      downstream: item.downstream && partitionsOf(item.downstream),
    };
    const mapping = mappingOf(item.mapping);
    const moment = { now: Date.parse(item.now) };

    if (item.inferred !== undefined) expect(inferMapping(partitions).type).toBe(INFERRED[item.inferred]);
    if (!item.expected.valid) {
      expect(() => validateMapping(mapping, partitions)).toThrow(InvalidPartitionMappingError);
      return;
    }
    validateMapping(mapping, partitions);
    for (const expected of item.expected.upstream_of ?? []) {
      const result = upstreamKeys(mapping, partitions, expected.downstream_keys, moment);
      expectKeys(result.keys, expected);
      expect(result.missing).toEqual(expected.required_but_nonexistent);
    }
    for (const expected of item.expected.downstream_of ?? []) {
      expectKeys(downstreamKeys(mapping, partitions, expected.upstream_keys, moment), expected);
    }
  });
});

const now = Date.UTC(2026, 2, 1);
const daily = dailyPartitions({ start: '2026-01-01' });

describe('mappings', () => {
  it('treat an asset without partitions as one that needs all, or is needed by all', () => {
    expect(inferMapping({ upstream: daily, downstream: null })).toEqual({ type: 'all' });
    expect(upstreamKeys(null, { upstream: daily, downstream: null }, null, { now }).keys).toHaveLength(59);
    expect(upstreamKeys(null, { upstream: null, downstream: daily }, ['2026-01-01'], { now }).keys).toEqual(
      [],
    );
    expect(downstreamKeys(null, { upstream: null, downstream: daily }, null, { now })).toHaveLength(59);
    expect(downstreamKeys(null, { upstream: daily, downstream: null }, ['2026-01-01'], { now })).toEqual([]);
  });

  it('give a partition its own predecessor', () => {
    const mapping: PartitionMappingSpec = { type: 'time_window', startOffset: -1, endOffset: -1 };
    const partitions = { upstream: daily, downstream: daily };

    expect(upstreamKeys(mapping, partitions, ['2026-01-05'], { now }).keys).toEqual(['2026-01-04']);
    expect(upstreamKeys(mapping, partitions, ['2026-01-01'], { now })).toEqual({ keys: [], missing: [] });
    expect(downstreamKeys(mapping, partitions, ['2026-01-05'], { now })).toEqual(['2026-01-06']);
  });

  it('name specific keys, and which of them are missing', () => {
    const partitions = { upstream: staticPartitions(['a', 'b']), downstream: daily };
    const mapping: PartitionMappingSpec = { type: 'specific', keys: ['b', 'z'] };

    expect(upstreamKeys(mapping, partitions, ['2026-01-01'], { now })).toEqual({
      keys: ['b'],
      missing: ['z'],
    });
    expect(downstreamKeys(mapping, partitions, ['a'], { now })).toEqual([]);
    expect(downstreamKeys(mapping, partitions, ['b'], { now })).toHaveLength(59);
  });

  it('see dynamic partitions as they are at the moment', () => {
    const partitions = { upstream: dynamicPartitions('c'), downstream: dynamicPartitions('c') };

    expect(upstreamKeys(null, partitions, ['y', 'x'], { now, dynamicKeys: { c: ['x'] } })).toEqual({
      keys: ['x'],
      missing: ['y'],
    });
  });

  it('choose a dimension by name where both would match', () => {
    const both = multiPartitions({ x: staticPartitions(['a']), y: staticPartitions(['a']) });
    const partitions = { upstream: both, downstream: staticPartitions(['a']) };

    expect(() => validateMapping({ type: 'multi_to_single' }, partitions)).toThrow('both dimensions match');
    expect(() => validateMapping({ type: 'multi_to_single', dimension: 'x' }, partitions)).not.toThrow();
    expect(() => validateMapping({ type: 'multi_to_single', dimension: 'z' }, partitions)).toThrow(
      "no dimension 'z'",
    );
  });

  it.each<[string, PartitionMappingSpec, MappedPartitions, string]>([
    [
      'windows over lists',
      { type: 'time_window' },
      { upstream: daily, downstream: staticPartitions([]) },
      'static partitions',
    ],
    [
      'windows of different zones',
      { type: 'time_window' },
      { upstream: daily, downstream: dailyPartitions({ start: '2026-01-01', timezone: 'Asia/Tokyo' }) },
      "upstream 'UTC', downstream 'Asia/Tokyo'",
    ],
    [
      'tables with unknown keys',
      { type: 'static', downstreamKeysByUpstreamKey: { a: ['b'] } },
      { upstream: staticPartitions(['a']), downstream: staticPartitions(['c']) },
      "downstream has no partition 'b'",
    ],
    [
      'a dimension mapped twice',
      {
        type: 'multi',
        byUpstreamDimension: {
          a: { downstreamDimension: 'a', mapping: { type: 'identity' } },
          b: { downstreamDimension: 'a', mapping: { type: 'identity' } },
        },
      },
      {
        upstream: multiPartitions({ a: staticPartitions([]), b: staticPartitions([]) }),
        downstream: multiPartitions({ a: staticPartitions([]), b: staticPartitions([]) }),
      },
      "downstream dimension 'a' is mapped twice",
    ],
  ])('refuse %s', (_name, mapping, partitions, message) => {
    expect(() => validateMapping(mapping, partitions)).toThrow(InvalidPartitionMappingError);
    expect(() => validateMapping(mapping, partitions)).toThrow(message);
  });
});

describe('properties', () => {
  it('an upstream key needs a downstream key exactly when that is needed by it', () => {
    const grids = fc.constantFrom(
      hourlyPartitions({ start: '2026-01-10-00:00' }),
      dailyPartitions({ start: '2026-01-09' }),
      dailyPartitions({ start: '2026-01-10', hourOffset: 6 }),
      weeklyPartitions({ start: '2026-01-04' }),
    );
    const mapping = fc.constantFrom<PartitionMappingSpec>(
      { type: 'time_window' },
      { type: 'all' },
      { type: 'last' },
    );
    const at = Date.UTC(2026, 0, 26);
    fc.assert(
      fc.property(grids, grids, mapping, fc.nat(), fc.nat(), (upstream, downstream, spec, a, b) => {
        const partitions = { upstream, downstream };
        const ups = partitionKeys(upstream, at);
        const downs = partitionKeys(downstream, at);
        const up = ups[a % ups.length] as string;
        const down = downs[b % downs.length] as string;

        const needs = upstreamKeys(spec, partitions, [down], { now: at }).keys.includes(up);
        const isNeeded = downstreamKeys(spec, partitions, [up], { now: at }).includes(down);

        expect(isNeeded).toBe(needs);
      }),
      { numRuns: 300 },
    );
  });

  it('mapping a set of keys is the union of mapping each', () => {
    const at = Date.UTC(2026, 1, 1);
    const partitions = {
      upstream: daily,
      downstream: weeklyPartitions({ start: '2026-01-01', dayOffset: 3 }),
    };
    const ups = partitionKeys(daily, at);
    fc.assert(
      fc.property(fc.subarray(ups, { minLength: 1 }), (keys) => {
        const together = downstreamKeys(null, partitions, keys, { now: at });
        const apart = new Set(keys.flatMap((key) => downstreamKeys(null, partitions, [key], { now: at })));

        expect(together).toEqual([...apart].sort());
      }),
      { numRuns: 60 },
    );
  });
});
