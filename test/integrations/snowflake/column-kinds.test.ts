import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ColumnKind, kindOfText, widest } from '../../../lib/integrations/snowflake/column-kinds';

const KINDS: readonly ColumnKind[] = [
  'BOOLEAN',
  'INTEGER',
  'FLOAT',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_TZ',
  'VARCHAR',
  'VARIANT',
];
const kind = fc.constantFrom(...KINDS);

describe('the widest kind', () => {
  it('does not depend on the order in which values are seen', () => {
    fc.assert(
      fc.property(kind, kind, kind, (a, b, c) => {
        expect(widest(a, b)).toBe(widest(b, a));
        expect(widest(widest(a, b), c)).toBe(widest(a, widest(b, c)));
        expect(widest(a, a)).toBe(a);
      }),
    );
  });

  it.each([
    ['INTEGER', 'FLOAT', 'FLOAT'],
    ['DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_NTZ'],
    ['DATE', 'TIMESTAMP_TZ', 'TIMESTAMP_TZ'],
    ['TIMESTAMP_NTZ', 'TIMESTAMP_TZ', 'TIMESTAMP_TZ'],
    ['BOOLEAN', 'INTEGER', 'VARCHAR'],
    ['DATE', 'INTEGER', 'VARCHAR'],
    ['VARCHAR', 'VARIANT', 'VARIANT'],
  ] as const)('of %s and %s is %s', (a, b, expected) => {
    expect(widest(a, b)).toBe(expected);
  });
});

describe('the kind of text', () => {
  it.each([
    ['2026-01-02', 'DATE'],
    ['2024-02-29', 'DATE'],
    ['2026-02-29', 'VARCHAR'],
    ['2026-04-31', 'VARCHAR'],
    ['2026-13-01', 'VARCHAR'],
    ['2026-01-02T03:04', 'TIMESTAMP_NTZ'],
    ['2026-01-02 03:04:05', 'TIMESTAMP_NTZ'],
    ['2026-01-02T03:04:05.123456789', 'TIMESTAMP_NTZ'],
    ['2026-01-02T03:04:05Z', 'TIMESTAMP_TZ'],
    ['2026-01-02T03:04:05.5+05:30', 'TIMESTAMP_TZ'],
    ['2026-01-02T24:00:00Z', 'VARCHAR'],
    ['2026-01-02T03:04:60Z', 'VARCHAR'],
    ['2026-01-02T03:04:05+0530', 'VARCHAR'],
    ['2026-01-02T03:04:05 UTC', 'VARCHAR'],
    ['20260102', 'VARCHAR'],
    ['1234-56789', 'VARCHAR'],
    ['', 'VARCHAR'],
  ] as const)('"%s" is %s', (text, expected) => {
    expect(kindOfText(text)).toBe(expected);
  });
});
