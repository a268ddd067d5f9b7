import fc from 'fast-check';
import {
  parseSelection,
  printSelection,
  type SelectableAsset,
  type SelectionAttribute,
  type SelectionExpression,
  SelectionResolveError,
  SelectionSyntaxError,
  selectAssets,
  selectionAttributes,
} from '../../lib/model/selection';
import { vectors } from './vectors';

interface Item {
  readonly id: string;
  readonly group: string;
  readonly graph: string;
  readonly selection: string;
  readonly expected: {
    readonly count: number;
    readonly keys: readonly string[];
    readonly error?: 'parse' | 'resolve';
  };
  readonly legacy_syntax?: true;
}

const graphs = vectors<Readonly<Record<string, readonly SelectableAsset[]>>>('selection_graphs');
const items = vectors<readonly Item[]>('selection');
const current = items.filter((item) => item.legacy_syntax !== true);

describe('recorded selections', () => {
  it('leave out ten of an older syntax', () => {
    expect(items).toHaveLength(77);
    expect(current).toHaveLength(67);
  });

  it.each(current)('$id on $graph: $selection', (item) => {
    const graph = graphs[item.graph] ?? [];

    if (item.expected.error === 'parse') {
      expect(() => selectAssets(item.selection, graph)).toThrow(SelectionSyntaxError);
    } else if (item.expected.error === 'resolve') {
      expect(() => selectAssets(item.selection, graph)).toThrow(SelectionResolveError);
    } else {
      const keys = selectAssets(item.selection, graph);
      expect(keys).toEqual(item.expected.keys);
      expect(keys).toHaveLength(item.expected.count);
    }
  });
});

const asset = (
  key: string,
  deps: readonly string[] = [],
  more: Partial<SelectableAsset> = {},
): SelectableAsset => ({
  key,
  deps,
  group: 'default',
  kinds: [],
  owners: [],
  tags: {},
  external: false,
  ...more,
});
const chain = [
  asset('raw/a', [], { kinds: ['dbt'], tags: { tier: 'gold', pii: '' } }),
  asset('b', ['raw/a'], { owners: ['team:data'] }),
  asset('my-c.v2', ['b'], { attributes: { code_location: ['orders'], column_tag: ['pii', 'unit=eur'] } }),
  asset('d', ['my-c.v2', 'd'], { partitions: ['daily'] }),
];

describe('keys without an attribute', () => {
  it.each([
    ['b', ['b']],
    ['+b', ['b', 'raw/a']],
    ['raw/a+', ['b', 'd', 'my-c.v2', 'raw/a']],
    ['1+my-c.v2', ['b', 'my-c.v2']],
    ['b+1', ['b', 'my-c.v2']],
    ['*b', ['b', 'raw/a']],
    ['b*', ['b', 'd', 'my-c.v2']],
    ['raw/a or d', ['d', 'raw/a']],
    ['+my-c.v2 and not b', ['my-c.v2', 'raw/a']],
  ])('%s selects %j', (selection, keys) => {
    expect(selectAssets(selection, chain)).toEqual(keys);
  });

  it('must exist, and a near miss is named', () => {
    expect(() => selectAssets('raw/aa+', chain)).toThrow(SelectionResolveError);
    expect(() => selectAssets('raw/aa+', chain)).toThrow("There is no asset 'raw/aa'. Did you mean 'raw/a'");
  });
});

it('external assets are left out by what selects things to run, and kept where they are shown', () => {
  const graph = (shown: boolean) => [asset('erp', [], { external: true, shown }), asset('b', ['erp'])];

  expect(selectAssets('+b', graph(false))).toEqual(['b']);
  expect(selectAssets('not b', graph(false))).toEqual([]);
  expect(selectAssets('+b', graph(true))).toEqual(['b', 'erp']);
  expect(selectAssets('not b', graph(true))).toEqual(['erp']);
  expect(selectAssets('is:external', graph(true))).toEqual(['erp']);
  expect(selectAssets('is:materializable', graph(true))).toEqual(['b']);
});

describe('attributes', () => {
  it.each([
    ['code_location:orders', ['my-c.v2']],
    ['code_location:<null>', ['b', 'd', 'raw/a']],
    ['column_tag:unit=eur', ['my-c.v2']],
    ['column_tag:pii', ['my-c.v2']],
    ['partitions:daily', ['d']],
    ['tag:tier=gold', ['raw/a']],
    ['tag:pii', ['raw/a']],
    ['key:"my-c*"', ['my-c.v2']],
    ['sinks(*)', ['d']],
    ['roots(key:"*")', ['raw/a']],
  ])('%s selects %j', (selection, keys) => {
    expect(selectAssets(selection, chain)).toEqual(keys);
  });

  it('that no asset has cannot be asked', () => {
    expect(() => selectAssets('status:FRESH', chain)).toThrow("'status:' cannot be asked here");
  });

  it('are offered with the values there are', () => {
    expect(
      Object.fromEntries(selectionAttributes(chain).map(({ attribute, values }) => [attribute, values])),
    ).toEqual({
      key: ['b', 'd', 'my-c.v2', 'raw/a'],
      group: ['default'],
      kind: ['dbt'],
      owner: ['team:data'],
      tag: ['pii', 'tier=gold'],
      is: ['external', 'materializable'],
      code_location: ['orders'],
      partitions: ['daily'],
      column_tag: ['pii', 'unit=eur'],
    });
  });
});

