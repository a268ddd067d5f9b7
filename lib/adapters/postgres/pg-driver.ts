import pg from 'pg';
import type { Driver, SqlParameter } from './driver';
import { toPortError } from './to-port-error';

export interface PgDriverOptions {
  /** Connection string, e.g. `postgresql://user:password@127.0.0.1:5432/headrace`. */
  readonly url: string;
  /** Connections at most. Default 10. */
  readonly maxConnections?: number;
  /** Milliseconds to wait for a connection before the call fails as transient. Default 10,000. */
  readonly connectTimeout?: number;
  /** Shown in pg_stat_activity. Default `headrace`. */
  readonly applicationName?: string;
}

/** A driver over a pool of ordinary connections. */
export function createPgDriver(options: PgDriverOptions): Driver {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    application_name: options.applicationName ?? 'headrace',
  });
  // An idle connection that breaks is replaced at its next use; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return {
    async query<Row>(sql: string, parameters: readonly SqlParameter[] = []) {
      try {
        const result = await pool.query<[Row]>({ text: sql, values: [...parameters], rowMode: 'array' });
        return result.rows.map(([row]) => row);
      } catch (error) {
        throw fromPgError(error);
      }
    },
    close: () => pool.end(),
  };
}

function fromPgError(error: unknown) {
  // Only the server's own answers carry a SQLSTATE; what the socket says (ECONNRESET, timeouts) does not.
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  return toPortError(code, error instanceof Error ? error.message : String(error), error);
}
