/** A stretch of a line. */
export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: 'rule' };

const fence = /^\s*(?:```|~~~)/;
const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const bullet = /^\s*[-*+]\s+(.*)$/;
const numbered = /^\s*\d+[.)]\s+(.*)$/;
const quoted = /^\s*>\s?(.*)$/;
const tableLine = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?$/;

/**
 * The blocks of a Markdown text: headings, paragraphs, lists, quotes, code, tables and rules, which is what is written
 * in descriptions and metadata. HTML stays text, so that nothing foreign gets into the page.
 */
export function parseMarkdown(text: string): readonly Block[] {
  const lines = text.replaceAll('\r', '').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  /** The lines from here on that match, with what the expression catches of them. */
  const takeWhile = (expression: RegExp): string[] => {
    const taken: string[] = [];
    for (let match = expression.exec(lines[at] ?? ''); match; match = expression.exec(lines[at] ?? '')) {
      taken.push(match[1] ?? '');
      at += 1;
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const title = heading.exec(line);
    if (line.trim() === '') at += 1;
    else if (fence.test(line)) {
      const end = lines.findIndex((each, index) => index > at && fence.test(each));
      const last = end < 0 ? lines.length : end;
      blocks.push({ type: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last + 1;
    } else if (title) {
      blocks.push({ type: 'heading', level: title[1]?.length ?? 1, content: parseInline(title[2] ?? '') });
      at += 1;
    } else if (rule.test(line)) {
      blocks.push({ type: 'rule' });
      at += 1;
    } else if (quoted.test(line)) {
      blocks.push({ type: 'quote', blocks: parseMarkdown(takeWhile(quoted).join('\n')) });
    } else if (bullet.test(line) || numbered.test(line)) {
      const ordered = numbered.test(line);
      const items = takeWhile(ordered ? numbered : bullet).map(parseInline);
      blocks.push({ type: 'list', ordered, items });
    } else if (line.includes('|') && tableLine.test(lines[at + 1] ?? '')) {
      at += 2;
      const rows = takeWhile(/^(.*\|.*)$/);
      blocks.push({ type: 'table', head: cellsOf(line), rows: rows.map(cellsOf) });
    } else {
      const from = at;
      at += 1;
      while (at < lines.length && !beginsBlock(lines[at] ?? '')) at += 1;
      blocks.push({ type: 'paragraph', content: parseInline(lines.slice(from, at).join(' ')) });
    }
  }
  return blocks;
}

const beginsBlock = (line: string): boolean =>
  line.trim() === '' ||
  [fence, heading, rule, quoted, bullet, numbered].some((expression) => expression.test(line));

const cellsOf = (line: string): (readonly Inline[])[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim()));

/** Escapes, code, links, bare addresses, strong and emphasis, in the order in which they win. */
const inline =
  /\\([\\`*_{}[\]()#+\-.!|>])|`([^`]+)`|!?\[([^\]]*)\]\(((?:[^()\s]|\([^()\s]*\))+)[^)]*\)|(https?:\/\/[^\s<>)]*[^\s<>).,;:!?])|\*\*(.+?)\*\*|__(.+?)__|\*(\S(?:.*?\S)?)\*|(?<!\w)_(\S(?:.*?\S)?)_(?!\w)/g;

function parseInline(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  const plain = (piece: string) => {
    const last = parts.at(-1);
    if (last?.type === 'text') parts[parts.length - 1] = { type: 'text', text: last.text + piece };
    else if (piece !== '') parts.push({ type: 'text', text: piece });
  };
  for (const match of text.matchAll(inline)) {
    const [whole, escaped, code, label, href, address, strong, strongToo, em, emToo] = match;
    plain(text.slice(from, match.index));
    from = match.index + whole.length;
    const bold = strong ?? strongToo;
    const slanted = em ?? emToo;
    if (escaped !== undefined) plain(escaped);
    else if (code !== undefined) parts.push({ type: 'code', text: code });
    else if (label !== undefined && href !== undefined) {
      const children = parseInline(label === '' ? href : label);
      if (isSafe(href)) parts.push({ type: 'link', href, children });
      else parts.push(...children);
    } else if (address !== undefined)
      parts.push({ type: 'link', href: address, children: [{ type: 'text', text: address }] });
    else if (bold !== undefined) parts.push({ type: 'strong', children: parseInline(bold) });
    else if (slanted !== undefined) parts.push({ type: 'em', children: parseInline(slanted) });
  }
  plain(text.slice(from));
  return parts;
}

/** A link may lead to a page or to a mailbox, never to a script. */
const isSafe = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);
