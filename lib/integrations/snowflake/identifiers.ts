import { SnowflakeSchemaError } from './errors';

/** A table by its three names, as Snowflake stores them. */
export interface TableName {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

/** A name as SQL text. Always quoted, so that a column may be called ORDER. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** An object of the table's schema as SQL text; the table itself by default. */
export function qualified(name: TableName, object: string = name.table): string {
  return [name.database, name.schema, object].map(quote).join('.');
}

/** `DATABASE.SCHEMA.TABLE`, for people. */
export function displayName(name: TableName): string {
  return `${name.database}.${name.schema}.${name.table}`;
}

/**
 * Reads `table`, `schema.table` or `database.schema.table`; parts are upper-cased unless in double quotes.
 *
 * @throws {SnowflakeSchemaError} for anything else
 */
export function parseTableName(text: string, defaults: { database: string; schema: string }): TableName {
  const parts = text.match(/"(?:[^"]|"")+"|[^".]+/g) ?? [];
  const names = parts.map(stored);
  const [table, schema, database] = names.reverse();
  if (table === undefined || names.length > 3 || parts.join('.') !== text) {
    throw new SnowflakeSchemaError(
      `"${text}" is no table name: give table, schema.table or database.schema.table.`,
    );
  }
  return {
    table,
    schema: schema ?? stored(defaults.schema),
    database: database ?? stored(defaults.database),
  };
}

function stored(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toUpperCase();
}

/** The column for a record's key: upper case, everything but letters, digits and $ becomes `_`. */
export function columnName(key: string): string {
  const name = key.toUpperCase().replace(/[^A-Z0-9_$]/g, '_');
  return /^[A-Z_]/.test(name) ? name : `_${name}`;
}
