import { type ComputeLogKey, type ComputeLogStream, chunkObjectKey } from '../model/compute-log';
import type { SecretMask } from '../model/secret-mask';
import type { ObjectStore } from '../ports/object-store';
import { maskBytes } from './mask-bytes';

/** A chunk is written after this time or at this size, whichever is first. */
const CHUNK_MILLISECONDS = 500;
const CHUNK_BYTES = 64 * 1_024;
/** Unwritten bytes of one run above which its child is held back, or, when the store fails, output is dropped. */
const HIGH_WATER = 4 * 1_024 * 1_024;

interface StreamState {
  readonly key: ComputeLogKey;
  readonly stream: ComputeLogStream;
  pieces: Buffer[];
  bytes: number;
  /** Bytes written so far. */
  offset: number;
  dropped: number;
}

export interface ComputeLogWriterOptions {
  readonly objectStore: Pick<ObjectStore, 'put'>;
  readonly mask: SecretMask;
  onPressure(isHigh: boolean): void;
}

/**
 * Keeps one run's captured output: chunks per step try and stream, masked, each about half a second or 64 KB.
 * A store that fails never harms the run: output beyond 4 MB is dropped, and the log says how much.
 */
export class ComputeLogWriter {
  private readonly options: ComputeLogWriterOptions;
  private readonly streams = new Map<string, StreamState>();
  private waiting = 0;
  private isHigh = false;
  private isFailing = false;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;

  constructor(options: ComputeLogWriterOptions) {
    this.options = options;
  }

  /** Takes a piece of output. */
  write(key: ComputeLogKey, stream: ComputeLogStream, bytes: Buffer): void {
    const state = this.streamOf(key, stream);
    if (this.waiting > HIGH_WATER && this.isFailing) {
      state.dropped += bytes.length;
      return;
    }
    state.pieces.push(bytes);
    state.bytes += bytes.length;
    this.waiting += bytes.length;
    if (!this.isHigh && this.waiting > HIGH_WATER && !this.isFailing) this.setPressure(true);
    if (state.bytes >= CHUNK_BYTES) this.flushSoon();
    else this.timer ??= setTimeout(() => this.flushSoon(), CHUNK_MILLISECONDS);
  }

  /** Writes what waits, in order. Never throws. */
  async flush(isLast = false): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const previous = this.writing;
    this.writing = previous.then(async () => {
      for (const state of this.streams.values()) await this.writeChunk(state, isLast);
    });
    await this.writing;
  }

  private flushSoon(): void {
    void this.flush();
  }

  private async writeChunk(state: StreamState, isLast: boolean): Promise<void> {
    if (state.bytes === 0 && state.dropped === 0) return;
    const pieces = state.pieces;
    const taken = state.bytes;
    state.pieces = [];
    state.bytes = 0;
    const { masked, held } = maskBytes(this.options.mask, Buffer.concat(pieces), isLast);
    const body = state.dropped === 0 ? masked : Buffer.concat([masked, lossNote(state.dropped)]);
    try {
      if (body.length > 0)
        await this.options.objectStore.put(chunkObjectKey(state.key, state.stream, state.offset), body);
      state.offset += body.length;
      state.dropped = 0;
      this.isFailing = false;
      state.pieces.unshift(...(held.length === 0 ? [] : [held]));
      state.bytes += held.length;
      this.waiting -= taken - held.length;
    } catch {
      // Kept for the next time; masking again changes nothing.
      this.isFailing = true;
      state.pieces.unshift(masked, held);
      state.bytes += masked.length + held.length;
      this.waiting += masked.length + held.length - taken;
      this.timer ??= setTimeout(() => this.flushSoon(), CHUNK_MILLISECONDS * 4);
      if (isLast) clearTimeout(this.timer);
    }
    if (this.isHigh && (this.waiting < HIGH_WATER / 2 || this.isFailing)) this.setPressure(false);
  }

  private setPressure(isHigh: boolean): void {
    this.isHigh = isHigh;
    this.options.onPressure(isHigh);
  }

  private streamOf(key: ComputeLogKey, stream: ComputeLogStream): StreamState {
    const id = `${key.stepKey}.${key.tryNumber}.${stream}`;
    let state = this.streams.get(id);
    if (state === undefined) {
      state = { key, stream, pieces: [], bytes: 0, offset: 0, dropped: 0 };
      this.streams.set(id, state);
    }
    return state;
  }
}

function lossNote(bytes: number): Buffer {
  return Buffer.from(`\n[${bytes} bytes of output were lost: the log storage was not available]\n`);
}
