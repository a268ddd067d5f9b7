import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import type { StorageHarness } from '../../contracts/storage-contract';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

/** Storage over a database of its own; the worker's side connects as a worker does. */
export async function openPostgres(): Promise<StorageHarness & { readonly database: TestDatabase }> {
  const database = await createTestDatabase();
  const storage = createPostgresStorage({ url: database.url, maxConnections: 12 });
  const worker = createPostgresWorkerStorage({ url: database.workerUrl, maxConnections: 8 });
  return {
    database,
    storage,
    worker,
    async close() {
      await storage.close();
      await worker.close();
      await database.drop();
    },
  };
}
