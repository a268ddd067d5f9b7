import type { JsonObject, JsonValue } from '../model/json';

/**
 * Where an incremental source stopped: opaque to everything but the source that made it, stored beside the
 * data in the destination, in the same transaction as the rows it vouches for.
 */
export type Cursor = JsonValue;

/** One record as the API sent it: nested values stay nested, names stay the API's. */
export type SourceRecord = JsonObject;

/**
 * A slice of a source's records, small enough to hold in memory (sources cut by page and by bytes).
 * `cursor`, when present, is safe to store once this batch and all before it are committed.
 */
export interface Batch<R extends SourceRecord = SourceRecord> {
  readonly records: readonly R[];
  readonly cursor?: Cursor;
}
