import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../../lib/adapters/local/embedded-postgres';
import { EmbeddedPostgresError, explainFailure } from '../../../lib/adapters/local/embedded-postgres-error';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';

let folder: string;
let dataDirectory: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-embedded-'));
  await chmod(folder, 0o755);
  dataDirectory = join(folder, 'postgres_data');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (over = {}) => startEmbeddedPostgres({ dataDirectory, fsync: false, ...over });

async function ask<T>(url: string, sql: string): Promise<T | undefined> {
  const driver = createPgDriver({ url, maxConnections: 1 });
  try {
    return (await driver.query<T>(sql))[0];
  } finally {
    await driver.close();
  }
}

test('starts, keeps its data over a restart, and stops; only the owner can read its password', async () => {
  const first = await start();
  await ask(first.url('postgres'), 'create table kept (a int)');
  await first.stop();
  await first.stop();
  await expect(ask(first.url('postgres'), 'select to_json(1)')).rejects.toMatchObject({ fault: 'transient' });

  const second = await start();
  expect(await ask(second.url('postgres'), 'select to_json(count(*)) from kept')).toBe(0);
  const version = await ask<string>(
    second.url('postgres'),
    "select to_json(current_setting('server_version'))",
  );
  expect(version).toMatch(/^17\./);
  expect((await stat(join(dataDirectory, 'headrace_password'))).mode & 0o777).toBe(0o600);
  const stranger = second.url('postgres').replace(/:[^:@/]+@/, ':wrong@');
  await expect(ask(stranger, 'select to_json(1)')).rejects.toMatchObject({ fault: 'permanent' });
  await second.stop();
});

test('adopts the server that a killed parent left behind', async () => {
  const left = await start();
  const adopted = await start();

  expect([adopted.pid, adopted.port]).toEqual([left.pid, left.port]);
  expect(await ask(adopted.url('postgres'), 'select to_json(1)')).toBe(1);
  await adopted.stop();
});

test('recovers after the server itself was killed, also when its process id belongs to another program now', async () => {
  const killed = await start();
  process.kill(killed.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const lock = join(dataDirectory, 'postmaster.pid');
  const lines = (await readFile(lock, 'utf8')).split('\n');
  await writeFile(lock, [String(process.pid), ...lines.slice(1)].join('\n'));

  const again = await start();

  expect(again.pid).not.toBe(process.pid);
  expect(await ask(again.url('postgres'), 'select to_json(1)')).toBe(1);
  await again.stop();
});

test('a port that is taken is said to be', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;

  await expect(start({ port })).rejects.toMatchObject({
    name: 'EmbeddedPostgresError',
    reason: 'port-in-use',
    dataDirectory,
  });
  await new Promise((resolve) => other.close(resolve));
});

test('data of another major version is refused before anything is touched', async () => {
  const old = join(folder, 'old');
  await mkdir(old);
  await writeFile(join(old, 'PG_VERSION'), '15\n');

  await expect(start({ dataDirectory: old })).rejects.toMatchObject({
    reason: 'version-mismatch',
    message: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 17/),
  });
});

test('a directory that is half made is made again', async () => {
  const half = join(folder, 'half');
  await mkdir(`${half}.new`);
  await writeFile(join(`${half}.new`, 'PG_VERSION'), '17\n');

  const server = await start({ dataDirectory: half });

  expect(await ask(server.url('postgres'), 'select to_json(1)')).toBe(1);
  await server.stop();
});

test('what the programs print is told in words', () => {
  const reasons = [
    'initdb: error: could not write file: No space left on device',
    'could not bind IPv4 address "127.0.0.1": Address already in use',
    'FATAL:  database files are incompatible with server',
    'initdb: error: could not access directory "/root/x": Permission denied',
    'something new',
  ].map((output) => explainFailure('start', '/data', output));

  expect(reasons.map(({ reason }) => reason)).toEqual([
    'disk-full',
    'port-in-use',
    'version-mismatch',
    'permission',
    'unknown',
  ]);
  for (const reason of reasons) expect(reason).toBeInstanceOf(EmbeddedPostgresError);
  expect(reasons[4]?.message).toContain('something new');
});

test('no process is left when all is stopped', async () => {
  const { stdout } = await promisify(execFile)('/bin/ps', ['-eo', 'command=']);

  expect(stdout.split('\n').filter((line) => line.includes(folder))).toEqual([]);
});
