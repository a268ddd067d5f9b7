import type { Batch, Cursor, SourceRecord } from './batch';

/** What a destination may ask of a source when it starts to read. */
export interface ReadOptions {
  /** The cursor of the last committed load; absent on a first or full load. */
  readonly cursor?: Cursor | undefined;
  /** Cancels the read: the iterator throws the signal's reason at the next await. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Something that can be read as typed batches, lazily: the next page is asked for only when the consumer
 * pulls, which is all the back-pressure there is.
 *
 * @example for await (const batch of source.read({ cursor })) await load(batch.records);
 */
export interface Source<R extends SourceRecord = SourceRecord> {
  /** Name used in logs, errors and as the default table name, e.g. `events`. */
  readonly name: string;
  /** Columns that identify a record; destinations MERGE on them. Empty = append or overwrite only. */
  readonly primaryKey: readonly string[];
  read(options?: ReadOptions): AsyncIterable<Batch<R>>;
}
