import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../postgres/migrate';
import { createPgDriver } from '../postgres/pg-driver';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { keepPostgresRunning } from './keep-postgres-running';

/** The database of an instance on this machine. */
export interface LocalDatabase {
  /** For the control plane. */
  readonly url: string;
  /** For workers: a user who may only call the worker functions. */
  readonly workerUrl: string;
  /** Stops the embedded server; nothing for one of the user's own. */
  stop(): Promise<void>;
}

const DATABASE = 'headrace';
const WORKER_USER = 'headrace_local_worker';
const PASSWORD_BYTES = 24;

/**
 * Makes the instance's database ready: starts the embedded server (or takes the one of `databaseUrl`), creates the
 * database and the worker's user, applies pending migrations.
 *
 * @param options.home folder of everything local; the data lies in `postgres_data`
 * @throws {EmbeddedPostgresError | PortError} saying what stands in the way
 */
export async function openLocalDatabase(options: {
  readonly home: string;
  readonly databaseUrl?: string | undefined;
  /** Told when the embedded server is gone and started again. */
  onLog?(line: string): void;
}): Promise<LocalDatabase> {
  const { home, databaseUrl, onLog = () => {} } = options;
  const dataDirectory = join(home, 'postgres_data');
  const server = databaseUrl === undefined ? await startEmbeddedPostgres({ dataDirectory }) : undefined;
  try {
    const url = databaseUrl ?? (await createDatabase(server as EmbeddedPostgres));
    const password = await workerPassword(home);
    await prepare(url, password);
    const workerUrl = new URL(url);
    workerUrl.username = WORKER_USER;
    workerUrl.password = password;
    if (server === undefined) return { url, workerUrl: workerUrl.href, stop: async () => {} };
    const { port } = server;
    const start = async (): Promise<void> => void (await startEmbeddedPostgres({ dataDirectory, port }));
    const stopWatching = keepPostgresRunning({ url, start, onLog });
    return {
      url,
      workerUrl: workerUrl.href,
      async stop() {
        await stopWatching();
        await server.stop();
      },
    };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

async function createDatabase(server: EmbeddedPostgres): Promise<string> {
  const driver = createPgDriver({ url: server.url('postgres'), maxConnections: 1 });
  try {
    const found = await driver.query('select to_json(true) from pg_database where datname = $1', [DATABASE]);
    if (found.length === 0) await driver.query(`create database ${DATABASE}`);
  } finally {
    await driver.close();
  }
  return server.url(DATABASE);
}

async function prepare(url: string, password: string): Promise<void> {
  const driver = createPgDriver({ url, maxConnections: 1 });
  try {
    await migrate(driver);
    // Letters and digits only (base64url), so the literal needs no escaping; ROLE statements take no parameters.
    await driver.query(`do $$ begin
      if not exists (select from pg_roles where rolname = '${WORKER_USER}') then
        create role ${WORKER_USER} login in role headrace_worker;
      end if;
      alter role ${WORKER_USER} password '${password}';
    end $$`);
  } finally {
    await driver.close();
  }
}

/** The password of the worker's user, made once and kept beside the data. */
async function workerPassword(home: string): Promise<string> {
  const path = join(home, 'worker_password');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await writeFile(path, password, { mode: 0o600 });
  return password;
}
