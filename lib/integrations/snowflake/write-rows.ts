import type { Cursor } from '../../ingestion/batch';
import { checkWindow, copyFiles, type Staged } from './copy-files';
import { prepareCursor, type StoredCursor, storeCursor } from './cursor-table';
import { OBJECT_DOES_NOT_EXIST, SnowflakeError, SnowflakeSchemaError } from './errors';
import { columnName, displayName, qualified, type TableName } from './identifiers';
import type { LoadContext, SnowflakeLoadRequest } from './load-request';
import type { RecordEncoder } from './record-encoder';
import type { SnowflakeSession } from './session';
import { PARTITION_COLUMN, type WritePlan, writeStatements } from './statements';
import { type ExistingColumn, planSchema, repair, type SchemaPlan } from './table-schema';

/** What the transaction did. */
export interface Written {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly schemaChanges: readonly string[];
  readonly cursor: Cursor | undefined;
}

/** Changes the table where it must, copies the files, and then writes rows and cursor in one transaction. */
export async function writeRows(
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
