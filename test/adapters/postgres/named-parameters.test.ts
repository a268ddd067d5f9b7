import fc from 'fast-check';
import { toNamedParameters } from '../../../lib/adapters/postgres/named-parameters';
import { readNamedParameters } from '../../support/aws/data-api/named-parameters';

const named = (sql: string) => toNamedParameters(sql, (number) => `:p${number}`);

test.each([
  ['select $1::uuid, $12', 'select :p1::uuid, :p12'],
  ["select '$1 it''s', $1", "select '$1 it''s', :p1"],
  ["select ':name', $1", "select ':name', :p1"],
  ['select "$1" from "a:b"', 'select "$1" from "a:b"'],
  ['select 1 -- $1 :x\n, $2', 'select 1 -- $1 :x\n, :p2'],
  ['do $$ begin perform $1; v := x::int; end $$', 'do $$ begin perform $1; v := x::int; end $$'],
  ['do $a$ $$ $2 $$ $a$', 'do $a$ $$ $2 $$ $a$'],
  ['select a$1, $1', 'select a$1, :p1'],
  ['select ($1)', 'select (:p1)'],
])('%s becomes %s', (sql, expected) => {
  expect(named(sql)).toBe(expected);
});

test.each([
  ['a slice', 'select a[1:2]', ':2'],
  ['a name of its own', 'select :x', ':x'],
  ['a name inside dollar quotes', 'do $$ select a[1:n] $$', ':n'],
  ['an escape string', "select e'\\' $1'", "e'"],
  ['a block comment', 'select /* $1 */ 1', '/*'],
])('%s is refused, because the Data API would misread it', (_, sql, part) => {
  expect(() => named(sql)).toThrow(expect.objectContaining({ fault: 'permanent' }));
  expect(() => named(sql)).toThrow(part);
});

test('whatever is around them, the API finds the parameters where they were', () => {
  const piece = fc.oneof(
    fc.integer({ min: 1, max: 30 }).map((number) => ({ sql: `$${number}`, parameter: `p${number}` })),
    fc
      .constantFrom(
        "'a''b $1 :x'",
        '"c $2 :y"',
        '-- $3 :z\n',
        '$$ $4 $$',
        '$t$ $$ $5 $t$',
        '::text',
        ' := ',
        ', ',
        '( )',
        'x',
      )
      .map((sql) => ({ sql, parameter: undefined })),
  );

  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      // A space keeps neighbours from becoming another token.
      const sql = pieces.map((each) => each.sql).join(' ');

      const found = readNamedParameters(named(sql));

      expect(found.names).toEqual(pieces.flatMap(({ parameter }) => parameter ?? []));
      const restored = found.texts
        .map((text, i) => (i === 0 ? text : `$${found.names[i - 1]?.slice(1)}${text}`))
        .join('');
      expect(restored).toBe(sql);
      expect(found.dollarQuotedName).toBeUndefined();
    }),
  );
});
