import type { Batch, Cursor, SourceRecord } from '../../ingestion/batch';
import type { LoadRequest, LoadResult, WriteDisposition } from '../../ingestion/destination';
import { prepareCursor, readCursor, type StoredCursor, storeCursor } from './cursor-table';
import {
  OBJECT_DOES_NOT_EXIST,
  SnowflakeError,
  SnowflakeSchemaError,
  SnowflakeStatementError,
} from './errors';
import { columnName, displayName, literal, qualified, quote, type TableName } from './identifiers';
import { RecordEncoder } from './record-encoder';
import type { SnowflakeSession } from './session';
import { type StagedFile, StagedFiles } from './staged-files';
import {
  fieldName,
  outsideWindowStatement,
  PARTITION_COLUMN,
  stagingColumns,
  type WritePlan,
  writeStatements,
} from './statements';
import { baseType, type ExistingColumn, planSchema, repair, type SchemaPlan } from './table-schema';

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

// FILES takes at most 1,000 names.
const FILES_PER_COPY = 1000;
const FILE_FORMAT =
  "(TYPE = CSV COMPRESSION = GZIP FIELD_OPTIONALLY_ENCLOSED_BY = '\"' NULL_IF = () EMPTY_FIELD_AS_NULL = TRUE ESCAPE_UNENCLOSED_FIELD = NONE)";

interface Staged {
  readonly encoder: RecordEncoder;
  readonly files: readonly StagedFile[];
  readonly cursor: Cursor | undefined;
}

/**
 * Loads a source: compressed files are uploaded while it is read, copied into a temporary table of this attempt,
 * and put into the target together with the cursor in one transaction. Everything before the transaction leaves
 * the target's rows as they were; temporary objects go with the session, so an attempt may die anywhere.
 */
export async function runLoad<R extends SourceRecord>(
  session: SnowflakeSession,
  request: SnowflakeLoadRequest<R>,
  context: LoadContext,
): Promise<LoadResult> {
  const started = context.now();
  const write = checkWrite(request);
  const previous = await previousCursor(session, request, context);
  const stage = qualified(context.target, `HEADRACE_STAGE_${context.loadId}`);
  await createStage(session, stage, context.target);
  try {
    const staged = await stageRecords(session, stage, request, previous.cursor, context);
    const counts = await writeRows(session, stage, { ...request, write }, staged, previous, context);
    return {
      table: displayName(context.target),
      rows: staged.encoder.count,
      inserted: counts.inserted,
      updated: counts.updated,
      deleted: counts.deleted,
      bytes: staged.files.reduce((sum, file) => sum + file.bytes, 0),
      seconds: (context.now().getTime() - started.getTime()) / 1000,
      schemaChanges: counts.schemaChanges,
      ...(counts.cursor === undefined ? {} : { cursor: counts.cursor }),
    };
  } finally {
    await session.execute(`DROP STAGE IF EXISTS ${stage}`).catch(() => {});
  }
}

function checkWrite({ source, write }: LoadRequest): WriteDisposition {
  if (write.kind === 'merge' && source.primaryKey.length === 0) {
    throw new SnowflakeSchemaError(
      `Source "${source.name}" has no primary key, so its records cannot be merged: give the source a primaryKey, or load with replace.`,
    );
  }
  return write.kind === 'replace-window' ? { ...write, column: columnName(write.column) } : write;
}

/** Merging and appending continue where the last load stopped; replacing reads everything. */
async function previousCursor(
  session: SnowflakeSession,
  { source, write }: LoadRequest,
  { target }: LoadContext,
): Promise<StoredCursor> {
  const stored = await readCursor(session, target, source.name);
  return write.kind === 'merge' || write.kind === 'append'
    ? stored
    : { text: stored.text, cursor: undefined };
}

