import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';

/** A stretch of a line. */
export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'paragraph' | 'line'; readonly content: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: 'rule' };

/**
 * The blocks of a Markdown text (GitHub's flavour). HTML stays text, images become links, and a link that leads to a
 * script is its words alone, so that nothing foreign gets into the page.
 */
export function parseMarkdown(text: string): readonly Block[] {
  return toBlocks(lexer(text, { gfm: true }));
}

function toBlocks(tokens: readonly Token[]): readonly Block[] {
  return tokens.flatMap((token) => toBlock(token as MarkedToken));
}

function toBlock(token: MarkedToken): readonly Block[] {
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return [];
    case 'heading':
      return [{ type: 'heading', level: token.depth, content: toInlines(token.tokens) }];
    case 'paragraph':
      return [{ type: 'paragraph', content: toInlines(token.tokens) }];
    case 'text':
      return [{ type: 'line', content: toInlines(token.tokens ?? [token]) }];
    case 'code':
      return [{ type: 'code', text: token.text }];
    case 'hr':
      return [{ type: 'rule' }];
    case 'blockquote':
      return [{ type: 'quote', blocks: toBlocks(token.tokens) }];
    case 'list':
      return [
        { type: 'list', ordered: token.ordered, items: token.items.map((item) => toBlocks(item.tokens)) },
      ];
    case 'table':
      return [
        { type: 'table', head: token.header.map(toCell), rows: token.rows.map((row) => row.map(toCell)) },
      ];
    default:
      return [{ type: 'paragraph', content: [{ type: 'text', text: token.raw.trimEnd() }] }];
  }
}

const toCell = (cell: Tokens.TableCell): readonly Inline[] => toInlines(cell.tokens);

function toInlines(tokens: readonly Token[]): readonly Inline[] {
  return tokens.flatMap((token) => toInline(token as MarkedToken));
}

function toInline(token: MarkedToken): readonly Inline[] {
  switch (token.type) {
    case 'text':
    case 'escape':
      return [{ type: 'text', text: token.text }];
    case 'codespan':
      return [{ type: 'code', text: token.text }];
    case 'strong':
    case 'em':
    case 'del':
      return [{ type: token.type, children: toInlines(token.tokens) }];
    case 'br':
      return [{ type: 'text', text: '\n' }];
    case 'link':
    case 'image': {
      const children: readonly Inline[] =
        token.tokens.length > 0 ? toInlines(token.tokens) : [{ type: 'text', text: token.href }];
      return isSafe(token.href) ? [{ type: 'link', href: token.href, children }] : children;
    }
    default:
      return [{ type: 'text', text: token.raw }];
  }
}

/** A link may lead to a page or to a mailbox, never to a script. */
const isSafe = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);
