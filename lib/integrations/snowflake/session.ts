import type snowflake from 'snowflake-sdk';
import { checkConfig, type SnowflakeConfig } from './config';
import { fromDriver, SnowflakeConnectionError } from './errors';
import { literal } from './identifiers';
import { explainLoginFailure } from './login-failure';

/** A value bound to a `?` in a statement. */
export type Bind = string | number | boolean | null;

/** Rows of a statement, an object each by column name. */
export interface StatementResult<Row> {
  readonly rows: readonly Row[];
  readonly queryId: string;
}

export interface SessionOptions {
  /** At most 2,000 characters; shown in QUERY_HISTORY for each statement. */
  readonly queryTag: string;
  /** Cancels the running statement and refuses further ones. */
  readonly signal?: AbortSignal | undefined;
}

// The driver's default is 7 tries over 5 minutes, each longer than the one before.
const LOGIN_RETRIES = 3;
const NETWORK_RETRY_SECONDS = 300;

/** Loaded when it is needed: it takes half a second and 65 MB, and looks for its cloud over the network at once. */
async function loadDriver(): Promise<typeof snowflake> {
  const { default: driver } = await import('snowflake-sdk');
  // It logs to the console and to a file of its own by default.
  driver.configure({ logLevel: 'OFF', additionalLogToConsole: false });
  return driver;
}

/** One session of the driver, with promises and our errors. Statements run one after the other. */
export class SnowflakeSession {
  readonly #connection: snowflake.Connection;
  readonly #signal: AbortSignal | undefined;

  private constructor(connection: snowflake.Connection, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /**
   * Logs in.
   *
   * @throws {SnowflakeConfigError | SnowflakeAuthenticationError | SnowflakeConnectionError}
   */
  static async open(
    config: SnowflakeConfig,
    { queryTag, signal }: SessionOptions,
  ): Promise<SnowflakeSession> {
    checkConfig(config);
    signal?.throwIfAborted();
    const driver = await loadDriver();
    const connection = await logIn(driver, config, queryTag).catch((error: unknown) => {
      throw explainLoginFailure(error, config);
    });
    if (!connection.isUp()) {
      throw new SnowflakeConnectionError(
        `Snowflake did not answer the login of "${config.username}" at ${config.accessUrl ?? `account ${config.account}`}. Check the account, the network and any proxy.`,
        { transient: true },
      );
    }
    const session = new SnowflakeSession(connection, signal);
    // Timestamps without an offset are UTC, whatever the account's or the user's setting.
    await session.execute("ALTER SESSION SET TIMEZONE = 'UTC'");
    return session;
  }

  /**
   * Runs a statement.
   *
   * @throws {SnowflakeStatementError | SnowflakeConnectionError} or the signal's reason
   * @example const { rows } = await session.execute<{ N: number }>('SELECT COUNT(*) AS N FROM T WHERE ID > ?', [7]);
   */
  execute<Row = Record<string, unknown>>(
    sql: string,
    binds: readonly Bind[] = [],
  ): Promise<StatementResult<Row>> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => statement.cancel(() => {});
      const statement = this.#connection.execute({
        sqlText: sql,
        ...(binds.length > 0 ? { binds: [...binds] } : {}),
        complete: (error, finished, rows) => {
          signal?.removeEventListener('abort', cancel);
          if (error) return reject(signal?.aborted ? signal.reason : fromDriver(error, sql));
          resolve({ rows: (rows ?? []) as Row[], queryId: queryIdOf(finished) });
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Uploads a compressed file as it is; `stage` is SQL text. */
  async put(file: string, stage: string): Promise<void> {
    await this.execute(
      `PUT ${literal(`file://${file}`)} @${stage} AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = GZIP OVERWRITE = TRUE`,
    );
  }

  /** Ends the session; never fails. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#connection.destroy(() => resolve()));
  }
}

async function logIn(
  driver: typeof snowflake,
  config: SnowflakeConfig,
  queryTag: string,
): Promise<snowflake.Connection> {
  const connection = driver.createConnection(driverOptions(config, queryTag));
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

function driverOptions(config: SnowflakeConfig, queryTag: string): snowflake.ConnectionOptions {
  return {
    account: config.account,
    username: config.username,
    authenticator: 'SNOWFLAKE_JWT',
    ...(config.privateKey === undefined ? {} : { privateKey: config.privateKey }),
    ...(config.privateKeyFile === undefined ? {} : { privateKeyPath: config.privateKeyFile }),
    ...(config.privateKeyPassphrase === undefined ? {} : { privateKeyPass: config.privateKeyPassphrase }),
    database: config.database,
    ...(config.schema === undefined ? {} : { schema: config.schema }),
    ...(config.warehouse === undefined ? {} : { warehouse: config.warehouse }),
    ...(config.role === undefined ? {} : { role: config.role }),
    ...(config.accessUrl === undefined ? {} : { accessUrl: config.accessUrl }),
    application: 'Headrace',
    queryTag,
    clientSessionKeepAlive: true,
    sfRetryMaxLoginRetries: LOGIN_RETRIES,
    retryTimeout: NETWORK_RETRY_SECONDS,
  };
}

function queryIdOf(statement: { getQueryId?: () => string } | undefined): string {
  try {
    return statement?.getQueryId?.() ?? '';
  } catch {
    return '';
  }
}
