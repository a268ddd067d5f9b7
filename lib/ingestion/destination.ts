import type { Cursor, SourceRecord } from './batch';
import type { Source } from './source';

/** How the loaded rows meet the rows already in the table. */
export type WriteDisposition =
  /** Insert new keys, update changed ones (needs the source's primary key). */
  | { readonly kind: 'merge' }
  /** Replace the rows for which `column` lies in [start, end), in one transaction. ISO instants or values. */
  | { readonly kind: 'replace-window'; readonly column: string; readonly start: string; readonly end: string }
  /** Replace the rows that were loaded for this partition before, in one transaction. */
  | { readonly kind: 'replace-partition'; readonly partition: string }
  /** Replace the whole table. */
  | { readonly kind: 'replace' }
  /** Only add rows. Not idempotent: a repeated load duplicates, so it needs a cursor. */
  | { readonly kind: 'append' };

/** What one load did; becomes the materialization's metadata. */
export interface LoadResult {
  /** Fully qualified table, e.g. `ANALYTICS.RAW.EARTHQUAKES`. */
  readonly table: string;
  /** Records read from the source. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Compressed bytes sent. */
  readonly bytes: number;
  readonly seconds: number;
  /** Columns added or widened before the load, e.g. `MAG FLOAT (added)`. */
  readonly schemaChanges: readonly string[];
  /** The cursor stored with this load, if the source gave one. */
  readonly cursor?: Cursor | undefined;
}

/** A load into one table: what to read, where to, and how. */
export interface LoadRequest<R extends SourceRecord = SourceRecord> {
  readonly source: Source<R>;
  /** `schema.table` or `table`. */
  readonly table: string;
  readonly write: WriteDisposition;
  readonly signal?: AbortSignal | undefined;
}

/** A place that loads sources idempotently: rows and cursor are committed together or not at all. */
export interface Destination {
  load<R extends SourceRecord>(request: LoadRequest<R>): Promise<LoadResult>;
}
