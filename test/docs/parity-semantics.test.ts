import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS, namedTests } from './support/named-tests';

const page = readFileSync(join(DOCS, 'parity-semantics.md'), 'utf8');
const rows = [...page.matchAll(/^\| (?!Rule|---)(.*) \|$/gm)].map(([, cells = '']) => cells.split(' | '));

test('every line of a table has a rule, tests and what it is here', () => {
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter((cells) => cells.length !== 3)).toEqual([]);
  const lines = page.split('\n').filter((line) => line.startsWith('|'));
  const heads = page.split('\n').filter((line) => line.startsWith('| Rule |')).length;
  expect(rows).toHaveLength(lines.length - 2 * heads);
});

test.each(rows)('the tests named for "%s" exist', (_, tests = '') => {
  expect(namedTests(tests).length).toBeGreaterThan(0);
});

test('a test that there is not is noticed', () => {
  const file = '../test/docs/parity-semantics.test.ts';
  expect(() => namedTests(`[no such ${'test'}](${file})`)).toThrow('has no test');
  expect(() => namedTests('[one](../test/none.test.ts)')).toThrow('does not exist');
  expect(() => namedTests('one')).toThrow('names no test');
});
