import type { JsonValue } from '../../model/json';
import { findJsonSyntaxError } from './json-syntax';
import { ProblemError } from './problem';

/** Bodies are refused above this: 1 MB. */
const MAX_BODY_BYTES = 1_048_576;
/** Objects and arrays inside one another at most; deeper ones are an attack on whoever walks them. */
const MAX_DEPTH = 64;

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i;

/**
 * A request's body as JSON; undefined when it has none.
 *
 * @throws {ProblemError} 400 not JSON, with the place; 413 too large; 415 another content type
 */
export async function readJsonBody(request: Request): Promise<JsonValue | undefined> {
  const text = await readText(request);
  if (text.trim() === '') return undefined;
  requireType(request, JSON_TYPE);
  return parse(text);
}

/**
 * Refuses a body of another type than these: what a form or a script of another page can send without being asked is
 * none of them.
 *
 * @throws {ProblemError} 415
 */
export function requireType(request: Request, types: RegExp): void {
  const type = request.headers.get('content-type') ?? '';
  if (types.test(type)) return;
  throw new ProblemError(415, {
    title: 'Unsupported media type',
    detail: type === '' ? 'The request says no Content-Type.' : `The Content-Type is '${type}'.`,
    remedy: 'Send JSON, with the header Content-Type: application/json.',
  });
}

/**
 * A request's body as text, read no further than the limit.
 *
 * @throws {ProblemError} 400 not UTF-8; 413 too large
 */
export async function readText(request: Request): Promise<string> {
  return decode(await readBytes(request, MAX_BODY_BYTES));
}

/**
 * A request's body as it came, read no further than the limit.
 *
 * @throws {ProblemError} 413 too large
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/**
 * Bytes as JSON.
 *
 * @throws {ProblemError} 400 not UTF-8, or not JSON, with the place
 */
export const parseJson = (bytes: Uint8Array): JsonValue => parse(decode(bytes));

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const detail = 'The body is not UTF-8.';
    throw new ProblemError(
      400,
      { title: 'Not JSON', detail, remedy: 'Encode the body in UTF-8.' },
      { cause: error },
    );
  }
}

function parse(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    const fault = findJsonSyntaxError(text);
    const place = fault === undefined ? '' : ` at line ${fault.line}, column ${fault.column}`;
    const found = fault === undefined ? '' : excerpt(text, fault.offset);
    throw new ProblemError(
      400,
      { title: 'Not JSON', detail: `The body is not JSON${place}: ${found}`, remedy: 'Send a JSON object.' },
      { cause: error },
    );
  }
  if (isDeeperThan(value, MAX_DEPTH)) {
    throw new ProblemError(400, {
      title: 'Nested too deeply',
      detail: `The body has more than ${MAX_DEPTH} objects and arrays inside one another.`,
    });
  }
  return value;
}

function excerpt(text: string, offset: number): string {
  return offset >= text.length
    ? 'it ends too early.'
    : `${JSON.stringify(text.slice(offset, offset + 20))} is not expected.`;
}

/** Level by level, so that the depth of the call stack does not matter. */
function isDeeperThan(value: JsonValue, depth: number): boolean {
  const isNested = (item: JsonValue) => typeof item === 'object' && item !== null;
  let level = [value].filter(isNested);
  for (let d = 0; level.length > 0; d++) {
    if (d === depth) return true;
    level = level.flatMap((item) => Object.values(item ?? {}) as JsonValue[]).filter(isNested);
  }
  return false;
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(413, {
    title: 'Body too large',
    detail: `The body is larger than ${maxBytes} bytes.`,
    remedy: 'Send less: a reference (a path, a key) instead of the data itself.',
  });
}
