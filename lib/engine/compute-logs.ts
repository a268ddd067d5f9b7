import {
  type ComputeLogKey,
  type ComputeLogStream,
  chunkObjectKey,
  chunkOffset,
  chunkPrefix,
} from '../model/compute-log';
import type { Instance } from '../ports/instance';

export interface ComputeLogPage {
  readonly text: string;
  /** Bytes read so far: pass it to read on. */
  readonly cursor: number;
  /** Whether more is stored already. */
  readonly hasMore: boolean;
}

/** A page; fits an answer of the API. */
const DEFAULT_MAX_BYTES = 256 * 1024;
const CHUNKS_LISTED = 100;

/**
 * Captured output of one step try from a cursor (bytes, 0 at first). A character that is cut by the page's end comes
 * with the next page.
 *
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
  const first = await chunkThatHolds(objectStore, key, stream, cursor);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let hasMore = false;
  let startAfter = first === null ? undefined : chunkObjectKey(key, stream, first);
  let pending = first === null ? [] : [chunkObjectKey(key, stream, first)];
  for (;;) {
    for (const objectKey of pending) {
      if (bytes >= maxBytes) {
        hasMore = true;
        break;
      }
      const body = await objectStore.get(objectKey);
      if (body === undefined) continue;
      const rest = body.subarray(Math.max(0, cursor + bytes - chunkOffset(objectKey)));
      const taken = rest.subarray(0, maxBytes - bytes);
      if (taken.length < rest.length) hasMore = true;
      parts.push(taken);
      bytes += taken.length;
    }
    if (hasMore) break;
    const listed = await objectStore.list(prefix, {
      limit: CHUNKS_LISTED,
      ...(startAfter === undefined ? {} : { startAfter }),
    });
    if (listed.length === 0) break;
    pending = listed.map((object) => object.key);
    startAfter = pending.at(-1);
  }
  const joined = concatenate(parts, bytes);
  const whole = joined.subarray(0, bytes - cutCharacterBytes(joined));
  // A producer may end in the middle of a character: then the rest is shown as it is.
  const shown = whole.length === 0 ? joined : whole;
  return { text: new TextDecoder().decode(shown), cursor: cursor + shown.length, hasMore };
}

/** The last chunk that begins at or before the cursor. */
async function chunkThatHolds(
  objectStore: Instance['objectStore'],
  key: ComputeLogKey,
  stream: ComputeLogStream,
  cursor: number,
): Promise<number | null> {
  if (cursor === 0) return null;
  let found: number | null = null;
  let startAfter: string | undefined;
  for (;;) {
    const listed = await objectStore.list(chunkPrefix(key, stream), {
      ...(startAfter === undefined ? {} : { startAfter }),
    });
    for (const object of listed) {
      if (chunkOffset(object.key) > cursor) return found;
      found = chunkOffset(object.key);
    }
    const last = listed.at(-1);
    if (last === undefined) return found;
    startAfter = last.key;
  }
}

function concatenate(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const joined = new Uint8Array(bytes);
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
