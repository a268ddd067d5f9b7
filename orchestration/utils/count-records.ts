import type { Source, SourceRecord } from 'headrace/rest';

/** A source that counts its records by a key while they are read. */
export function countRecords<R extends SourceRecord>(
  source: Source<R>,
  keyOf: (record: R) => string,
): { readonly source: Source<R>; readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  return {
    counts,
    source: {
      ...source,
      async *read(options) {
        counts.clear();
        for await (const batch of source.read(options)) {
          for (const record of batch.records) {
            const key = keyOf(record);
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
          yield batch;
        }
      },
    },
  };
}
