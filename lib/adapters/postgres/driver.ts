/** A value that every driver can send: structured input goes as one JSON text, cast in the statement. */
export type SqlParameter = string | number | boolean | null;

/**
 * The little that storage asks of a database connection, so that both a socket and the RDS Data API can serve it.
 * One call is one statement and one transaction.
 */
export interface Driver {
  /**
   * Runs one statement with parameters `$1`, `$2`, …, each cast in the statement where its type is not plain.
   * The statement returns one JSON column, one record a row; the answer is the parsed column.
   *
   * @throws {PortError} see `to-port-error.ts`
   */
  query<Row = unknown>(sql: string, parameters?: readonly SqlParameter[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}
