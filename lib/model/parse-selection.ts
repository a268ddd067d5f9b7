/**
 * Reads the asset selection language:
 *
 *     or         = and ('or' and)*
 *     and        = unary ('and' unary)*
 *     unary      = 'not' unary | traversal | '*'
 *     traversal  = ([depth] '+')? atom ('+' [depth])?
 *     atom       = attribute ':' value | ('sinks' | 'roots') '(' or ')' | '(' or ')' | asset key
 */
import {
  IS_VALUES,
  PAIR_ATTRIBUTES,
  SELECTION_ATTRIBUTES,
  type SelectionAttribute,
  type SelectionExpression,
  SelectionSyntaxError,
  type TraversalDepth,
} from './selection-syntax';

interface Token {
  readonly kind: 'word' | 'wildcard' | 'quoted' | 'number' | 'null' | 'symbol' | 'end';
  readonly text: string;
  readonly position: number;
}

/** A bare word can be an asset's key, so it may hold `.` and `-`; values of attributes may not. */
const TOKEN =
  /(?<quoted>"[^"\\\r\n]*")|(?<null><null>)|(?<wildcard>[A-Za-z_*][\w/*.-]*\*[\w/*.-]*|\*[\w/*.-]+)|(?<word>[A-Za-z_][\w/.-]*)|(?<number>\d+)|(?<symbol>[*+():=])/y;

const KEYWORDS: ReadonlySet<string> = new Set(['and', 'AND', 'or', 'OR', 'not', 'NOT', 'sinks', 'roots']);
const RESERVED: ReadonlySet<string> = new Set([...KEYWORDS, ...Object.keys(SELECTION_ATTRIBUTES)]);
const ATOM = [
  "'*'",
  "'+'",
  "'not'",
  "'('",
  "'sinks('",
  "'roots('",
  'an attribute such as key:',
  "an asset's key",
];
const AFTER = ["'and'", "'or'", 'the end'];

/**
 * @throws {SelectionSyntaxError} with the position and what was expected there
 * @example parseSelection('+key:"raw/orders" and not kind:dbt')
 */
export function parseSelection(selection: string): SelectionExpression {
  const parser = new SelectionParser(selection);
  return parser.parse();
}

class SelectionParser {
  private readonly selection: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(selection: string) {
    this.selection = selection;
    this.tokens = tokensOf(selection);
  }

  parse(): SelectionExpression {
    const expression = this.or();
    if (this.peek.kind !== 'end') {
      const depthFirst = this.peek.text === '+' ? " (for several steps, write a number: '2+x' or 'x+2')" : '';
      throw this.error(`did not expect ${shown(this.peek)}${depthFirst}`, AFTER);
    }
    return expression;
  }

  private get peek(): Token {
    return this.tokens[this.at] as Token;
  }

