import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toSeconds } from '../../lib/definitions/duration';

describe('toSeconds', () => {
  test.each([
    [10, 10],
    ['10s', 10],
    ['1h30m', 5400],
    ['250ms', 0.25],
    ['2d', 172_800],
    ['1.5h', 5400],
    ['1h 30m', 5400],
  ])('%p is %p seconds', (duration, seconds) => {
    expect(toSeconds(duration)).toBe(seconds);
  });

  test.each([
    ['soon'],
    ['10'],
    ['10x'],
    [''],
    ['-5s'],
    [-1],
    [Number.NaN],
    ['s'],
    ['5s later'],
  ])('%p is no duration', (duration) => {
    expect(toSeconds(duration)).toBeUndefined();
  });

  test('parts add up', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (hours, minutes, seconds) => {
        expect(toSeconds(`${hours}h${minutes}m${seconds}s`)).toBe(hours * 3600 + minutes * 60 + seconds);
      }),
    );
  });
});
