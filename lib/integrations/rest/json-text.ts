import type { JsonValue } from '../../model/json';
import { firstJsonError } from './json-scanner';

/** Text that is no JSON, with the byte at which it stops being it. */
export class JsonSyntaxError extends Error {
  readonly byteOffset: number;

  constructor(byteOffset: number, reason: string, cause: unknown) {
    super(reason, { cause });
    this.name = 'JsonSyntaxError';
    this.byteOffset = byteOffset;
  }
}

/** An integer outside a string that may be beyond 2^53; a false alarm only costs time. */
const LONG_INTEGER = /[[:,\s-]\d{16,}(?![\d.eE])/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * One JSON value from UTF-8. An integer that a JavaScript number cannot hold exactly (beyond ±2^53) becomes its
 * decimal text, so that no digit of an identifier is lost. Throws `JsonSyntaxError`.
 */
export function parseJson(bytes: Uint8Array): JsonValue {
  const text = decode(bytes);
  return parseText(text, LONG_INTEGER.test(text), 0);
}

/** Every non-empty line of UTF-8 as a JSON value. `base` is added to the offset of errors. */
export function parseJsonLines(bytes: Uint8Array, base = 0): JsonValue[] {
  const text = decode(bytes);
  const exact = LONG_INTEGER.test(text);
  const values: JsonValue[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    if (line.trim() !== '') {
      try {
        values.push(exact ? parseText(line, true, 0) : JSON.parse(line));
      } catch (error) {
        throw syntaxError(line, base + Buffer.byteLength(text.slice(0, start)), error);
      }
    }
    start = end + 1;
  }
  return values;
}

function parseText(text: string, exact: boolean, base: number): JsonValue {
  try {
    return exact
      ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
      : JSON.parse(text);
  } catch (error) {
    throw syntaxError(text, base, error);
  }
}

/** A JSON.parse reviver; `source` is the number's own text (ECMAScript's "JSON.parse source text access"). */
function keepDigits(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  const { source } = context;
  return typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    source !== undefined &&
    /^-?\d+$/.test(source)
    ? source
    : value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    const lossy = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    throw new JsonSyntaxError(Buffer.byteLength(lossy.split('\ufffd', 1)[0] ?? ''), 'it is no UTF-8', error);
  }
}

function syntaxError(text: string, base: number, error: unknown): JsonSyntaxError {
  if (error instanceof JsonSyntaxError)
    return new JsonSyntaxError(base + error.byteOffset, error.message, error);
  const offset = firstJsonError(Buffer.from(text)) ?? 0;
  return new JsonSyntaxError(base + offset, error instanceof Error ? error.message : String(error), error);
}
