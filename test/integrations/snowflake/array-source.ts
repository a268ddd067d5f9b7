import type { Batch, Cursor, SourceRecord } from '../../../lib/ingestion/batch';
import type { ReadOptions, Source } from '../../../lib/ingestion/source';

/** A source that yields these batches, and remembers the cursors it was asked to continue from. */
export interface ArraySource extends Source {
  readonly askedFrom: (Cursor | undefined)[];
}

export function arraySource(
  batches: readonly (readonly SourceRecord[])[],
  options: { readonly primaryKey?: readonly string[]; readonly cursor?: Cursor; readonly name?: string } = {},
): ArraySource {
  const askedFrom: (Cursor | undefined)[] = [];
  return {
    name: options.name ?? 'events',
    primaryKey: options.primaryKey ?? ['id'],
    askedFrom,
    async *read({ cursor }: ReadOptions = {}): AsyncGenerator<Batch> {
      askedFrom.push(cursor);
      for (const records of batches) {
        yield { records, ...(options.cursor === undefined ? {} : { cursor: options.cursor }) };
      }
    },
  };
}
