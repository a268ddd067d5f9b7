import { randomUUID } from 'node:crypto';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { TEMPLATE_DATABASE, testServer, WORKER_PASSWORD, WORKER_USER } from './test-server';

export interface TestDatabase {
  /** Of the superuser. */
  readonly url: string;
  /** Of a user who has only the rights of a worker. */
  readonly workerUrl: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

/**
 * A new, migrated, empty database on a real PostgreSQL, copied from a template (about 0.1 s). The server is started
 * by the first caller and stopped when jest ends.
 *
 * @example
 * let database: TestDatabase;
 * beforeAll(async () => { database = await createTestDatabase(); });
 * afterAll(() => database.drop());
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { urlTemplate } = await testServer();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(urlTemplate, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const url = urlTemplate.replace(/DATABASE$/, name);
  const workerUrl = new URL(url);
  workerUrl.username = WORKER_USER;
  workerUrl.password = WORKER_PASSWORD;
  return {
    url,
    workerUrl: workerUrl.href,
    drop: () => administer(urlTemplate, `drop database if exists ${name} with (force)`),
  };
}

/** A new database without a schema, of a user who may make roles, as Aurora's first user may; in the place of an old one. */
export async function createEmptyDatabase(name: string): Promise<Pick<TestDatabase, 'url' | 'drop'>> {
  const { urlTemplate } = await testServer();
  await administer(urlTemplate, `drop database if exists ${name} with (force)`);
  await administer(urlTemplate, `create database ${name}`);
  return {
    url: urlTemplate.replace(/DATABASE$/, name),
    drop: () => administer(urlTemplate, `drop database if exists ${name} with (force)`),
  };
}

/** A server that makes databases for several suites at once may take long to greet one more. */
const CONNECT_TIMEOUT_MS = 120_000;

async function administer(urlTemplate: string, statement: string): Promise<void> {
  const url = urlTemplate.replace(/DATABASE$/, 'postgres');
  const driver = createPgDriver({ url, maxConnections: 1, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await driver.query(statement);
  } finally {
    await driver.close();
  }
}
