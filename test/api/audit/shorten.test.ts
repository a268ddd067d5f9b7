import { shorten } from '../../../lib/api/audit/shorten';

test('What is short stays as it is', () => {
  const value = { text: 'x'.repeat(500), list: Array(50).fill(1), none: null, deep: { er: [true] } };
  expect(shorten(value)).toEqual(value);
});

test('What is left out is said', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 'end' : { in: deep(levels - 1) });

  expect(shorten('y'.repeat(501))).toBe(`${'y'.repeat(500)}… (501 characters)`);
  expect(shorten(Array(60).fill(0))).toEqual([...Array(50).fill(0), '… (60 items)']);
  expect(JSON.stringify(shorten(deep(20)))).toBe(`${'{"in":'.repeat(8)}"…"${'}'.repeat(8)}`);
});
