/** The first thing wrong with a text that should be JSON. */
export interface JsonSyntaxError {
  /** Index of the character at fault, from 0; the length of the text when it ends too early. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

const STRING_SOURCE = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const NUMBER_SOURCE = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const STRING = new RegExp(STRING_SOURCE, 'y');
const SCALAR = new RegExp(`${STRING_SOURCE}|${NUMBER_SOURCE}|true|false|null`, 'y');
const SPACE = /[ \t\n\r]*/y;

/**
 * Where a text stops being JSON; undefined when it is. Engines do not agree on saying it, and for short texts do
 * not say it at all.
 */
export function findJsonSyntaxError(text: string): JsonSyntaxError | undefined {
  const offset = faultOffset(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

type Expected = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end';

/** Steps over the tokens with its own stack, so that no nesting is too deep for it. */
function faultOffset(text: string): number | undefined {
  const closers: string[] = [];
  let at = 0;
  let expected: Expected = 'value';
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const afterValue = (): Expected => (closers.length === 0 ? 'end' : 'comma-or-close');
  for (;;) {
    skip(SPACE);
    const character = text[at];
    if (character === undefined) return expected === 'end' ? undefined : at;
    const mayClose = expected.endsWith('or-close') && character === closers.at(-1);
    if (mayClose) {
      closers.pop();
      at += 1;
      expected = afterValue();
    } else if (expected === 'value' || expected === 'value-or-close') {
      if (character === '{' || character === '[') {
        closers.push(character === '{' ? '}' : ']');
        at += 1;
        expected = character === '{' ? 'key-or-close' : 'value-or-close';
      } else if (skip(SCALAR)) expected = afterValue();
      else return at;
    } else if (expected === 'key' || expected === 'key-or-close') {
      if (!skip(STRING)) return at;
      expected = 'colon';
    } else if (expected === 'colon' || expected === 'comma-or-close') {
      if (character !== (expected === 'colon' ? ':' : ',')) return at;
      at += 1;
      if (expected === 'colon') expected = 'value';
      else expected = closers.at(-1) === '}' ? 'key' : 'value';
    } else return at;
  }
}
