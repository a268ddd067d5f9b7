const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const LITERALS = ['true', 'false', 'null'];

/**
 * The byte at which UTF-8 text stops being one JSON value (RFC 8259), or undefined when it is one. Needed
 * because JSON.parse only sometimes says where, and then in characters. Used on bad pages only, so plain
 * rather than fast; it keeps its own stack, so that deep nesting cannot overflow ours.
 */
export function firstJsonError(bytes: Uint8Array): number | undefined {
  const open: number[] = [];
  let at = skipSpace(bytes, 0);
  let expect: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'after' = 'value';
  for (;;) {
    const byte = bytes[at];
    if (expect === 'after') {
      const container = open.at(-1);
      if (container === undefined) return at === bytes.length ? undefined : at;
      if (byte === COMMA) {
        expect = container === OPEN_OBJECT ? 'key' : 'value';
        at++;
      } else if (byte === (container === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.pop();
        at++;
      } else return at;
    } else if (
      (expect === 'key-or-end' && byte === CLOSE_OBJECT) ||
      (expect === 'value-or-end' && byte === CLOSE_ARRAY)
    ) {
      open.pop();
      expect = 'after';
      at++;
    } else if (expect === 'key' || expect === 'key-or-end') {
      const end = skipString(bytes, at);
      if (!end.valid) return end.at;
      const colon = skipSpace(bytes, end.at);
      if (bytes[colon] !== COLON) return colon;
      expect = 'value';
      at = colon + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      open.push(byte);
      expect = byte === OPEN_OBJECT ? 'key-or-end' : 'value-or-end';
      at++;
    } else {
      const end = skipScalar(bytes, at);
      if (!end.valid) return end.at;
      expect = 'after';
      at = end.at;
    }
    at = skipSpace(bytes, at);
  }
}

interface Skipped {
  readonly valid: boolean;
  readonly at: number;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

function skipScalar(bytes: Uint8Array, at: number): Skipped {
  if (bytes[at] === QUOTE) return skipString(bytes, at);
  // No literal and hardly a number is longer; a longer number is skipped in pieces below.
  let end = at;
  while (end < bytes.length && /[\w.+-]/.test(String.fromCharCode(bytes[end] ?? 0))) end++;
  const text = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 10_000)));
  if (LITERALS.includes(text)) return { valid: true, at: end };
  const number = NUMBER.exec(text)?.[0] ?? '';
  return number !== '' && number.length === end - at
    ? { valid: true, at: end }
    : { valid: false, at: at + number.length };
}

function skipString(bytes: Uint8Array, from: number): Skipped {
  if (bytes[from] !== QUOTE) return { valid: false, at: from };
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return { valid: true, at: at + 1 };
    if (byte < 0x20) return { valid: false, at };
    if (byte !== BACKSLASH) continue;
    const escaped = String.fromCharCode(bytes[++at] ?? 0);
    if (escaped === 'u') {
      const hex = String.fromCharCode(...bytes.subarray(at + 1, at + 5));
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) return { valid: false, at: Math.min(at + 1, bytes.length) };
      at += 4;
    } else if (!'"\\/bfnrt'.includes(escaped)) return { valid: false, at: Math.min(at, bytes.length) };
  }
  return { valid: false, at: bytes.length };
}
