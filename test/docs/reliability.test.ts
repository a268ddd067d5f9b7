import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const DOCS = resolve(import.meta.dirname, '../../docs');
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
  const links = [...tests.matchAll(/\[((?:[^\]]|\](?!\())+)\]\((\.\.\/test\/[^)]+)\)/g)];

  expect(links.length).toBeGreaterThan(0);
  expect(tests.split('<br>')).toHaveLength(links.length);
  expect(result).toMatch(/^(holds|as documented)/);
  for (const [, title = '', target = ''] of links) {
    const path = join(DOCS, target);
    if (!existsSync(path)) throw new Error(`${target} does not exist.`);
    const source = readFileSync(path, 'utf8');
    const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``, `'${title.replaceAll("'", "\\'")}'`];
    if (!quoted.some((text) => source.includes(text))) throw new Error(`${target} has no test "${title}".`);
  }
});