describe('what cannot be read', () => {
  it.each<[string, number, string, readonly string[]]>([
    ['key:a key:b', 6, "did not expect 'key'", ["'and'", "'or'", 'the end']],
    ['key:a and', 9, 'it ends too early', ["'not'"]],
    ['', 0, 'it ends too early', ["'*'"]],
    ['(key:a', 6, 'a parenthesis is not closed', ["')'"]],
    ['foo:x', 0, "there is no attribute 'foo'", ['key', 'group']],
    ['is:old', 3, "'is:' does not know 'old'", ['external', 'materializable']],
    ['key:"a', 4, 'a quote is not closed', []],
    ['key:a ; b', 6, "';' means nothing here", []],
    ['++b', 1, "did not expect '+'", ["'('"]],
    ['b++', 2, "write a number: '2+x' or 'x+2'", ['the end']],
    ['2 b', 2, "a number must be followed by '+'", ["'+'"]],
    ['key:a-b', 4, "'a-b' must be quoted", ['a text in double quotes']],
    ['group:or', 6, "'or' must be quoted", ['<null>']],
    ['group:a*', 6, "'group:' takes no '*'", ['a word']],
    ['r*w', 0, "'r*w' is no asset's key; write key:r*w to search", []],
    ['sinks b', 6, "'sinks' needs what it looks at", ["'('"]],
  ])('%s fails at %i: %s', (selection, position, reason, expected) => {
    let error: unknown;
    try {
      parseSelection(selection);
    } catch (thrown) {
      error = thrown;
    }

    expect(error).toBeInstanceOf(SelectionSyntaxError);
    expect(error).toMatchObject({ selection, position, message: expect.stringContaining(reason) });
    expect((error as SelectionSyntaxError).expected).toEqual(expect.arrayContaining([...expected]));
  });
});

const value = fc.stringMatching(/^[\w /.:@*-]{0,8}$/);
const depth = fc.oneof(fc.constant('all' as const), fc.nat({ max: 3 }));
const { expression } = fc.letrec<{ expression: SelectionExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant<SelectionExpression>({ type: 'all' }),
    fc.constantFrom('raw/a', 'b', 'my-c.v2').map((key): SelectionExpression => ({ type: 'asset', key })),
    fc
      .tuple(fc.constantFrom<SelectionAttribute>('group', 'kind', 'owner', 'partitions'), fc.option(value))
      .map(([attribute, each]): SelectionExpression => ({ type: 'attribute', attribute, value: each })),
    value.map((each): SelectionExpression => ({ type: 'attribute', attribute: 'key', value: each })),
    fc.tuple(value, fc.option(value)).map(
      ([name, each]): SelectionExpression => ({
        type: 'attribute',
        attribute: 'tag',
        value: name,
        pairValue: each,
      }),
    ),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      )
      .map(([type, operands]): SelectionExpression => ({ type, operands })),
    fc
      .tuple(fc.constantFrom('not' as const, 'sinks' as const, 'roots' as const), tie('expression'))
      .map(([type, operand]): SelectionExpression => ({ type, operand })),
    fc.tuple(tie('expression'), depth, fc.option(depth)).map(
      ([operand, upstream, downstream]): SelectionExpression => ({
        type: 'traversal',
        operand,
        upstream,
        downstream,
      }),
    ),
  ),
}));

describe('properties of every selection', () => {
  it('printing and parsing again gives the same tree', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(parseSelection(printSelection(tree))).toEqual(tree);
      }),
      { numRuns: 500 },
    );
  });

  it('any text is either read or refused at a position within it', () => {
    const texts = fc.array(
      fc.constantFrom(
        'key:',
        'a',
        '*',
        '+',
        '(',
        ')',
        'and',
        'or',
        'not',
        '2',
        '"x"',
        ' ',
        ':',
        '=',
        'tag:',
        '<null>',
      ),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        try {
          parseSelection(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SelectionSyntaxError);
          const { position } = error as SelectionSyntaxError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a selection and its negation share nothing and together are everything', () => {
    const graph = graphs.g1 ?? [];
    fc.assert(
      fc.property(expression, (tree) => {
        fc.pre(!printSelection(tree).match(/raw\/a|\bb\b|my-c/));
        const selected = new Set(selectAssets(tree, graph));
        const others = new Set(selectAssets({ type: 'not', operand: tree }, graph));

        expect([...selected].filter((key) => others.has(key))).toEqual([]);
        expect(selectAssets('*', graph).every((key) => selected.has(key) || others.has(key))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
