import type { SilenceTimer } from './silence-timer';

/** A body held whole, or (longer than was asked to hold) as pieces still to come. */
export type ResponseBody =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'pieces'; readonly pieces: AsyncGenerator<Uint8Array> };

/** Reads up to `maxBytes` of a body; if there is more, the rest stays on the wire until it is asked for. */
export async function readBody(
  response: Response,
  maxBytes: number,
  timer: SilenceTimer,
): Promise<ResponseBody> {
  const pieces = bodyPieces(response, timer);
  const held: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return { kind: 'whole', bytes: joined(held, length) };
    held.push(value);
    length += value.length;
    if (length > maxBytes) return { kind: 'pieces', pieces: resumed(joined(held, length), pieces) };
  }
}

async function* bodyPieces(response: Response, timer: SilenceTimer): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      timer.arm();
      const { done, value } = await reader.read();
      timer.disarm();
      if (done) return;
      yield value;
    }
  } finally {
    timer.disarm();
    // Ends the transfer if the body was left early; an already broken stream has nothing to end.
    await reader.cancel().catch(() => undefined);
  }
}

async function* resumed(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Cuts pieces at line ends into blocks of at least `blockBytes`; throws `onLongLine()` for a longer line than allowed. */
export async function* lineBlocks(
  pieces: AsyncGenerator<Uint8Array>,
  blockBytes: number,
  maxLineBytes: number,
  onLongLine: () => Error,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    const newline = piece.lastIndexOf(0x0a);
    if (newline === -1) {
      if (length > maxLineBytes + blockBytes) throw onLongLine();
      continue;
    }
    if (length < blockBytes) continue;
    const all = joined(held, length);
    const end = length - piece.length + newline + 1;
    yield all.subarray(0, end);
    held = end === length ? [] : [all.slice(end)];
    length -= end;
    if (length > maxLineBytes) throw onLongLine();
  }
  if (length > 0) yield joined(held, length);
}