async function createStage(session: SnowflakeSession, stage: string, target: TableName): Promise<void> {
  const sql = `CREATE TEMPORARY STAGE ${stage}`;
  const schemaExists = await session.execute(
    `SELECT 1 FROM ${quote(target.database)}.INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [target.schema],
  );
  if (schemaExists.rows.length === 0) {
    await session.execute(`CREATE SCHEMA IF NOT EXISTS ${quote(target.database)}.${quote(target.schema)}`);
  }
  await session.execute(sql);
}

async function stageRecords<R extends SourceRecord>(
  session: SnowflakeSession,
  stage: string,
  { source, signal }: SnowflakeLoadRequest<R>,
  cursor: Cursor | undefined,
  context: LoadContext,
): Promise<Staged> {
  const encoder = new RecordEncoder(source.name, source.primaryKey);
  const files = await StagedFiles.create((file) => session.put(file, stage), context.temporaryDirectory);
  let last: Cursor | undefined;
  try {
    for await (const batch of source.read({ cursor, signal }) as AsyncIterable<Batch<R>>) {
      signal?.throwIfAborted();
      encoder.prepare(batch.records);
      if (batch.records.length > 0) await files.expect(encoder.fieldCount);
      for (const record of batch.records) {
        if (files.add(encoder.encode(record))) await files.flush();
      }
      if (batch.cursor !== undefined) last = batch.cursor;
    }
    return { encoder, files: await files.finish(), cursor: last };
  } finally {
    await files.dispose();
  }
}

interface Written {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly schemaChanges: readonly string[];
  readonly cursor: Cursor | undefined;
}

async function writeRows(
  session: SnowflakeSession,
  stage: string,
  request: SnowflakeLoadRequest,
  staged: Staged,
  previous: StoredCursor,
  context: LoadContext,
): Promise<Written> {
  const { source, write } = request;
  const { target } = context;
  const cursor =
    write.kind === 'merge' || write.kind === 'append' || write.kind === 'replace' ? staged.cursor : undefined;
  if (write.kind === 'append' && cursor === undefined && staged.encoder.count > 0) {
    throw new SnowflakeSchemaError(
      `Source "${source.name}" gave no cursor, so appending it to ${displayName(target)} would duplicate its rows whenever the load is repeated: make the source incremental, or load with merge or replace.`,
    );
  }
  const schema = await evolveSchema(session, request, staged.encoder, target);
  const staging = qualified(target, `HEADRACE_LOAD_${context.loadId}`);
  const plan: WritePlan = {
    target: qualified(target),
    staging,
    columns: staged.encoder.columns,
    types: schema?.types ?? new Map(),
    primaryKey: source.primaryKey.map(columnName),
    write,
  };
  if (staged.files.length > 0) {
    await copyFiles(session, stage, plan, staged);
    await checkWindow(session, plan, source.name);
  }
  const statements =
    schema === null
      ? []
      : staged.files.length > 0
        ? writeStatements(plan)
        : writeStatements(plan).slice(0, -1);
  if (cursor !== undefined) await prepareCursor(session, target, source.name);
  const counts = await inTransaction(session, async () => {
    if (cursor !== undefined) {
      const change = { previous: previous.text, next: cursor, runId: context.runId, now: context.now() };
      await storeCursor(session, target, source.name, change);
    }
    return countRows(session, statements);
  });
  if (staged.files.length > 0) await session.execute(`DROP TABLE IF EXISTS ${staging}`).catch(() => {});
  return { ...counts, schemaChanges: schema?.changes ?? [], cursor };
}

/** Brings the table to where it can take the records; null when there is no table and nothing to make one of. */
async function evolveSchema(
  session: SnowflakeSession,
  { columns = {}, write }: SnowflakeLoadRequest,
  encoder: RecordEncoder,
  target: TableName,
): Promise<SchemaPlan | null> {
  const declared = new Map(
    Object.entries(columns).map(([name, type]) => [columnName(name), type.toUpperCase()]),
  );
  if (write.kind === 'replace-partition') declared.set(PARTITION_COLUMN, 'VARCHAR');
  const found = await describeTable(session, target);
  const repaired = found === null ? null : repair(found);
  const plan = planSchema(repaired?.columns ?? null, encoder.columns, declared);
  for (const statement of [...(repaired?.statements ?? []), ...plan.statements]) {
    await session.execute(statement.replace('{table}', qualified(target)));
  }
  const isEmpty = found === null && plan.statements.length === 0;
  return isEmpty ? null : plan;
}

async function describeTable(
  session: SnowflakeSession,
  target: TableName,
): Promise<readonly ExistingColumn[] | null> {
  try {
    const { rows } = await session.execute<ExistingColumn>(`DESCRIBE TABLE ${qualified(target)}`);
    return rows;
  } catch (error) {
    if (error instanceof SnowflakeError && error.code === OBJECT_DOES_NOT_EXIST) return null;
    throw error;
  }
}

async function copyFiles(
  session: SnowflakeSession,
  stage: string,
  plan: WritePlan,
  staged: Staged,
): Promise<void> {
  await session.execute(
    `CREATE TEMPORARY TABLE ${plan.staging} (${stagingColumns(plan.columns, plan.types)})`,
  );
  let loaded = 0;
  for (const [fieldCount, names] of byFieldCount(staged.files)) {
    const fields = Array.from({ length: fieldCount }, (_, field) => fieldName(field)).join(', ');
    for (let from = 0; from < names.length; from += FILES_PER_COPY) {
      const list = names
        .slice(from, from + FILES_PER_COPY)
        .map(literal)
        .join(', ');
      const { rows } = await session.execute<{ rows_loaded: number }>(
        `COPY INTO ${plan.staging} (${fields}) FROM @${stage}/ FILES = (${list}) FILE_FORMAT = ${FILE_FORMAT} ON_ERROR = ABORT_STATEMENT`,
      );
      loaded += rows.reduce((sum, row) => sum + Number(row.rows_loaded), 0);
    }
  }
  if (loaded !== staged.encoder.count) {
    throw new SnowflakeStatementError(
      `Snowflake copied ${loaded} rows of the ${staged.encoder.count} records that were uploaded; nothing was loaded. This is a fault of the loader: please report it with the source's first records.`,
    );
  }
}

