import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstJsonError } from '../../../lib/integrations/rest/json-scanner';
import { JsonSyntaxError, parseJson, parseJsonLines } from '../../../lib/integrations/rest/json-text';

const bytes = (text: string) => new TextEncoder().encode(text);
const offsetOf = (parse: () => unknown) => {
  try {
    parse();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.byteOffset;
    throw error;
  }
  return undefined;
};
const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('JSON text', () => {
  it('finds an error exactly where JSON.parse refuses, whatever the text', () => {
    const mutated = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', ']', ',', ':', '0', '-', 'e', 'tru', '\n', '\u0001'),
      )
      .map(([text, at, insert]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + insert + text.slice(index + (at % 3));
      });
    fc.assert(
      // Cut surrogate pairs are no text that UTF-8 can carry.
      fc.property(
        mutated.filter((text) => text.isWellFormed()),
        (text) => {
          expect(firstJsonError(bytes(text)) === undefined).toBe(isJson(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":1,}', 7],
    ['[1,2', 4],
    ['{"ä":"x" "b"}', 10],
    ['["a\\q"]', 4],
    ['[01]', 2],
    ['[1] x', 4],
    ['', 0],
    ['nul', 0],
    ['{"a" 1}', 5],
  ])('says that %s goes wrong at byte %i', (text, offset) => {
    expect(offsetOf(() => parseJson(bytes(text)))).toBe(offset);
  });

  it('survives nesting that would overflow a recursive scanner', () => {
    expect(firstJsonError(bytes('['.repeat(200_000)))).toBe(200_000);
  });

  it('counts bytes from the start of the page in NDJSON', () => {
    const text = '{"a":"ä"}\n\n{"b":2}\n{"c":}\n';

    expect(offsetOf(() => parseJsonLines(bytes(text)))).toBe(bytes('{"a":"ä"}\n\n{"b":2}\n{"c":').length);
    expect(offsetOf(() => parseJsonLines(bytes(text), 1000))).toBe(1025);
    expect(parseJsonLines(bytes('{"a":1}\r\n\n{"b":2}'))).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('refuses bytes that are no UTF-8, with their place', () => {
    expect(offsetOf(() => parseJson(Uint8Array.of(0x22, 0x61, 0xff, 0x22)))).toBe(2);
  });

  it('keeps long integers as text, in lines too, and nothing else', () => {
    expect(parseJson(bytes('{"a":-12345678901234567890,"b":"12345678901234567890","c":1.5e300}'))).toEqual({
      a: '-12345678901234567890',
      b: '12345678901234567890',
      c: 1.5e300,
    });
    expect(parseJsonLines(bytes('{"id":1}\n{"id":9007199254740993}\n'))).toEqual([
      { id: 1 },
      { id: '9007199254740993' },
    ]);
  });
});
