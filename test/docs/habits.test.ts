import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS, namedTests } from './support/named-tests';

const page = readFileSync(join(DOCS, 'dashboard.md'), 'utf8');
const habits = page.split(/^## /m).find((section) => section.startsWith('Habits')) ?? '';
/** Rows of the table of habits: number and the cell of its tests. */
const rows = [...habits.matchAll(/^\| (\d+) \| (?:.*) \| (.*) \|$/gm)].map(([, number, tests = '']) => ({
  number: Number(number),
  tests,
}));

test('every habit has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test.each(rows)('the tests named for habit $number exist', ({ tests }) => {
  expect(namedTests(tests).length).toBeGreaterThan(0);
});
