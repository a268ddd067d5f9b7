import { type ComputeLogKey, type ComputeLogStream, chunkOffset, chunkPrefix } from '../model/compute-log';
import { isTransient } from '../ports/errors';
import type { Instance } from '../ports/instance';
import type { ObjectInfo } from '../ports/object-store';

/** Output that was captured and cannot be read: its object is lost, cut or cannot be had now. */
export interface UnreadableLogPart {
  /** Bytes from the stream's beginning. */
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

export interface ComputeLogPage {
  /** In place of each part that cannot be read stands a line that says so. */
  readonly text: string;
  /** Bytes read or passed over so far: pass it to read on. */
  readonly cursor: number;
  /** Whether more is stored already. */
  readonly hasMore: boolean;
  readonly unreadable: readonly UnreadableLogPart[];
}

/** A page; fits an answer of the API. */
const DEFAULT_MAX_BYTES = 256 * 1024;
const CHUNKS_LISTED = 100;
/** Of a store that gives nothing, each part costs a call: the rest is told of by the next page. */
const MOST_UNREADABLE = 100;

/**
 * Captured output of one step try from a cursor (bytes, 0 at first). A character that is cut by the page's end comes
 * with the next page. What cannot be read is named where it would stand, and the rest is read all the same; asked for
 * again from before it, it is tried again.
 *
 * @throws {PortError} the store cannot be reached, or cannot say what there is
 * @example await readComputeLog(instance, { runId, stepKey: 'load', tryNumber: 1 }, 'stdout', 0)
 */
export async function readComputeLog(
  { objectStore }: Pick<Instance, 'objectStore'>,
  key: ComputeLogKey,
  stream: ComputeLogStream,
  cursor: number,
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<ComputeLogPage> {
  const prefix = chunkPrefix(key, stream);
  const page = new PageReader(cursor, maxBytes);
  const first = await chunkThatHolds(objectStore, key, stream, cursor);
  let startAfter = first?.key;
  let pending: readonly ObjectInfo[] = first === null ? [] : [first];
  for (;;) {
    for (const chunk of pending) {
      if (page.endsBefore()) break;
      page.passTo(chunkOffset(chunk.key));
      page.take(chunk, await readChunk(objectStore, chunk.key));
    }
    if (page.hasMore) break;
    pending = await objectStore.list(prefix, {
      limit: CHUNKS_LISTED,
      ...(startAfter === undefined ? {} : { startAfter }),
    });
    if (pending.length === 0) break;
    startAfter = pending.at(-1)?.key;
  }
  return page.end();
}

/** The bytes of a chunk, or why they cannot be had; what goes away by waiting is thrown. */
async function readChunk(
  objectStore: Instance['objectStore'],
  objectKey: string,
): Promise<Uint8Array | string> {
  try {
    return (await objectStore.get(objectKey)) ?? `${objectKey} is not in the store any more`;
  } catch (error) {
    if (isTransient(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Puts a page together from chunks in their order, with a line in place of what is not there. */
class PageReader {
  private readonly maxBytes: number;
  private readonly texts: string[] = [];
  private readonly unreadable: UnreadableLogPart[] = [];
  /** Bytes since the last part that could not be read. */
  private pieces: Uint8Array[] = [];
  private position: number;
  private taken = 0;
  hasMore = false;

  constructor(cursor: number, maxBytes: number) {
    this.position = cursor;
    this.maxBytes = maxBytes;
  }

  /** Whether there is no room for another chunk. */
  endsBefore(): boolean {
    this.hasMore ||= this.taken >= this.maxBytes || this.unreadable.length >= MOST_UNREADABLE;
    return this.hasMore;
  }

  /** Says what is missing before the next chunk. */
  passTo(offset: number): void {
    if (offset > this.position) this.miss(offset - this.position, 'this part is not in the log storage');
  }

  take(chunk: ObjectInfo, body: Uint8Array | string): void {
    const from = this.position - chunkOffset(chunk.key);
    if (typeof body === 'string') {
      if (chunk.bytes > from) this.miss(chunk.bytes - from, body);
      return;
    }
    const rest = body.subarray(from);
    const piece = rest.subarray(0, this.maxBytes - this.taken);
    this.pieces.push(piece);
    this.taken += piece.length;
    this.position += piece.length;
    this.hasMore = piece.length < rest.length;
  }

  end(): ComputeLogPage {
    const bytes = concatenate(this.pieces);
    const whole = bytes.subarray(0, bytes.length - cutCharacterBytes(bytes));
    // A producer may end in the middle of a character: then the rest is shown as it is.
    const shown = whole.length === 0 ? bytes : whole;
    this.texts.push(new TextDecoder().decode(shown));
    return {
      text: this.texts.join(''),
      cursor: this.position - (bytes.length - shown.length),
      hasMore: this.hasMore,
      unreadable: this.unreadable,
    };
  }

  private miss(bytes: number, reason: string): void {
    const before = new TextDecoder().decode(concatenate(this.pieces));
    const isLineBegun = before !== '' && !before.endsWith('\n');
    this.texts.push(
      before,
      `${isLineBegun ? '\n' : ''}[${bytes} bytes of output cannot be read: ${reason}]\n`,
    );
    this.pieces = [];
    this.unreadable.push({ offset: this.position, bytes, reason });
    this.position += bytes;
  }
}

/** The last chunk that begins at or before the cursor. */
async function chunkThatHolds(
  objectStore: Instance['objectStore'],
  key: ComputeLogKey,
  stream: ComputeLogStream,
  cursor: number,
): Promise<ObjectInfo | null> {
  if (cursor === 0) return null;
  let found: ObjectInfo | null = null;
  let startAfter: string | undefined;
  for (;;) {
    const listed = await objectStore.list(chunkPrefix(key, stream), {
      ...(startAfter === undefined ? {} : { startAfter }),
    });
    for (const object of listed) {
      if (chunkOffset(object.key) > cursor) return found;
      found = object;
    }
    const last = listed.at(-1);
    if (last === undefined) return found;
    startAfter = last.key;
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Bytes of an unfinished UTF-8 character at the end. */
function cutCharacterBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
