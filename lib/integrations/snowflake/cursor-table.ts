import type { Cursor } from '../../ingestion/batch';
import { OBJECT_DOES_NOT_EXIST, SnowflakeConflictError, SnowflakeError } from './errors';
import { displayName, qualified, type TableName } from './identifiers';
import type { SnowflakeSession } from './session';

/** Beside the tables it vouches for, so that one transaction covers both. */
export const CURSOR_TABLE = '_HEADRACE_CURSORS';

interface CursorRow {
  readonly CURSOR_VALUE: string | null;
}

/** A stored cursor, kept as text so that a change can be told apart exactly. */
export interface StoredCursor {
  readonly text: string | null;
  readonly cursor: Cursor | undefined;
}

/** The cursor of the last committed load of this source into this table. */
export async function readCursor(
  session: SnowflakeSession,
  target: TableName,
  source: string,
): Promise<StoredCursor> {
  const sql = `SELECT CURSOR_VALUE FROM ${qualified(target, CURSOR_TABLE)} WHERE TABLE_NAME = ? AND SOURCE_NAME = ?`;
  try {
    const { rows } = await session.execute<CursorRow>(sql, [target.table, source]);
    const text = rows[0]?.CURSOR_VALUE ?? null;
    return { text, cursor: text === null ? undefined : (JSON.parse(text) as Cursor) };
  } catch (error) {
    if (error instanceof SnowflakeError && error.code === OBJECT_DOES_NOT_EXIST)
      return { text: null, cursor: undefined };
    throw error;
  }
}

/** Makes the row that `storeCursor` changes. DDL and a write of its own: call it before the transaction. */
export async function prepareCursor(
  session: SnowflakeSession,
  target: TableName,
  source: string,
): Promise<void> {
  const table = qualified(target, CURSOR_TABLE);
  await session.execute(
    `CREATE TABLE IF NOT EXISTS ${table} (TABLE_NAME VARCHAR NOT NULL, SOURCE_NAME VARCHAR NOT NULL, CURSOR_VALUE VARCHAR, RUN_ID VARCHAR, UPDATED_AT TIMESTAMP_TZ)`,
  );
  await session.execute(
    `MERGE INTO ${table} T USING (SELECT ? AS TABLE_NAME, ? AS SOURCE_NAME) N ON T.TABLE_NAME = N.TABLE_NAME AND T.SOURCE_NAME = N.SOURCE_NAME WHEN NOT MATCHED THEN INSERT (TABLE_NAME, SOURCE_NAME) VALUES (N.TABLE_NAME, N.SOURCE_NAME)`,
    [target.table, source],
  );
}

/**
 * Replaces the cursor, in the load's transaction and as its first statement: the row's lock makes concurrent
 * loads take turns, and the one that comes second finds that its cursor is no longer the last.
 *
 * @throws {SnowflakeConflictError} another load was committed since the cursor was read
 */
export async function storeCursor(
  session: SnowflakeSession,
  target: TableName,
  source: string,
  change: {
    readonly previous: string | null;
    readonly next: Cursor;
    readonly runId: string;
    readonly now: Date;
  },
): Promise<void> {
  const { rows } = await session.execute<Record<string, number>>(
    `UPDATE ${qualified(target, CURSOR_TABLE)} SET CURSOR_VALUE = ?, RUN_ID = ?, UPDATED_AT = CAST(? AS TIMESTAMP_TZ) WHERE TABLE_NAME = ? AND SOURCE_NAME = ? AND EQUAL_NULL(CURSOR_VALUE, ?)`,
    [
      JSON.stringify(change.next),
      change.runId,
      change.now.toISOString(),
      target.table,
      source,
      change.previous,
    ],
  );
  if (rows[0]?.['number of rows updated'] === 0) {
    throw new SnowflakeConflictError(
      `Another load of source "${source}" into ${displayName(target)} was committed while this one ran; nothing of this one was. Run it again, and give the asset a pool so that its loads take turns.`,
      { transient: true },
    );
  }
}
