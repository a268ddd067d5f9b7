import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../lib/adapters/local/embedded-postgres';
import { migrate } from '../../lib/adapters/postgres/migrate';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';

export interface ScratchDatabase {
  /** Connection string of the superuser to the migrated database. */
  readonly url: string;
  /** The server, for databases of others. */
  readonly server: EmbeddedPostgres;
  /** An empty database for a peer. */
  create(name: string): Promise<string>;
  close(): Promise<void>;
}

const DATABASE = 'headrace';

/** PostgreSQL as a laptop has it, crash safety included, with the schema in a database of its own. */
export async function startScratchDatabase(): Promise<ScratchDatabase> {
  const root = mkdtempSync(join(tmpdir(), 'headrace-bench-'));
  // PostgreSQL does not run as root and has to be able to enter.
  chmodSync(root, 0o755);
  const server = await startEmbeddedPostgres({ dataDirectory: join(root, 'postgres_data') });
  async function create(name: string): Promise<string> {
    const driver = createPgDriver({ url: server.url('postgres'), maxConnections: 1 });
    await driver.query(`create database ${name}`);
    await driver.close();
    return server.url(name);
  }
  const url = await create(DATABASE);
  const driver = createPgDriver({ url, maxConnections: 1 });
  await migrate(driver);
  await driver.close();
  return {
    url,
    server,
    create,
    async close() {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
