import { type ColumnKind, sqlType, widest } from './column-kinds';
import { SnowflakeSchemaError } from './errors';
import { quote } from './identifiers';
import type { SeenColumn } from './record-encoder';

/** A column of the table, as DESCRIBE TABLE shows it. */
export interface ExistingColumn {
  readonly name: string;
  /** E.g. `NUMBER(38,0)`, `VARCHAR(16777216)`, `TIMESTAMP_TZ(9)`. */
  readonly type: string;
}

/** What must be done to a table before the load; DDL, so before the transaction. */
export interface SchemaPlan {
  /** Statements with `{table}` where the table's name goes. */
  readonly statements: readonly string[];
  /** The same for people, e.g. `MAG FLOAT (added)`. */
  readonly changes: readonly string[];
  /** The type of every column afterwards, loaded or not, by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** Where a column's values are while its type is being changed. */
const REWRITE_SUFFIX = '__HEADRACE_NEW';
// Text of numbers, booleans and timestamps is shorter than this.
const LONGEST_SCALAR_TEXT = 40;
const LARGEST_PRECISION = 38;

/** Kind of all values of a column; null while there was none. */
export function kindOf(column: SeenColumn): ColumnKind | null {
  return column.jsonField === null ? column.textKind : 'VARIANT';
}

/** Statements that finish or undo a change of type that a crash interrupted, and the columns after them. */
export function repair(existing: readonly ExistingColumn[]): {
  readonly statements: readonly string[];
  readonly columns: readonly ExistingColumn[];
} {
  const names = new Set(existing.map((column) => column.name));
  const statements: string[] = [];
  const columns = existing.flatMap((column) => {
    if (!column.name.endsWith(REWRITE_SUFFIX)) return [column];
    const original = column.name.slice(0, -REWRITE_SUFFIX.length);
    if (names.has(original)) {
      statements.push(`ALTER TABLE {table} DROP COLUMN ${quote(column.name)}`);
      return [];
    }
    statements.push(`ALTER TABLE {table} RENAME COLUMN ${quote(column.name)} TO ${quote(original)}`);
    return [{ ...column, name: original }];
  });
  return { statements, columns };
}

/**
 * Decides how the table must change to take these columns. A table's own type stays where its values fit; else
 * VARCHAR gets longer, NUMBER gets all its digits, and what Snowflake cannot alter in place (NUMBER to FLOAT, a
 * conflict to VARCHAR, nested values to VARIANT) is rewritten into a new column of the same name, which then is
 * the table's last.
 *
 * @param existing null when there is no table
 * @param declared types that the user gives, by column name; used when a column is created
 * @throws {SnowflakeSchemaError} when the table has a type that records cannot be brought into
 */
export function planSchema(
  existing: readonly ExistingColumn[] | null,
  seen: readonly SeenColumn[],
  declared: ReadonlyMap<string, string>,
): SchemaPlan {
  const byName = new Map((existing ?? []).map((column) => [column.name, column.type]));
  // A column that no record has keeps its type: a window without records is still removed by it.
  const types = new Map(byName);
  const statements: string[] = [];
  const changes: string[] = [];
  const created: string[] = [];
  for (const [name, type] of declared) {
    if (!seen.some((column) => column.name === name)) addColumn(name, type);
  }
  for (const column of seen) {
    const kind = kindOf(column);
    const type = byName.get(column.name);
    const wanted = declared.get(column.name) ?? (kind && sqlType(kind));
    if (type === undefined) {
      if (wanted) addColumn(column.name, wanted);
    } else if (kind === null) {
      types.set(column.name, type);
    } else {
      const fitting = typeFor(column, kind, type);
      types.set(column.name, fitting);
      if (fitting !== type) changeType(column.name, type, fitting);
    }
  }
  if (existing === null && created.length > 0) {
    statements.unshift(`CREATE TABLE IF NOT EXISTS {table} (${created.join(', ')})`);
  }
  return { statements, changes, types };

  function addColumn(name: string, type: string): void {
    if (byName.has(name)) return;
    types.set(name, type);
    changes.push(`${name} ${type} (added)`);
    if (existing === null) created.push(`${quote(name)} ${type}`);
    else statements.push(`ALTER TABLE {table} ADD COLUMN IF NOT EXISTS ${quote(name)} ${type}`);
  }

  function changeType(name: string, from: string, to: string): void {
    changes.push(`${name} ${to} (was ${from})`);
    const column = quote(name);
    if (baseType(from) === baseType(to)) {
      statements.push(`ALTER TABLE {table} ALTER COLUMN ${column} SET DATA TYPE ${to}`);
      return;
    }
    const rewritten = quote(name + REWRITE_SUFFIX);
    const value = baseType(to) === 'VARIANT' ? `TO_VARIANT(${column})` : `CAST(${column} AS ${to})`;
    statements.push(
      `ALTER TABLE {table} ADD COLUMN ${rewritten} ${to}`,
      `UPDATE {table} SET ${rewritten} = ${value} WHERE ${column} IS NOT NULL`,
      `ALTER TABLE {table} DROP COLUMN ${column}`,
      `ALTER TABLE {table} RENAME COLUMN ${rewritten} TO ${column}`,
    );
  }
}

/** The type that the column must have: its own when the values fit. */
function typeFor(column: SeenColumn, kind: ColumnKind, type: string): string {
  const [precision = LARGEST_PRECISION, scale = 0] = typeArguments(type);
  switch (baseType(type)) {
    case 'VARIANT':
      return type;
    case 'VARCHAR': {
      const [length = Number.POSITIVE_INFINITY] = typeArguments(type);
      const longest = kind === 'VARIANT' ? Number.POSITIVE_INFINITY : longestTextOf(column);
      return longest <= length || length >= LONGEST_VARCHAR ? type : 'VARCHAR';
    }
    case 'OBJECT':
    case 'ARRAY':
      return kind === 'VARIANT' && column.textKind === null ? type : 'VARIANT';
    case 'NUMBER':
      if (kind === 'FLOAT' && scale > 0) return type;
      if (kind !== 'INTEGER') return sqlType(widest('INTEGER', kind));
      if (column.largestInteger < 10 ** (precision - scale)) return type;
      return `NUMBER(${LARGEST_PRECISION},${scale})`;
    case 'FLOAT':
      return widen('FLOAT', kind, type);
    case 'BOOLEAN':
      return widen('BOOLEAN', kind, type);
    case 'DATE':
      return widen('DATE', kind, type);
    case 'TIMESTAMP_NTZ':
      return widen('TIMESTAMP_NTZ', kind, type);
    case 'TIMESTAMP_TZ':
    case 'TIMESTAMP_LTZ':
      return widen('TIMESTAMP_TZ', kind, type);
    case 'TIME':
      if (kind === 'VARCHAR') return type;
  }
  throw new SnowflakeSchemaError(
    `Column ${column.name} of the table has type ${type}, and the records hold ${kind} values under "${column.key}", which cannot be brought into it. Change the column's type, or rename the key in the source.`,
  );
}

function widen(own: ColumnKind, kind: ColumnKind, type: string): string {
  const result = widest(own, kind);
  return result === own ? type : sqlType(result);
}

function longestTextOf(column: SeenColumn): number {
  return column.textKind === 'VARCHAR'
    ? Math.max(column.longestText, LONGEST_SCALAR_TEXT)
    : LONGEST_SCALAR_TEXT;
}

const LONGEST_VARCHAR = 16_777_216;

const ALIASES: Readonly<Record<string, string>> = {
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  CHAR: 'VARCHAR',
  DECIMAL: 'NUMBER',
  NUMERIC: 'NUMBER',
  INT: 'NUMBER',
  INTEGER: 'NUMBER',
  BIGINT: 'NUMBER',
  DOUBLE: 'FLOAT',
  REAL: 'FLOAT',
  DATETIME: 'TIMESTAMP_NTZ',
  TIMESTAMP: 'TIMESTAMP_NTZ',
};

/** `NUMBER` of `NUMBER(38,0)`, and of its synonyms. */
export function baseType(type: string): string {
  const base = /^[A-Za-z_]+/.exec(type.trim())?.[0]?.toUpperCase() ?? type;
  return ALIASES[base] ?? base;
}

function typeArguments(type: string): number[] {
  return (/\(([\d,\s]+)\)/.exec(type)?.[1] ?? '').split(',').filter(Boolean).map(Number);
}
