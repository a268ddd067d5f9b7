import pg from 'pg';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import type { StorageHarness } from '../../contracts/storage-contract';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

export interface PostgresHarness extends StorageHarness {
  readonly database: TestDatabase;
  /** A connection of the superuser, to look and to disturb. */
  readonly admin: pg.Client;
}

/** Opens both sides of storage on a database, the worker's as a worker; `close` ends them. */
export type ConnectStorage = (database: TestDatabase) => Promise<StorageHarness>;

const connectByPg: ConnectStorage = async (database) => {
  const storage = createPostgresStorage({ url: database.url, maxConnections: 12 });
  const worker = createPostgresWorkerStorage({ url: database.workerUrl, maxConnections: 8 });
  const close = async () => {
    await Promise.all([storage.close(), worker.close()]);
  };
  return { storage, worker, close };
};

/**
 * Storage over one database for the test file, emptied for every test; the worker's side connects as a worker does.
 * Call it at the top of the file.
 */
export function postgresHarness(connect: ConnectStorage = connectByPg): () => Promise<PostgresHarness> {
  let opened: PostgresHarness | undefined;
  let drop: (() => Promise<void>) | undefined;
  afterAll(() => drop?.());

  return async () => {
    if (opened === undefined) {
      const database = await createTestDatabase();
      const connected = await connect(database);
      const admin = new pg.Client(database.url);
      await admin.connect();
      opened = { ...connected, database, admin, close: async () => undefined };
      drop = async () => {
        await Promise.all([connected.close(), admin.end()]);
        await database.drop();
      };
      return opened;
    }
    await opened.admin.query(EMPTY);
    return opened;
  };
}

/** Row by row: truncating makes new files for every table and index, which takes longer than these few rows. */
const EMPTY = `do $$
declare
  name text;
begin
  for name in
    select oid::regclass::text from pg_class
    where relnamespace = 'headrace'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations'
  loop
    execute 'delete from ' || name;
  end loop;
  perform setval(oid::regclass, 1, false) from pg_class where relnamespace = 'headrace'::regnamespace and relkind = 'S';
end $$`;
