/**
 * Framing of the pipe from a child to its supervisor: `[u32 length][u8 kind][payload]`. The child writes it
 * synchronously, so that nothing is lost when it exits or spins, and a full pipe slows it down.
 */
const HEADER_BYTES = 5;
const MESSAGE = 0;
const OUTPUT = 1;

/** A frame larger than this means that the pipe is broken (user code wrote to it). */
const MAX_FRAME_BYTES = 512 * 1_024 * 1_024;

/** One frame: a message, or a piece of captured output under a message that says whose it is. */
export interface Frame {
  readonly message: unknown;
  readonly output: Buffer | null;
}

/** A message as a frame. */
export function encodeMessage(message: unknown): Buffer {
  return frame(MESSAGE, Buffer.from(JSON.stringify(message), 'utf8'));
}

/** A piece of output, whose header says whose it is, as a frame. */
export function encodeOutput(header: unknown, bytes: Uint8Array): Buffer {
  const head = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(head.length);
  return frame(OUTPUT, Buffer.concat([length, head, bytes]));
}

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  private pieces: Buffer[] = [];
  private length = 0;

  /** Takes bytes; returns the frames that are complete. Throws a RangeError when the stream makes no sense. */
  push(bytes: Buffer): Frame[] {
    this.pieces.push(bytes);
    this.length += bytes.length;
    const frames: Frame[] = [];
    for (let size = this.nextSize(); size !== null && this.length >= size; size = this.nextSize()) {
      frames.push(decode(this.take(size)));
    }
    return frames;
  }

  private nextSize(): number | null {
    if (this.length < HEADER_BYTES) return null;
    let [first] = this.pieces;
    if (first === undefined || first.length < HEADER_BYTES) {
      first = Buffer.concat(this.pieces);
      this.pieces = [first];
    }
    const size = first.readUInt32BE(0);
    if (size > MAX_FRAME_BYTES || (first[4] ?? 0) > OUTPUT) {
      throw new RangeError(
        'The pipe between the supervisor and its child holds something else than messages.',
      );
    }
    return HEADER_BYTES + size;
  }

  private take(size: number): Buffer {
    const all = this.pieces.length === 1 ? this.pieces[0] : undefined;
    const joined = all ?? Buffer.concat(this.pieces);
    const rest = joined.subarray(size);
    this.pieces = rest.length === 0 ? [] : [rest];
    this.length = rest.length;
    return joined.subarray(0, size);
  }
}

function frame(kind: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt8(kind, 4);
  return Buffer.concat([header, payload]);
}

function decode(bytes: Buffer): Frame {
  const payload = bytes.subarray(HEADER_BYTES);
  if (bytes[4] === MESSAGE) return { message: JSON.parse(payload.toString('utf8')), output: null };
  const head = payload.readUInt16BE(0);
  return {
    message: JSON.parse(payload.subarray(2, 2 + head).toString('utf8')),
    output: payload.subarray(2 + head),
  };
}
