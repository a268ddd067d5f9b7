/** A part of a value that JSON cannot hold. */
export interface LostInJson {
  /** e.g. `a Map`, `NaN`. */
  readonly what: string;
  /** e.g. `.rows[3].total`; empty for the value itself. */
  readonly place: string;
}

/**
 * The first part of a value that JSON would change or leave out without a word; undefined when there is none. What says
 * itself how it is written (`toJSON`, as dates do) is taken at its word; methods are no data.
 *
 * @param value without cycles
 * @example lostInJson({ byDay: new Map() }) // { what: 'a Map', place: '.byDay' }
 */
export function lostInJson(value: unknown): LostInJson | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : { what: String(value), place: '' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return firstOf(value.entries(), (index) => `[${index}]`);
  const isBytes = ArrayBuffer.isView(value);
  if (!isBytes && typeof (value as { toJSON?: unknown }).toJSON === 'function') return undefined;
  const entries = isBytes ? [] : Object.entries(value);
  if (entries.length === 0 && !isPlain(value)) return { what: `a ${value.constructor.name}`, place: '' };
  return firstOf(entries, (key) => `.${key}`);
}

function firstOf<K>(
  entries: Iterable<readonly [K, unknown]>,
  placeOf: (key: K) => string,
): LostInJson | undefined {
  for (const [key, item] of entries) {
    const lost = lostInJson(item);
    if (lost !== undefined) return { ...lost, place: placeOf(key) + lost.place };
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
