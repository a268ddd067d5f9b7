import snowflake from 'snowflake-sdk';

snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });

/** What a table holds, whatever the loads said about it. */
export interface TableContents {
  readonly rows: number;
  /** Distinct values of its key: as many as rows when every row is there exactly once. */
  readonly keys: number;
}

/**
 * Reads tables of the schema ANALYTICS.RAW of a running warehouse.
 *
 * @param keys columns that identify a row, by table
 */
export async function readTables(
  warehouse: {
    readonly account: string;
    readonly user: string;
    readonly url: string;
    readonly privateKeyFile: string;
  },
  keys: Readonly<Record<string, string>>,
): Promise<Record<string, TableContents>> {
  const connection = snowflake.createConnection({
    account: warehouse.account,
    username: warehouse.user,
    authenticator: 'SNOWFLAKE_JWT',
    privateKeyPath: warehouse.privateKeyFile,
    accessUrl: warehouse.url,
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
}

function query(connection: snowflake.Connection, sqlText: string): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      complete: (error, _statement, rows) => (error ? reject(error) : resolve(rows ?? [])),
    });
  });
}
