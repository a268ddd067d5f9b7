import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findJsonSyntaxError } from '../../../lib/api/rest/json-syntax';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place of a mistake in JSON', () => {
  test.each([
    ['', 0],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['{"a": tru}', 6],
    ['[1, 2', 5],
    ['[1] x', 4],
    ["{'a': 1}", 1],
    ['01', 1],
    ['"a\nb"', 0],
    ['{"a": [1, {"b": }]}', 16],
    [']', 0],
  ])('%j is wrong at %i', (text, offset) => {
    expect(findJsonSyntaxError(text)?.offset).toBe(offset);
  });

  test('counts lines and columns from 1', () => {
    expect(findJsonSyntaxError('{\n  "a": 1,\n  b\n}')).toEqual({ offset: 14, line: 3, column: 3 });
  });

  test('a million open brackets do not exhaust the stack', () => {
    expect(findJsonSyntaxError('['.repeat(1_000_000))?.offset).toBe(1_000_000);
  });

  test('agrees with JSON.parse on texts and on broken texts', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '1', 'x', '\\', '\n'))
      .map(([json, at, inserted]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + inserted + json.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(findJsonSyntaxError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
