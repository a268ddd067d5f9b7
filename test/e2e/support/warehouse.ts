import { join } from 'node:path';
import snowflake from 'snowflake-sdk';
import { ensurePythonEnvironment } from '../../../bin/python-environment.mjs';
import { ensureKeyPair } from '../../../tools/local-snowflake/key-pair';
import { startLocalSnowflake } from '../../../tools/local-snowflake/start';
import { ROOT } from './product';

snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });

/** What a table holds, whatever the loads said about it. */
export interface TableContents {
  readonly rows: number;
  /** Distinct values of its key: as many as rows when every row is there exactly once. */
  readonly keys: number;
}

/**
 * Reads tables from the warehouse that a product left in its home, once that product has ended.
 *
 * @param keys columns that identify a row, by table
 */
export async function readWarehouse(
  home: string,
  keys: Readonly<Record<string, string>>,
): Promise<Record<string, TableContents>> {
  const { python } = await ensurePythonEnvironment({ root: ROOT });
  const directory = join(home, 'snowflake');
  const pair = await ensureKeyPair(join(directory, 'key'));
  const server = await startLocalSnowflake({
    dataDirectory: join(directory, 'data'),
    python,
    publicKeyFiles: [pair.publicKeyFile],
    databases: ['ANALYTICS'],
  });
  try {
    const connection = snowflake.createConnection({
      account: server.account,
      username: server.user,
      authenticator: 'SNOWFLAKE_JWT',
      privateKeyPath: pair.privateKeyFile,
      accessUrl: server.url,
      database: 'ANALYTICS',
      schema: 'RAW',
    });
    await new Promise<void>((resolve, reject) =>
      connection.connect((error) => (error ? reject(error) : resolve())),
    );
    const contents: Record<string, TableContents> = {};
    for (const [table, key] of Object.entries(keys)) {
      const [row] = await query(
        connection,
        `SELECT (SELECT count(*) FROM ${table}) AS "rows", ` +
          `(SELECT count(*) FROM (SELECT DISTINCT ${key} FROM ${table})) AS "keys"`,
      );
      contents[table] = { rows: Number(row?.rows), keys: Number(row?.keys) };
    }
    await new Promise((resolve) => connection.destroy(resolve));
    return contents;
  } finally {
    await server.stop();
  }
}

function query(connection: snowflake.Connection, sqlText: string): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      complete: (error, _statement, rows) => (error ? reject(error) : resolve(rows ?? [])),
    });
  });
}
