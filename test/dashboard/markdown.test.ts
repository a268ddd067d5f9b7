import { parseMarkdown } from '../../dashboard/src/features/assets/markdown';

const text = (value: string) => ({ type: 'text', text: value });
const line = (value: string) => [{ type: 'line', content: [text(value)] }];

test('headings, paragraphs, lists, quotes, rules and code are told apart', () => {
  const blocks = parseMarkdown(
    '# Load\n\ntwo\nlines\n- a\n- b\n1. first\n> said\n\n---\n```sql\nselect *\n```\n',
  );

  expect(blocks).toEqual([
    { type: 'heading', level: 1, content: [text('Load')] },
    { type: 'paragraph', content: [text('two\nlines')] },
    { type: 'list', ordered: false, items: [line('a'), line('b')] },
    { type: 'list', ordered: true, items: [line('first')] },
    { type: 'quote', blocks: [{ type: 'paragraph', content: [text('said')] }] },
    { type: 'rule' },
    { type: 'code', text: 'select *' },
  ]);
});

test('a bulleted list goes before a numbered one, and neither swallows the other', () => {
  expect(parseMarkdown('- a\n1. b').map((block) => block.type)).toEqual(['list', 'list']);
});

test('a table has a head and rows; a pipe that is escaped stays in its cell', () => {
  expect(parseMarkdown('| a | b |\n| --- | ---: |\n| 1 | x\\|y |')).toEqual([
    { type: 'table', head: [[text('a')], [text('b')]], rows: [[[text('1')], [text('x|y')]]] },
  ]);
});

test('words are strong, slanted, code or links; names with underscores stay as they are', () => {
  const [block] = parseMarkdown(
    '**big** _or_ `code` snake_case_name [docs](https://a.b/c) https://d.e. \\*x\\* ~~old~~',
  );

  expect(block).toEqual({
    type: 'paragraph',
    content: [
      { type: 'strong', children: [text('big')] },
      text(' '),
      { type: 'em', children: [text('or')] },
      text(' '),
      { type: 'code', text: 'code' },
      text(' snake_case_name '),
      { type: 'link', href: 'https://a.b/c', children: [text('docs')] },
      text(' '),
      { type: 'link', href: 'https://d.e', children: [text('https://d.e')] },
      text('. '),
      text('*'),
      text('x'),
      text('*'),
      text(' '),
      { type: 'del', children: [text('old')] },
    ],
  });
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '/relative',
  'JAVASCRIPT:x',
])('a link to %s is text: what a text says must not run', (href) => {
  expect(parseMarkdown(`[press](${href})`)).toEqual([{ type: 'paragraph', content: [text('press')] }]);
});

test('a list may hold another one', () => {
  expect(parseMarkdown('- a\n  - b')).toEqual([
    {
      type: 'list',
      ordered: false,
      items: [[...line('a'), { type: 'list', ordered: false, items: [line('b')] }]],
    },
  ]);
});

test('HTML stays text, and an image is a link to it', () => {
  expect(parseMarkdown('<script>alert(1)</script>')).toEqual([
    { type: 'paragraph', content: [text('<script>alert(1)</script>')] },
  ]);
  expect(parseMarkdown('![plot](https://a.b/c.png)')).toEqual([
    { type: 'paragraph', content: [{ type: 'link', href: 'https://a.b/c.png', children: [text('plot')] }] },
  ]);
});

test('what is open to the end ends there', () => {
  expect(parseMarkdown('```\nselect')).toEqual([{ type: 'code', text: 'select' }]);
  expect(parseMarkdown('')).toEqual([]);
});
