import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import snowflake from 'snowflake-sdk';
import { ensurePythonEnvironment } from '../../bin/python-environment.mjs';
import { ensureKeyPair, type KeyPairFiles } from '../../tools/local-snowflake/key-pair';
import {
  type LocalSnowflake,
  type LocalSnowflakeOptions,
  startLocalSnowflake,
} from '../../tools/local-snowflake/start';

snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Row = Record<string, unknown>;

/** A server in a directory of its own, and the keys of its user. */
export interface SnowflakeFixture {
  readonly server: LocalSnowflake;
  readonly keys: KeyPairFiles;
  readonly directory: string;
  readonly python: { readonly python: string; readonly bin: string };
  /** Starts another server on the same data, after the first was stopped or killed. */
  restart(): Promise<LocalSnowflake>;
  /** An unmodified driver's connection; closed by `dispose`. */
  connect(options?: Partial<snowflake.ConnectionOptions>): Promise<Client>;
  dispose(): Promise<void>;
}

/** The driver's connection with promises. */
export interface Client {
  run(sql: string, binds?: snowflake.Binds): Promise<Row[]>;
  /** Starts a statement and cancels it after `ms`. */
  cancelAfter(sql: string, ms: number): Promise<Row[]>;
  close(): Promise<void>;
}

export async function startFixture(options: Partial<LocalSnowflakeOptions> = {}): Promise<SnowflakeFixture> {
  const python = await ensurePythonEnvironment({ root: ROOT });
  const directory = await mkdtemp(join(tmpdir(), 'headrace-local-snowflake-'));
  const keys = await ensureKeyPair(join(directory, 'key'));
  const start = () =>
    startLocalSnowflake({
      dataDirectory: join(directory, 'data'),
      python: python.python,
      publicKeyFiles: [keys.publicKeyFile],
      memoryLimit: '1GB',
      ...options,
    });
  const clients: Client[] = [];
  let server = await start();
  return {
    keys,
    directory,
    python,
    get server() {
      return server;
    },
    async restart() {
      server = await start();
      return server;
    },
    async connect(overrides = {}) {
      const client = await connect(server, keys, overrides);
      clients.push(client);
      return client;
    },
    async dispose() {
      await Promise.all(clients.map((client) => client.close()));
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function connect(
  server: LocalSnowflake,
  keys: KeyPairFiles,
  overrides: Partial<snowflake.ConnectionOptions>,
): Promise<Client> {
  const connection = snowflake.createConnection({
    account: server.account,
    username: server.user,
    authenticator: 'SNOWFLAKE_JWT',
    privateKeyPath: keys.privateKeyFile,
    accessUrl: server.url,
    database: 'RAW',
    schema: 'PUBLIC',
    ...overrides,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  const start = (
    sqlText: string,
    binds: snowflake.Binds | undefined,
    finish: (error: unknown, rows: Row[]) => void,
  ) =>
    connection.execute({
      sqlText,
      ...(binds === undefined ? {} : { binds }),
      complete: (error, _statement, rows) => finish(error, (rows ?? []) as Row[]),
    });
  return {
    run: (sql, binds) =>
      new Promise((resolve, reject) => {
        start(sql, binds, (error, rows) => (error ? reject(error) : resolve(rows)));
      }),
    cancelAfter: (sql, ms) =>
      new Promise((resolve, reject) => {
        const statement = start(sql, undefined, (error, rows) => (error ? reject(error) : resolve(rows)));
        setTimeout(() => statement.cancel(() => {}), ms);
      }),
    close: () =>
      new Promise((resolve) => (connection.isUp() ? connection.destroy(() => resolve()) : resolve())),
  };
}
