import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  difference,
  EMPTY,
  filter,
  intersection,
  readSubset,
  type Subset,
  storeSubset,
  subsetOf,
  union,
  WHOLE,
} from '../../../lib/engine/automation/subset';

const KEYS = Array.from({ length: 12 }, (_, index) => `k${index}`);
const subsets = fc.subarray(KEYS).map(subsetOf);
const sorted = (subset: Subset): string[] => [...subset].sort();
const members = (passes: (key: string) => boolean): string[] => KEYS.filter(passes).sort();

describe('subsets', () => {
  it('are joined, met and taken from each other like sets, and never changed', () => {
    fc.assert(
      fc.property(subsets, subsets, (a, b) => {
        const before = [sorted(a), sorted(b)];
        expect(sorted(union(a, b))).toEqual(members((key) => a.has(key) || b.has(key)));
        expect(sorted(intersection(a, b))).toEqual(members((key) => a.has(key) && b.has(key)));
        expect(sorted(difference(a, b))).toEqual(members((key) => a.has(key) && !b.has(key)));
        expect([sorted(a), sorted(b)]).toEqual(before);
      }),
    );
  });

  it('stay identical where nothing changes, so that what is equal need not be looked at', () => {
    const a = subsetOf(['x', 'y']);
    expect([union(a, EMPTY), union(EMPTY, a), union(a, subsetOf(['x'])), filter(a, () => true)]).toEqual([
      a,
      a,
      a,
      a,
    ]);
    expect(union(a, subsetOf(['x']))).toBe(a);
    expect(filter(a, () => true)).toBe(a);
    expect(filter(a, () => false)).toBe(EMPTY);
    expect(subsetOf([])).toBe(EMPTY);
  });
});

describe('a stored subset', () => {
  const order = new Set(KEYS);

  it('is read as it was', () => {
    fc.assert(
      fc.property(subsets, (subset) => {
        const stored = JSON.parse(JSON.stringify(storeSubset(subset, order)));
        expect(sorted(readSubset(stored, order))).toEqual(sorted(subset));
      }),
    );
    expect(readSubset(storeSubset(WHOLE, null), null)).toBe(WHOLE);
    expect(readSubset(storeSubset(EMPTY, null), null)).toBe(EMPTY);
    expect(storeSubset(order, order)).toEqual([['k0', 'k11']]);
  });

  it('keeps what still exists when partitions come and go', () => {
    fc.assert(
      fc.property(subsets, fc.subarray(KEYS), (subset, left) => {
        const now = new Set([...left, 'new']);
        const read = readSubset(storeSubset(subset, order), now);
        for (const key of read) expect(now.has(key)).toBe(true);
        expect(read.has('new') && !subset.has('k11')).toBe(false);
      }),
    );
    const stored = storeSubset(subsetOf(['k1', 'k2', 'k3', 'k7']), order);
    expect(stored).toEqual([['k1', 'k3'], 'k7']);
    expect(sorted(readSubset(stored, new Set(['k0', 'k1', 'k3', 'k9'])))).toEqual(['k1', 'k3']);
    expect(sorted(readSubset(stored, new Set(['k2', 'k3', 'k7'])))).toEqual(['k3', 'k7']);
  });

  it('of an asset that was not partitioned says nothing of one that is', () => {
    expect(readSubset(true, order)).toBe(EMPTY);
    expect(readSubset(['k1'], null)).toBe(EMPTY);
  });
});
