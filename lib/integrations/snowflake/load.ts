import type { Batch, Cursor, SourceRecord } from '../../ingestion/batch';
import type { LoadRequest, LoadResult, WriteDisposition } from '../../ingestion/destination';
import type { Staged } from './copy-files';
import { readCursor, type StoredCursor } from './cursor-table';
import { SnowflakeSchemaError } from './errors';
import { columnName, displayName, qualified, quote, type TableName } from './identifiers';
import type { LoadContext, SnowflakeLoadRequest } from './load-request';
import { RecordEncoder } from './record-encoder';
import type { SnowflakeSession } from './session';
import { StagedFiles } from './staged-files';
import { writeRows } from './write-rows';

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
