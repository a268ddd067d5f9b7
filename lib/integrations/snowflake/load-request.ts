import type { SourceRecord } from '../../ingestion/batch';
import type { LoadRequest } from '../../ingestion/destination';
import type { TableName } from './identifiers';

/** A load into Snowflake: what every destination is asked, and the types of columns where inference is not enough. */
export interface SnowflakeLoadRequest<R extends SourceRecord = SourceRecord> extends LoadRequest<R> {
  /** SQL types by column (or key), used when a column is created, e.g. `{ amount: 'NUMBER(18,4)' }`. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** What a load needs from outside. */
export interface LoadContext {
  readonly target: TableName;
  readonly runId: string;
  /** Unique in the schema for as long as the load lasts; letters, digits and `_`. */
  readonly loadId: string;
  readonly temporaryDirectory: string | undefined;
  readonly now: () => Date;
}
