import { createHash, type Hash } from 'node:crypto';

const TAIL = 120;

/** What happened, in order: the end of it to be read, a hash of all of it to be compared. */
export class Trace {
  private readonly hash: Hash = createHash('sha256');
  private readonly lines: string[] = [];
  private readonly onLine: ((line: string) => void) | undefined;
  length = 0;

  constructor(onLine?: (line: string) => void) {
    this.onLine = onLine;
  }

  add(at: number, text: string): void {
    const line = `${new Date(at).toISOString().slice(11, 23)} ${text}`;
    this.length += 1;
    this.hash.update(`${line}\n`);
    this.onLine?.(line);
    this.lines.push(line);
    if (this.lines.length > TAIL) this.lines.shift();
  }

  tail(): readonly string[] {
    return this.lines;
  }

  /** To be asked for once, at the end. */
  digest(): string {
    return this.hash.digest('hex').slice(0, 16);
  }
}
