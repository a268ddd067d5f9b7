import { CUT_MARK } from './serializable-error';
import { toBase64 } from './webhook-signature';

/** What stands in a secret's place. */
export const MASK = '********';

/** Shorter values are not masked: they would blank out half of every text. */
const MIN_LENGTH = 4;
/** Of values that nobody called secret: they may be as plain as `eu` or `true`. */
const MIN_STORED_LENGTH = 6;

/**
 * The secrets known to one run or process, and their removal from whatever is stored or shown. Also masks the forms in
 * which a secret commonly reappears: URL-encoded, base64, in JSON (also inside of JSON), and each line of a multi-line one (a PEM key).
 */
export class SecretMask {
  /** Every form of every secret, the longest first. */
  get forms(): readonly string[] {
    return this.longestFirst;
  }

  private longestFirst: readonly string[] = [];
  private declared: readonly string[] = [];

  /** @param known what nobody declared, and is masked nonetheless */
  constructor(known: readonly string[] = []) {
    for (const value of known) this.addStored(value);
  }

  /** Registers a secret. */
  add(secret: string): void {
    const forms = formsOf(secret).filter(({ length }) => length >= MIN_LENGTH);
    this.declared = longestFirst([...this.declared, ...forms]);
    this.longestFirst = longestFirst([...this.longestFirst, ...forms]);
  }

  /**
   * Registers what the secret store gave, whatever its name says of it.
   *
   * @returns whether it is masked from now on: not when it is short
   */
  addStored(value: string): boolean {
    if (value.length < MIN_STORED_LENGTH) return false;
    const forms = formsOf(value).filter(({ length }) => length >= MIN_STORED_LENGTH);
    this.longestFirst = longestFirst([...this.longestFirst, ...forms]);
    return true;
  }

  /** The text without its secrets. */
  text(text: string): string {
    return replaceAll(text, this.longestFirst);
  }

  /** A copy of plain data with every string masked; the same object when nothing is known. */
  data<T>(value: T): T {
    return deep(value, this.longestFirst);
  }

  /**
   * The same for data that the system goes by: keys of assets and steps, cursors. A plain setting that is kept in the
   * secret store may well be part of one, so only what was declared a secret is masked in it.
   */
  names<T>(value: T): T {
    return deep(value, this.declared);
  }
}

/** The forms in which a secret commonly reappears. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter((line) => line.length >= 16) : [];
  const base64 = toBase64(new TextEncoder().encode(secret));
  const json = quoted(secret);
  return [secret, secret.trim(), encodeURIComponent(secret), base64, json, quoted(json), ...lines];
}

/** As it stands in JSON; what stands in JSON inside of JSON is quoted twice. */
const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);

const longestFirst = (forms: readonly string[]): readonly string[] =>
  [...new Set(forms)].sort((a, b) => b.length - a.length);

function replaceAll(text: string, forms: readonly string[]): string {
  let masked = text;
  for (const form of forms) {
    if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
  }
  return maskCut(masked, forms);
}

/** A text may have been cut in the middle of a secret. */
function maskCut(text: string, forms: readonly string[]): string {
  const mark = text.endsWith(')') ? CUT_MARK.exec(text) : null;
  if (mark === null) return text;
  const kept = text.slice(0, mark.index);
  const tail = longestTail(kept, forms);
  return tail === 0 ? text : `${kept.slice(0, -tail)}${MASK}${mark[0]}`;
}

function deep<T>(value: T, forms: readonly string[]): T {
  const mask = (item: unknown): unknown => {
    if (typeof item === 'string') return replaceAll(item, forms);
    if (Array.isArray(item)) return item.map(mask);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, mask(each)]));
  };
  return forms.length === 0 ? value : (mask(value) as T);
}

/** Length of the longest end of `text` that begins one of the forms. */
export function longestTail(text: string, forms: readonly string[]): number {
  let longest = 0;
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(form.slice(0, length))) longest = length;
    }
  }
  return longest;
}
