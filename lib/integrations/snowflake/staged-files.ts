import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { makeScratchDirectory } from '../../ingestion/scratch-directory';
import { fromFileSystem } from './errors';

/** A file on the stage and how many fields its lines have. */
export interface StagedFile {
  readonly name: string;
  readonly fieldCount: number;
  /** Compressed. */
  readonly bytes: number;
}

/** Uploads one local file and resolves when it is on the stage. */
export type Upload = (file: string) => Promise<void>;

// Snowflake loads files in parallel; smaller ones than this cost more than they gain, larger ones wait longer.
const FILE_BYTES = 16 * 1024 * 1024;
// Text is handed to the compressor in pieces of this size: small pieces cost a thread switch each.
const PIECE_BYTES = 512 * 1024;
// Of UTF-16 units in UTF-8.
const LONGEST_CHARACTER_BYTES = 3;
const LINE_FEED = 10;
const UPLOADS_AT_ONCE = 2;
// Level 1: at 100,000 rows/s compression is the second largest cost; higher levels save little here.
const GZIP_LEVEL = 1;

interface OpenFile {
  readonly path: string;
  readonly name: string;
  readonly fieldCount: number;
  readonly gzip: Gzip;
  readonly file: WriteStream;
  readonly written: Promise<void>;
}

/**
 * Writes lines into compressed files and uploads each as soon as it is full, while the next is being written.
 * Compression runs on libuv's threads. At most four files exist at a time.
 */
export class StagedFiles {
  readonly files: StagedFile[] = [];
  readonly #directory: string;
  readonly #upload: Upload;
  readonly #uploads = new Set<Promise<void>>();
  #open: OpenFile | null = null;
  // Lines are encoded at once into buffers that are used again: strings kept until a piece is full would survive
  // into V8's old generation, and doubled the memory.
  #piece: Buffer = Buffer.allocUnsafe(PIECE_BYTES);
  #used = 0;
  readonly #full: Buffer[] = [];
  readonly #free: Buffer[] = [];
  #made = 0;
  #failure: { readonly error: unknown } | null = null;

  private constructor(directory: string, upload: Upload) {
    this.#directory = directory;
    this.#upload = upload;
  }

  /** @param parent where the temporary directory is made; the system's by default */
  static async create(upload: Upload, parent?: string): Promise<StagedFiles> {
    try {
      return new StagedFiles(await makeScratchDirectory('headrace-snowflake', parent), upload);
    } catch (error) {
      throw fromFileSystem(error, parent ?? tmpdir());
    }
  }

  /** Adds a line. Call `flush` when it returns true. */
  add(line: string): boolean {
    const most = line.length * LONGEST_CHARACTER_BYTES + 1;
    if (this.#used + most > this.#piece.length) this.#nextPiece(most);
    this.#used += this.#piece.write(line, this.#used);
    this.#piece[this.#used++] = LINE_FEED;
    return this.#full.length > 0;
  }

  /** Sees to it that the next lines go to a file whose lines have this many fields. */
  async expect(fieldCount: number): Promise<void> {
    if (this.#open?.fieldCount === fieldCount) return;
    await this.#finishFile();
    const name = `${String(this.#made++).padStart(6, '0')}.csv.gz`;
    const path = join(this.#directory, name);
    const gzip = createGzip({ level: GZIP_LEVEL, chunkSize: 256 * 1024 });
    const file = createWriteStream(path);
    const written = pipeline(gzip, file).catch((error: unknown) => {
      throw fromFileSystem(error, this.#directory);
    });
    written.catch((error) => this.#fail(error));
    this.#open = { path, name, fieldCount, gzip, file, written };
  }

  /** Hands the lines on; resolves when more may be added. */
  async flush(): Promise<void> {
    const open = await this.#write();
    if (open !== null && open.file.bytesWritten >= FILE_BYTES) {
      await this.#finishFile();
      await this.expect(open.fieldCount);
    }
  }

  /** Resolves when every line is on the stage. */
  async finish(): Promise<readonly StagedFile[]> {
    await this.#finishFile();
    await Promise.all(this.#uploads);
    this.#throwFailure();
    return this.files;
  }

  /** Removes what is left on this machine. */
  async dispose(): Promise<void> {
    this.#open?.gzip.destroy();
    await Promise.allSettled([this.#open?.written, ...this.#uploads]);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #nextPiece(atLeast: number): void {
    if (this.#used > 0) this.#full.push(this.#piece.subarray(0, this.#used));
    const free = atLeast <= PIECE_BYTES ? this.#free.pop() : undefined;
    this.#piece = free ?? Buffer.allocUnsafe(Math.max(PIECE_BYTES, atLeast));
    this.#used = 0;
  }

  /** Hands full pieces to the compressor; `null` when no file is open. */
  async #write(): Promise<OpenFile | null> {
    this.#throwFailure();
    const open = this.#open;
    if (open === null) return null;
    for (const piece of this.#full.splice(0)) {
      const mayContinue = open.gzip.write(piece, (error) => {
        if (!error && piece.buffer.byteLength === PIECE_BYTES) this.#free.push(Buffer.from(piece.buffer));
      });
      if (!mayContinue) await Promise.race([once(open.gzip, 'drain'), open.written]);
    }
    this.#throwFailure();
    return open;
  }

  async #finishFile(): Promise<void> {
    if (this.#used > 0) this.#nextPiece(0);
    const open = await this.#write();
    if (open === null) return;
    this.#open = null;
    open.gzip.end();
    await open.written;
    if (open.gzip.bytesWritten === 0) return rm(open.path);
    while (this.#uploads.size >= UPLOADS_AT_ONCE) await Promise.race(this.#uploads);
    this.#throwFailure();
    const upload = this.#send(open)
      .catch((error) => this.#fail(error))
      .finally(() => this.#uploads.delete(upload));
    this.#uploads.add(upload);
  }

  async #send(open: OpenFile): Promise<void> {
    const { size } = await stat(open.path);
    await this.#upload(open.path);
    await rm(open.path);
    this.files.push({ name: open.name, fieldCount: open.fieldCount, bytes: size });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