  private get after(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)] as Token;
  }

  private take(): Token {
    const token = this.peek;
    this.at += 1;
    return token;
  }

  private takes(...texts: readonly string[]): boolean {
    const matches =
      (this.peek.kind === 'word' || this.peek.kind === 'symbol') && texts.includes(this.peek.text);
    if (matches) this.at += 1;
    return matches;
  }

  private or(): SelectionExpression {
    return this.chain('or', ['or', 'OR'], () => this.and());
  }

  private and(): SelectionExpression {
    return this.chain('and', ['and', 'AND'], () => this.unary());
  }

  private chain(
    type: 'and' | 'or',
    words: readonly string[],
    operand: () => SelectionExpression,
  ): SelectionExpression {
    const operands = [operand()];
    while (this.takes(...words)) operands.push(operand());
    return operands.length === 1 ? (operands[0] as SelectionExpression) : { type, operands };
  }

  private unary(): SelectionExpression {
    if (this.takes('not', 'NOT')) return { type: 'not', operand: this.unary() };
    if (this.takes('*')) return { type: 'all' };
    return this.traversal();
  }

  private traversal(): SelectionExpression {
    let upstream: TraversalDepth | null = null;
    if (this.peek.kind === 'number') {
      if (this.after.text !== '+')
        throw this.error(`a number must be followed by '+'`, ["'+'"], this.after.position);
      upstream = Number(this.take().text);
      this.at += 1;
    } else if (this.takes('+')) {
      upstream = 'all';
    }
    const { operand, upstream: starBefore, downstream: starAfter } = this.atom(upstream !== null);
    let downstream: TraversalDepth | null = starAfter ? 'all' : null;
    if (downstream === null && this.takes('+')) {
      downstream = this.peek.kind === 'number' ? Number(this.take().text) : 'all';
    }
    upstream ??= starBefore ? 'all' : null;
    return upstream === null && downstream === null
      ? operand
      : { type: 'traversal', operand, upstream, downstream };
  }

  private atom(afterPlus: boolean): {
    operand: SelectionExpression;
    upstream?: boolean;
    downstream?: boolean;
  } {
    const token = this.peek;
    if (this.takes('(')) return { operand: this.closing(this.or()) };
    if (token.kind === 'word' && (token.text === 'sinks' || token.text === 'roots')) {
      this.at += 1;
      if (!this.takes('('))
        throw this.error(`'${token.text}' needs what it looks at, in parentheses`, ["'('"]);
      return { operand: { type: token.text, operand: this.closing(this.or()) } };
    }
    if (token.kind === 'word' && this.after.text === ':' && this.after.kind === 'symbol') {
      return { operand: this.attribute() };
    }
    if ((token.kind === 'word' || token.kind === 'wildcard') && !RESERVED.has(token.text))
      return this.assetKey();
    const hint = afterPlus ? ATOM.slice(3) : ATOM;
    throw this.error(token.kind === 'end' ? 'it ends too early' : `did not expect ${shown(token)}`, hint);
  }

  private closing(expression: SelectionExpression): SelectionExpression {
    if (!this.takes(')')) throw this.error('a parenthesis is not closed', ["')'", "'and'", "'or'"]);
    return expression;
  }

  /** `raw/orders`; a star at either end takes in all that is upstream or downstream, as `+` does. */
  private assetKey(): { operand: SelectionExpression; upstream: boolean; downstream: boolean } {
    const token = this.take();
    const key = token.text.replace(/^\*/, '').replace(/\*$/, '');
    if (key === '' || key.includes('*')) {
      throw this.error(
        `'${token.text}' is no asset's key; write key:${token.text} to search`,
        ATOM,
        token.position,
      );
    }
    return {
      operand: { type: 'asset', key },
      upstream: token.text.startsWith('*'),
      downstream: token.text.endsWith('*'),
    };
  }

  private attribute(): SelectionExpression {
    const name = this.take();
    if (!Object.hasOwn(SELECTION_ATTRIBUTES, name.text)) {
      throw this.error(
        `there is no attribute '${name.text}'`,
        Object.keys(SELECTION_ATTRIBUTES),
        name.position,
      );
    }
    const attribute = name.text as SelectionAttribute;
    this.at += 1;
    const isPair = PAIR_ATTRIBUTES.has(attribute);
    const value = this.value(attribute, attribute !== 'key' && attribute !== 'is' && !isPair);
    if (attribute === 'is' && !(IS_VALUES as readonly (string | null)[]).includes(value)) {
      const at = (this.tokens[this.at - 1] as Token).position;
      throw this.error(`'is:' does not know '${value}'`, IS_VALUES, at);
    }
    if (isPair && this.takes('='))
      return { type: 'attribute', attribute, value, pairValue: this.value(attribute, true) };
    return { type: 'attribute', attribute, value };
  }

  private value(attribute: SelectionAttribute, canBeNull: boolean): string | null {
    const token = this.peek;
    const expected = [...(canBeNull ? ['<null>'] : []), 'a word', 'a text in double quotes'];
    if (token.kind === 'quoted') {
      this.at += 1;
      return token.text.slice(1, -1);
    }
    if (token.kind === 'null' && canBeNull) {
      this.at += 1;
      return null;
    }
    if (token.kind === 'word' || (token.kind === 'wildcard' && attribute === 'key')) {
      if (/[.-]/.test(token.text))
        throw this.error(`'${token.text}' must be quoted, as it holds '.' or '-'`, expected);
      if (RESERVED.has(token.text))
        throw this.error(`'${token.text}' must be quoted, as it means something here`, expected);
      this.at += 1;
      return token.text;
    }
    if (token.kind === 'wildcard') throw this.error(`'${attribute}:' takes no '*'`, expected);
    throw this.error(token.kind === 'end' ? 'it ends too early' : `did not expect ${shown(token)}`, expected);
  }

  private error(
    reason: string,
    expected: readonly string[],
    position = this.peek.position,
  ): SelectionSyntaxError {
    return new SelectionSyntaxError(this.selection, position, reason, expected);
  }
}

function shown(token: Token): string {
  return token.kind === 'quoted' ? token.text : `'${token.text}'`;
}

function tokensOf(selection: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    while (position < selection.length && /\s/.test(selection[position] as string)) position += 1;
    if (position === selection.length) break;
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(selection);
    if (match === null) {
      const character = selection[position] as string;
      const reason = character === '"' ? 'a quote is not closed' : `'${character}' means nothing here`;
      throw new SelectionSyntaxError(selection, position, reason, []);
    }
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) as [
      Token['kind'],
      string,
    ];
    tokens.push({ kind, text: match[0], position });
    position += match[0].length;
  }
  return [...tokens, { kind: 'end', text: '', position: selection.length }];
}
