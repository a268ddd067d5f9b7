import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS, namedTests } from './support/named-tests';

const page = readFileSync(join(DOCS, 'reliability.md'), 'utf8');
const faults = page.split(/^## /m).find((section) => section.startsWith('Faults')) ?? '';
/** Rows of the tables of faults: number and cells. */
const rows = [...faults.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, number, cells = '']) => ({
  number: Number(number),
  cells: cells.split(' | '),
}));

test('every fault of the list has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
});

test.each(rows)('the tests named for fault $number exist', ({ cells }) => {
  const [, , tests = '', result] = cells;

  expect(namedTests(tests).length).toBeGreaterThan(0);
  expect(result).toMatch(/^(holds|as documented)/);
});