function byFieldCount(files: readonly StagedFile[]): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const file of files) {
    const group = groups.get(file.fieldCount);
    if (group) group.push(file.name);
    else groups.set(file.fieldCount, [file.name]);
  }
  return groups;
}

/** Rows outside the window would stay when the window is loaded again; a primary key makes that harmless. */
async function checkWindow(session: SnowflakeSession, plan: WritePlan, source: string): Promise<void> {
  const { write } = plan;
  if (write.kind !== 'replace-window') return;
  const type = plan.types.get(write.column);
  if (type === undefined) {
    throw new SnowflakeSchemaError(
      `Window column ${write.column} is in no record of source "${source}"; its columns are ${plan.columns.map((column) => column.name).join(', ')}.`,
    );
  }
  if (['NUMBER', 'FLOAT'].includes(baseType(type)) && Number.isNaN(Number(write.start) + Number(write.end))) {
    throw new SnowflakeSchemaError(
      `Window column ${write.column} has type ${type}, but the window is [${write.start}, ${write.end}): give numbers, or replace by partition instead.`,
    );
  }
  if (plan.primaryKey.length > 0) return;
  const { rows } = await session.execute<{ OUTSIDE: number; FIRST_VALUE: unknown }>(
    outsideWindowStatement(plan, write),
  );
  const outside = Number(rows[0]?.OUTSIDE ?? 0);
  if (outside > 0) {
    throw new SnowflakeSchemaError(
      `${outside} records of source "${source}" have a ${write.column} outside the window [${write.start}, ${write.end}), e.g. ${String(rows[0]?.FIRST_VALUE)}, so loading the window again would duplicate them. Nothing was loaded. Narrow the source's request, give it a primaryKey, or replace by partition.`,
    );
  }
}

async function inTransaction<T>(session: SnowflakeSession, work: () => Promise<T>): Promise<T> {
  await session.execute('BEGIN');
  try {
    const result = await work();
    await session.execute('COMMIT');
    return result;
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function countRows(
  session: SnowflakeSession,
  statements: readonly string[],
): Promise<{ inserted: number; updated: number; deleted: number }> {
  const counts = { inserted: 0, updated: 0, deleted: 0 };
  for (const statement of statements) {
    const { rows } = await session.execute<Record<string, number>>(statement);
    for (const kind of ['inserted', 'updated', 'deleted'] as const) {
      counts[kind] += Number(rows[0]?.[`number of rows ${kind}`] ?? 0);
    }
  }
  return counts;
}
