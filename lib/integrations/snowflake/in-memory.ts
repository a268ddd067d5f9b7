import type { Cursor, SourceRecord } from '../../ingestion/batch';
import type { LoadResult, WriteDisposition } from '../../ingestion/destination';
import type { JsonValue } from '../../model/json';
import { kindOfText } from './column-kinds';
import { SnowflakeRecordError, SnowflakeSchemaError, SnowflakeStatementError } from './errors';
import { columnName, displayName, parseTableName } from './identifiers';
import type { SnowflakeLoadRequest } from './load-request';
import type { SnowflakeDestination } from './snowflake-destination';
import { type SnowflakeWarehouse, snowflakeWarehouse } from './snowflake-warehouse';
import { PARTITION_COLUMN } from './statements';

/** A row by column name. */
export type InMemoryRow = Readonly<Record<string, JsonValue>>;

/** Snowflake for tests: loads go into memory, and a test can look at them. */
export interface InMemorySnowflake extends SnowflakeWarehouse {
  /** The table's rows in the order of their insertion; empty when there is no table. */
  rows(table: string): readonly InMemoryRow[];
  /** The cursor stored with the last load of this source into the table. */
  cursor(table: string, source: string): Cursor | undefined;
}

const DEFAULTS = { database: 'MEMORY', schema: 'PUBLIC' };

interface State {
  readonly tables: Map<string, InMemoryRow[]>;
  readonly cursors: Map<string, Cursor>;
}

/**
 * A stand-in for `snowflakeResource` in users' tests. Loads behave as they do in Snowflake: all or nothing, keys
 * merged, the last of equal keys wins, the cursor kept with the rows, a missing key refused. There is no SQL:
 * `query` and `execute` throw.
 *
 * @example
 * const snowflake = inMemorySnowflake();
 * await materialize(earthquakes, { partition: '2026-01-02', resources: { usgs: fakeUsgs, snowflake } });
 * expect(snowflake.rows('raw.earthquakes')).toHaveLength(3);
 */
export function inMemorySnowflake(): InMemorySnowflake {
  const state: State = { tables: new Map(), cursors: new Map() };
  const destination: SnowflakeDestination = {
    load: (request) => load(state, request),
    query: () => Promise.reject(noSql()),
    execute: () => Promise.reject(noSql()),
    close: () => Promise.resolve(),
  };
  return {
    ...snowflakeWarehouse(destination),
    rows: (table) => state.tables.get(nameOf(table)) ?? [],
    cursor: (table, source) => state.cursors.get(cursorKey(nameOf(table), source)),
  };
}

async function load<R extends SourceRecord>(
  state: State,
  request: SnowflakeLoadRequest<R>,
): Promise<LoadResult> {
  const { source, write, signal } = request;
  const table = nameOf(request.table);
  if (write.kind === 'merge' && source.primaryKey.length === 0) {
    throw new SnowflakeSchemaError(
      `Source "${source.name}" has no primary key, so its records cannot be merged: give the source a primaryKey, or load with replace.`,
    );
  }
  const isIncremental = write.kind === 'merge' || write.kind === 'append';
  const key = cursorKey(table, source.name);
  const read: InMemoryRow[] = [];
  let cursor: Cursor | undefined;
  for await (const batch of source.read({
    cursor: isIncremental ? state.cursors.get(key) : undefined,
    signal,
  })) {
    signal?.throwIfAborted();
    for (const record of batch.records) read.push(toRow(record, source.name, source.primaryKey, read.length));
    if (batch.cursor !== undefined) cursor = batch.cursor;
  }
  const stored = isIncremental || write.kind === 'replace' ? cursor : undefined;
  if (write.kind === 'append' && stored === undefined && read.length > 0) {
    throw new SnowflakeSchemaError(
      `Source "${source.name}" gave no cursor, so appending it to ${table} would duplicate its rows whenever the load is repeated: make the source incremental, or load with merge or replace.`,
    );
  }
  const rows =
    write.kind === 'replace-partition'
      ? read.map((row) => ({ ...row, [PARTITION_COLUMN]: write.partition }))
      : read;
  const counts = writeRows(state, table, rows, source.primaryKey.map(columnName), write);
  if (stored !== undefined) state.cursors.set(key, stored);
  return {
    ...{ table, rows: read.length, ...counts, bytes: 0, seconds: 0, schemaChanges: [] },
    ...(stored === undefined ? {} : { cursor: stored }),
  };
}

function toRow(
  record: SourceRecord,
  source: string,
  primaryKey: readonly string[],
  position: number,
): InMemoryRow {
  for (const key of primaryKey) {
    if (record[key] === null || record[key] === undefined) {
      throw new SnowflakeRecordError(
        `Record ${position + 1} of source "${source}" has no value for its primary key "${key}": ${JSON.stringify(record).slice(0, 300)}. Nothing was loaded.`,
        position,
      );
    }
  }
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [columnName(key), value]));
}

function writeRows(
  state: State,
  table: string,
  rows: readonly InMemoryRow[],
  primaryKey: readonly string[],
  write: WriteDisposition,
) {
  const before = state.tables.get(table) ?? [];
  const kept = before.filter((row) => !isReplaced(row, write));
  const keyOf = (row: InMemoryRow) => JSON.stringify(primaryKey.map((name) => row[name]));
  const unique =
    primaryKey.length === 0 ? [...rows] : [...new Map(rows.map((row) => [keyOf(row), row])).values()];
  const deleted = before.length - kept.length;
  if (primaryKey.length === 0 || write.kind === 'append' || write.kind === 'replace') {
    state.tables.set(table, [...kept, ...unique]);
    return { inserted: unique.length, updated: 0, deleted };
  }
  const merged = new Map(kept.map((row) => [keyOf(row), row]));
  let updated = 0;
  for (const row of unique) {
    const old = merged.get(keyOf(row));
    if (old) updated++;
    merged.set(keyOf(row), { ...old, ...row });
  }
  state.tables.set(table, [...merged.values()]);
  return { inserted: unique.length - updated, updated, deleted };
}

function isReplaced(row: InMemoryRow, write: WriteDisposition): boolean {
  switch (write.kind) {
    case 'replace':
      return true;
    case 'replace-partition':
      return row[PARTITION_COLUMN] === write.partition;
    case 'replace-window': {
      const value = comparable(row[columnName(write.column)]);
      return (
        value !== null && value >= Number(comparable(write.start)) && value < Number(comparable(write.end))
      );
    }
    default:
      return false;
  }
}

/** Numbers as they are, timestamps as epoch milliseconds (UTC without an offset), anything else as no value. */
function comparable(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const kind = kindOfText(value);
  if (kind === 'VARCHAR') return value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value);
  return Date.parse(kind === 'TIMESTAMP_NTZ' ? `${value.replace(' ', 'T')}Z` : value);
}

function nameOf(table: string): string {
  return displayName(parseTableName(table, DEFAULTS));
}

function cursorKey(table: string, source: string): string {
  return JSON.stringify([table, source]);
}

function noSql(): SnowflakeStatementError {
  return new SnowflakeStatementError(
    'inMemorySnowflake() runs no SQL: test queries against the local Snowflake server.',
  );
}
