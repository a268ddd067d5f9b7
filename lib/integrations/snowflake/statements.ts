import type { WriteDisposition } from '../../ingestion/destination';
import { sqlType } from './column-kinds';
import { literal, quote } from './identifiers';
import type { SeenColumn } from './record-encoder';
import { baseType } from './table-schema';

/** Names the partition that a row was loaded for, in tables loaded by partition. */
export const PARTITION_COLUMN = '_HEADRACE_PARTITION';

/** The window kind of a write. */
export type WindowWrite = Extract<WriteDisposition, { kind: 'replace-window' }>;

const SEMI_STRUCTURED = new Set(['VARIANT', 'OBJECT', 'ARRAY']);

/** A field of the staging table. Field 0 is the record's position. */
export function fieldName(field: number): string {
  return `F${field}`;
}

/** The staging table's columns for these records, given the types of the target's. */
export function stagingColumns(columns: readonly SeenColumn[], types: ReadonlyMap<string, string>): string {
  const fields = [`${fieldName(0)} NUMBER(38,0)`];
  for (const column of columns) {
    const type = types.get(column.name);
    const isTyped = type !== undefined && !SEMI_STRUCTURED.has(baseType(type));
    // For VARIANT the text keeps the type of what was seen, so that 5 stays a number in it.
    fields[column.textField] =
      `${fieldName(column.textField)} ${isTyped ? type : sqlType(column.textKind ?? 'VARCHAR')}`;
    if (column.jsonField !== null) fields[column.jsonField] = `${fieldName(column.jsonField)} VARCHAR`;
  }
  return fields.join(', ');
}

/** The value of a column out of the staging table. */
function stagedValue(column: SeenColumn, type: string): string {
  const text = column.textKind === null ? null : `S.${fieldName(column.textField)}`;
  const json = column.jsonField === null ? null : `S.${fieldName(column.jsonField)}`;
  if (!SEMI_STRUCTURED.has(baseType(type))) {
    return text && json ? `COALESCE(${text}, ${json})` : (json ?? text ?? `CAST(NULL AS ${type})`);
  }
  const parsed =
    json && (baseType(type) === 'VARIANT' ? `PARSE_JSON(${json})` : `CAST(PARSE_JSON(${json}) AS ${type})`);
  const variant = text && `TO_VARIANT(${text})`;
  return parsed && variant
    ? `COALESCE(${parsed}, ${variant})`
    : (parsed ?? variant ?? `CAST(NULL AS ${type})`);
}

/** What is to be written where. */
export interface WritePlan {
  /** Both tables as SQL text. */
  readonly target: string;
  readonly staging: string;
  readonly columns: readonly SeenColumn[];
  readonly types: ReadonlyMap<string, string>;
  /** Column names. */
  readonly primaryKey: readonly string[];
  readonly write: WriteDisposition;
}

/** Statements of the transaction that put the staged rows into the table: deletes first, then one MERGE or INSERT. */
export function writeStatements(plan: WritePlan): readonly string[] {
  const merges = plan.primaryKey.length > 0 && plan.write.kind !== 'replace' && plan.write.kind !== 'append';
  const remove = deleteStatement(plan);
  return [...(remove ? [remove] : []), merges ? mergeStatement(plan) : insertStatement(plan)];
}

function deleteStatement({ target, write, types }: WritePlan): string | null {
  switch (write.kind) {
    case 'replace':
      return `DELETE FROM ${target}`;
    case 'replace-window':
      return `DELETE FROM ${target} WHERE ${inWindow(write, types)}`;
    case 'replace-partition':
      return `DELETE FROM ${target} WHERE ${quote(PARTITION_COLUMN)} = ${literal(write.partition)}`;
    default:
      return null;
  }
}

/** The rows of [start, end). */
function inWindow(write: WindowWrite, types: ReadonlyMap<string, string>): string {
  const type = types.get(write.column) ?? 'VARCHAR';
  const column = quote(write.column);
  return `${column} >= CAST(${literal(write.start)} AS ${type}) AND ${column} < CAST(${literal(write.end)} AS ${type})`;
}

/** Counts staged rows that a later load of the same window would not replace. */
export function outsideWindowStatement(plan: WritePlan, write: WindowWrite): string {
  const { staging, types } = plan;
  return `SELECT COUNT(*) AS OUTSIDE, MIN(${quote(write.column)}) AS FIRST_VALUE FROM (${stagedRows(plan, staging)}) WHERE NOT COALESCE(${inWindow(write, types)}, FALSE)`;
}

/** The staged rows with the target's columns and types; of rows with equal keys, the last. */
function stagedRows(plan: WritePlan, staging: string): string {
  const values = loadedColumns(plan).map(
    ({ column, type }) => `${stagedValue(column, type)} AS ${quote(column.name)}`,
  );
  if (plan.write.kind === 'replace-partition')
    values.push(`${literal(plan.write.partition)} AS ${quote(PARTITION_COLUMN)}`);
  const keys = plan.columns.filter((column) => plan.primaryKey.includes(column.name));
  const last =
    keys.length === 0
      ? ''
      : ` QUALIFY ROW_NUMBER() OVER (PARTITION BY ${keys.map((key) => `S.${fieldName(key.textField)}`).join(', ')} ORDER BY S.${fieldName(0)} DESC) = 1`;
  return `SELECT ${values.join(', ')} FROM ${staging} S${last}`;
}

function loadedColumns({
  columns,
  types,
}: WritePlan): { readonly column: SeenColumn; readonly type: string }[] {
  return columns.flatMap((column) => {
    const type = types.get(column.name);
    return type === undefined ? [] : [{ column, type }];
  });
}

function targetColumns(plan: WritePlan): string[] {
  const names = loadedColumns(plan).map(({ column }) => quote(column.name));
  return plan.write.kind === 'replace-partition' ? [...names, quote(PARTITION_COLUMN)] : names;
}

function insertStatement(plan: WritePlan): string {
  return `INSERT INTO ${plan.target} (${targetColumns(plan).join(', ')}) ${stagedRows(plan, plan.staging)}`;
}

function mergeStatement(plan: WritePlan): string {
  const columns = targetColumns(plan);
  const keys = plan.primaryKey.map(quote);
  const others = columns.filter((column) => !keys.includes(column));
  const matched =
    others.length === 0
      ? ''
      : ` WHEN MATCHED THEN UPDATE SET ${others.map((column) => `${column} = N.${column}`).join(', ')}`;
  return `MERGE INTO ${plan.target} T USING (${stagedRows(plan, plan.staging)}) N ON ${keys
    .map((key) => `T.${key} = N.${key}`)
    .join(' AND ')}${matched} WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${columns
    .map((column) => `N.${column}`)
    .join(', ')})`;
}
