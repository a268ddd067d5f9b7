import { spawn } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../lib/adapters/local/embedded-postgres';
import { migrate } from '../../lib/adapters/postgres/migrate';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { onceInRun } from './once';

/** SQL that takes a guard out of the schema; set by test/chaos/mutations. */
const MUTATION = 'HEADRACE_TEST_MUTATION';
export const TEMPLATE_DATABASE = 'headrace_template';
export const WORKER_USER = 'test_worker';
export const WORKER_PASSWORD = 'test';

export interface TestServer {
  /** Of the superuser, for a database. */
  readonly urlTemplate: string;
}

/** The server of this run of jest: the first test that needs it starts it, the others wait for that one. */
export const testServer = (): Promise<TestServer> => onceInRun('server', start);

async function start(directory: string): Promise<TestServer> {
  const server = await startEmbeddedPostgres({ dataDirectory: join(directory, 'data'), fsync: false });
  stopWhenJestIsKilled(server, directory);
  const admin = createPgDriver({ url: server.url('postgres'), maxConnections: 1 });
  await admin.query(`create database ${TEMPLATE_DATABASE}`);
  const template = createPgDriver({ url: server.url(TEMPLATE_DATABASE), maxConnections: 1 });
  await migrate(template);
  const mutation = process.env[MUTATION] ?? '';
  if (mutation !== '') await template.query(mutation);
  await template.close();
  await admin.query(`create role ${WORKER_USER} login password '${WORKER_PASSWORD}' in role headrace_worker`);
  await admin.close();
  return { urlTemplate: server.url('DATABASE') };
}

/** A killed jest runs no teardown, so a shell outlives it for a second and cleans up. */
function stopWhenJestIsKilled(server: EmbeddedPostgres, directory: string) {
  const jest = process.env.HEADRACE_TEST_PARENT;
  const script = `while kill -0 ${jest} 2>/dev/null; do sleep 1; done; kill -QUIT ${server.pid} 2>/dev/null; sleep 1; rm -rf '${directory}'`;
  spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
}

/** Stops the server, if any test has started it. */
export async function stopTestServer(directory: string): Promise<void> {
  const data = join(directory, 'data');
  if (await stat(data).catch(() => undefined)) {
    const server = await startEmbeddedPostgres({ dataDirectory: data, fsync: false });
    await server.stop();
  }
  await rm(directory, { recursive: true, force: true });
}
