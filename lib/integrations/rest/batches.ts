import type { JsonValue } from '../../model/json';

/** How much of a source is held in memory as one batch. */
export interface BatchLimits {
  /** Default 10,000. */
  readonly maxRecords: number;
  /** JSON text, roughly. A single larger record is a batch of its own. Default 8 MiB. */
  readonly maxBytes: number;
}

export const DEFAULT_BATCH: BatchLimits = { maxRecords: 10_000, maxBytes: 8 * 1024 * 1024 };

/**
 * Cuts a page into batches. `pageBytes` is the size of its text: a page that fits as a whole is not measured
 * record by record.
 */
export function* cutBatches<T extends JsonValue>(
  records: readonly T[],
  pageBytes: number,
  limits: BatchLimits,
): Generator<readonly T[]> {
  if (pageBytes <= limits.maxBytes && records.length <= limits.maxRecords) {
    if (records.length > 0) yield records;
    return;
  }
  const measured = pageBytes > limits.maxBytes;
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < records.length; i++) {
    const size = measured ? approximateBytes(records[i] ?? null) : 0;
    if (i > start && (bytes + size > limits.maxBytes || i - start >= limits.maxRecords)) {
      yield records.slice(start, i);
      start = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < records.length) yield records.slice(start);
}

/** About the length of a value's JSON text, without writing it. */
export function approximateBytes(value: JsonValue): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + approximateBytes(item) + 1, 2);
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + name.length + 4 + approximateBytes(item),
    2,
  );
}
