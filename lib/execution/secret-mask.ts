/** What stands in a secret's place. */
const MASK = '********';

/** Shorter values are not masked: they would blank out half of every text. */
const MIN_LENGTH = 4;

/**
 * The secrets known to one run, and their removal from whatever is stored or shown. Also masks the forms in
 * which a secret commonly reappears: URL-encoded, base64, and each line of a multi-line one (a PEM key).
 */
export class SecretMask {
  private readonly forms = new Set<string>();
  private longestFirst: readonly string[] = [];

  /** Registers a secret. */
  add(secret: string): void {
    const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter((line) => line.length >= 16) : [];
    const base64 = Buffer.from(secret, 'utf8').toString('base64');
    for (const form of [secret, secret.trim(), encodeURIComponent(secret), base64, ...lines]) {
      if (form.length >= MIN_LENGTH) this.forms.add(form);
    }
    this.longestFirst = [...this.forms].sort((a, b) => b.length - a.length);
  }

  /** The text without its secrets. */
  text(text: string): string {
    let masked = text;
    for (const form of this.longestFirst) {
      if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
    }
    return masked;
  }

  /** A copy of plain data with every string masked; the same object when nothing is known. */
  data<T>(value: T): T {
    return this.longestFirst.length === 0 ? value : (this.deep(value) as T);
  }

  /**
   * Masks a piece of a byte stream.
   *
   * @param isLast otherwise a tail that may be the beginning of a secret is held back
   * @returns the masked bytes, and the tail to be put before the next piece
   */
  bytes(piece: Buffer, isLast: boolean): { readonly masked: Buffer; readonly held: Buffer } {
    if (this.longestFirst.length === 0) return { masked: piece, held: Buffer.alloc(0) };
    // Latin-1 maps bytes to characters one to one, so that text search works on any bytes.
    const forms = this.longestFirst.map((form) => Buffer.from(form, 'utf8').toString('latin1'));
    let text = piece.toString('latin1');
    for (const form of forms) if (text.includes(form)) text = text.replaceAll(form, MASK);
    const held = isLast ? 0 : longestTail(text, forms);
    return {
      masked: Buffer.from(text.slice(0, text.length - held), 'latin1'),
      held: Buffer.from(text.slice(text.length - held), 'latin1'),
    };
  }

  private deep(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.deep(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.deep(item)]));
  }
}

/** Length of the longest end of `text` that begins one of the forms. */
function longestTail(text: string, forms: readonly string[]): number {
  let longest = 0;
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(form.slice(0, length))) longest = length;
    }
  }
  return longest;
}
