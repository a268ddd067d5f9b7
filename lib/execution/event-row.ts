import type { NewEvent } from '../model/event';

/** Rows bigger than this go to the object store: the RDS Data API takes 64 KB a row, and columns need their share. */
export const MAX_ROW_BYTES = 48 * 1_024;

/** An event that is fit to be stored. */
export interface EventRow {
  readonly event: NewEvent;
  readonly bytes: number;
  /** The whole event, to be put under its `overflow` key, when the row holds a shortened one. */
  readonly overflow: { readonly key: string; readonly body: Uint8Array } | null;
}

/**
 * Makes an event fit to be stored: text that PostgreSQL's JSON refuses is replaced, and an event over 48 KB is
 * shortened, keeping its shape, with the key of the whole one as `data.overflow`.
 *
 * @param overflowKey object key for the whole event, if needed
 */
export function toEventRow(event: NewEvent, overflowKey: string): EventRow {
  const clean = JSON.stringify(event, (_, value: unknown) =>
    typeof value === 'string' ? wellFormed(value) : value,
  );
  const bytes = Buffer.byteLength(clean);
  const parsed = JSON.parse(clean) as NewEvent;
  if (bytes <= MAX_ROW_BYTES) return { event: parsed, bytes, overflow: null };
  for (const limit of [4_000, 1_000, 200, 40]) {
    const short = {
      ...parsed,
      message: cut(parsed.message, 2_000),
      data: { ...(shorten(parsed.data, limit) as object), overflow: overflowKey },
    } as unknown as NewEvent;
    const size = Buffer.byteLength(JSON.stringify(short));
    if (size <= MAX_ROW_BYTES) {
      return { event: short, bytes: size, overflow: { key: overflowKey, body: Buffer.from(clean) } };
    }
  }
  // Nothing but keys without end can be that long: then only the reference is kept.
  const bare = {
    ...parsed,
    message: cut(parsed.message, 2_000),
    data: { overflow: overflowKey },
  } as unknown as NewEvent;
  const size = Buffer.byteLength(JSON.stringify(bare));
  return { event: bare, bytes: size, overflow: { key: overflowKey, body: Buffer.from(clean) } };
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

function shorten(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return cut(value, limit);
  if (Array.isArray(value))
    return value.slice(0, Math.max(1, Math.floor(limit / 40))).map((item) => shorten(item, limit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item, limit)]));
}

function cut(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length).toWellFormed()}… (${text.length} characters)`;
}
