import fc from 'fast-check';
import { foldRows, outermostHeadings } from '../../dashboard/src/components/fold-rows';

const pathOf = (key: string) => key.split('/').slice(0, -1);
const lines = (keys: readonly string[], closed: readonly string[] = []) =>
  foldRows(
    keys.map((key) => ({ type: 'row' as const, row: key, id: key })),
    pathOf,
    new Set(closed),
  ).map((item) =>
    item.type === 'group'
      ? `${'  '.repeat(item.depth)}${item.title} (${item.rows.length})`
      : `${'  '.repeat(item.depth)}${item.id}`,
  );

const KEYS = ['lake/raw/events', 'lake/raw/github/issues', 'lake/raw/github/users', 'lake/total', 'alone'];

describe('rows under headings', () => {
  it('stand in folders, which count all that is in them and come before the rows beside them', () => {
    expect(lines(KEYS)).toEqual([
      'lake (4)',
      '  raw (3)',
      '    github (2)',
      '      lake/raw/github/issues',
      '      lake/raw/github/users',
      '    lake/raw/events',
      '  lake/total',
      'alone',
    ]);
  });

  it('are left out of what is closed, and of nothing else', () => {
    expect(lines(KEYS, ['lake/raw'])).toEqual(['lake (4)', '  raw (3)', '  lake/total', 'alone']);
    expect(lines(KEYS, ['lake', 'nowhere'])).toEqual(['lake (4)', 'alone']);
  });

  it('have one heading where a folder holds nothing but another one, closed by the inner one’s path', () => {
    expect(lines(['a/b/c/x', 'a/b/c/y'])).toEqual(['a / b / c (2)', '  a/b/c/x', '  a/b/c/y']);
    expect(lines(['a/b/c/x'], ['a/b/c'])).toEqual(['a / b / c (1)']);
    expect(outermostHeadings(['a/b/c/x', 'd/x', 'y'], pathOf)).toEqual(['a/b/c', 'd']);
  });

  it('all stand once, in the order they came in within their folder', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(key), (keys) => {
        const shown = foldRows(
          keys.map((each) => ({ type: 'row' as const, row: each, id: each })),
          pathOf,
          new Set(),
        ).flatMap((item) => (item.type === 'row' ? [item.id] : []));
        expect(shown.toSorted()).toEqual(keys.toSorted());
        const folderOf = (each: string) => pathOf(each).join('/');
        for (const folder of new Set(keys.map(folderOf)))
          expect(shown.filter((each) => folderOf(each) === folder)).toEqual(
            keys.filter((each) => folderOf(each) === folder),
          );
      }),
    );
  });
});
