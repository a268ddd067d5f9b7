import type { SourceRecord } from '../../ingestion/batch';
import type { LoadResult, WriteDisposition } from '../../ingestion/destination';
import type { Source } from '../../ingestion/source';
import { METADATA } from '../../model/metadata';
import { SnowflakeSchemaError } from './errors';
import type { SnowflakeLoadRequest } from './load-request';
import type { SnowflakeDestination } from './snowflake-destination';

/** A step's partition, as the context gives it. */
export interface LoadedPartition {
  readonly key: string;
  readonly keys?: readonly string[] | undefined;
  /** A half-open interval of instants, ISO 8601. */
  readonly window?: { readonly start: string; readonly end: string } | null | undefined;
}

/** How one load is written. */
export interface LoadOptions {
  /** `table`, `schema.table` or `database.schema.table`. */
  readonly table: string;
  /**
   * A partition: replace the rows that were loaded for it. `'table'`: replace all rows. Without it, records are
   * merged by the source's primary key.
   */
  readonly replace?: LoadedPartition | 'table' | undefined;
  /** With a partition by time: replace by this column's values in the partition's window instead. */
  readonly column?: string | undefined;
  /** Only add rows; needs a source with a cursor. */
  readonly append?: boolean | undefined;
  /** SQL types by column, used when a column is created, e.g. `{ amount: 'NUMBER(18,4)' }`. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a load returns: its result, which becomes the materialization's metadata when an asset returns it. */
export type SnowflakeLoad = LoadResult & {
  toMetadata(): Record<string, string | number | readonly string[]>;
};

/** Snowflake as steps use it. */
export interface SnowflakeWarehouse extends Pick<SnowflakeDestination, 'query' | 'execute' | 'close'> {
  /**
   * Loads a source in one transaction, together with its cursor.
   *
   * @throws {SnowflakeError} nothing was loaded
   * @example return resources.snowflake.load(resources.usgs.events.read(partition.window), { table: 'raw.earthquakes', replace: partition });
   */
  load<R extends SourceRecord>(source: Source<R>, options: LoadOptions): Promise<SnowflakeLoad>;
}

/** Gives a destination, real or in memory, the surface that steps use. */
export function snowflakeWarehouse(destination: SnowflakeDestination): SnowflakeWarehouse {
  return {
    async load(source, options) {
      const request: SnowflakeLoadRequest<never> = {
        source: source as Source<never>,
        table: options.table,
        write: dispositionOf(options),
        ...(options.columns === undefined ? {} : { columns: options.columns }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      };
      const result = await destination.load(request);
      return { ...result, toMetadata: () => metadataOf(result) };
    },
    query: (sql, binds) => destination.query(sql, binds),
    execute: (sql, binds) => destination.execute(sql, binds),
    close: () => destination.close(),
  };
}

/** Decides how rows are written. Pure. */
export function dispositionOf({ replace, column, append, table }: LoadOptions): WriteDisposition {
  if (replace !== undefined && append) {
    throw new SnowflakeSchemaError(`The load into ${table} says both replace and append: choose one.`);
  }
  if (append) return { kind: 'append' };
  if (replace === undefined) return { kind: 'merge' };
  if (replace === 'table') return { kind: 'replace' };
  if (column !== undefined) {
    if (!replace.window) {
      throw new SnowflakeSchemaError(
        `The load into ${table} replaces by column ${column}, but partition "${replace.key}" is no window of time: leave column out.`,
      );
    }
    return { kind: 'replace-window', column, ...replace.window };
  }
  if ((replace.keys?.length ?? 1) > 1) {
    throw new SnowflakeSchemaError(
      `The load into ${table} replaces ${replace.keys?.length} partitions at once ("${replace.keys?.[0]}" to "${replace.keys?.at(-1)}"), and nothing says which row belongs to which: give the column of the partition's time (column: '...'), or run one partition per run.`,
    );
  }
  return { kind: 'replace-partition', partition: replace.key };
}

/** What the materialization shows, under Dagster's keys where it has them. */
function metadataOf(result: LoadResult): Record<string, string | number | readonly string[]> {
  return {
    rows: result.rows,
    inserted: result.inserted,
    updated: result.updated,
    deleted: result.deleted,
    bytes: result.bytes,
    seconds: result.seconds,
    [METADATA.rowCount]: result.rows,
    [METADATA.relationIdentifier]: result.table,
    ...(result.schemaChanges.length === 0 ? {} : { schema_changes: result.schemaChanges }),
  };
}
