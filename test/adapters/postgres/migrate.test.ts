import { randomUUID } from 'node:crypto';
import type { Driver } from '../../../lib/adapters/postgres/driver';
import { checksum, migrate, pendingMigrations } from '../../../lib/adapters/postgres/migrate';
import type { Migration } from '../../../lib/adapters/postgres/migration';
import { MIGRATIONS } from '../../../lib/adapters/postgres/migrations.generated';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { aMaterialization } from '../../contracts/storage-builders';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;
let driver: Driver;
beforeAll(async () => {
  database = await createTestDatabase();
  driver = createPgDriver({ url: database.url });
});
afterAll(async () => {
  await driver.close();
  await database.drop();
});

const aMigration = (over: Partial<Migration> = {}): Migration => ({
  id: 1,
  name: 'first',
  breaking: false,
  sql: 'select 1',
  ...over,
});
const applied = (migration: Migration) => ({ ...migration, checksum: checksum(migration) });

/** An empty database beside the test's own. */
async function withEmptyDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await driver.query(`create database ${name} template template0`);
  try {
    return await use(database.url.replace(/[^/]*$/, name));
  } finally {
    await driver.query(`drop database ${name} with (force)`);
  }
}

test('migrations stand in the order of their numbers, each number once', () => {
  const ids = MIGRATIONS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test('a migrated database has nothing pending', async () => {
  expect(await migrate(driver)).toEqual([]);
});

test('processes that migrate an empty database at once apply each migration once', async () => {
  await withEmptyDatabase(async (url) => {
    const drivers = Array.from({ length: 4 }, () => createPgDriver({ url }));

    await Promise.all(drivers.map((each) => migrate(each)));

    const ids = await drivers[0]?.query('select to_json(id) from headrace.migrations order by id');
    expect(ids).toEqual(MIGRATIONS.map(({ id }) => id));
    await Promise.all(drivers.map((each) => each.close()));
  });
});

test('a migration that fails leaves nothing of itself behind, and those before it in place', async () => {
  const next = Math.max(...MIGRATIONS.map(({ id }) => id)) + 1;
  const good = aMigration({ id: next, name: 'good', sql: 'create table headrace.good (a int)' });
  const bad = aMigration({
    id: next + 1,
    name: 'bad',
    sql: 'create table headrace.bad (a int); select nonsense',
  });
  await withEmptyDatabase(async (url) => {
    const own = createPgDriver({ url });

    await expect(migrate(own, [...MIGRATIONS, good, bad])).rejects.toThrow(/nonsense/);

    const tables = await own.query(`select to_json(relname) from pg_class where relname in ('good', 'bad')`);
    expect(tables).toEqual(['good']);
    expect(await migrate(own, [...MIGRATIONS, good])).toEqual([]);
    await own.close();
  });
});

test('code runs against a newer schema unless that is marked as breaking', () => {
  const known = aMigration();
  const newer = aMigration({ id: 2, name: 'newer' });

  expect(pendingMigrations([known], [applied(known), applied(newer)])).toEqual([]);
  expect(() => pendingMigrations([known], [applied(known), applied({ ...newer, breaking: true })])).toThrow(
    expect.objectContaining({ migration: 2, message: expect.stringContaining('cannot run against') }),
  );
});

test('a migration that was edited after it was applied is refused', () => {
  const before = aMigration();

  expect(() => pendingMigrations([aMigration({ sql: 'select 2' })], [applied(before)])).toThrow(
    /was edited after/,
  );
});

test('monthly partitions take over what the default one held, and old ones are dropped', async () => {
  const storage = createPostgresStorage({ driver });
  const months = `select to_json(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'headrace.events'::regclass order by c.relname`;
  const before = await driver.query<string>(months);
  const [current = ''] = before.filter((name) => /\d$/.test(name));
  await driver.query(`drop table headrace.${current}`);
  await storage.appendSystemEvents(null, [aMaterialization('x')]);
  const inDefault = 'select to_json(count(*)) from headrace.events_default';
  expect(await driver.query(inDefault)).toEqual([1]);

  await driver.query('select to_json(headrace.create_event_partitions(3))');

  expect(await driver.query(months)).toEqual(before);
  expect(await driver.query(inDefault)).toEqual([0]);
  expect(await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 5 })).toHaveLength(1);
  const afterNextMonth = Date.now() + 62 * 24 * 3600 * 1000;
  const [dropped] = await driver.query<number>('select to_json(headrace.drop_event_partitions($1::bigint))', [
    afterNextMonth,
  ]);
  expect(dropped).toBeGreaterThanOrEqual(1);
  expect(await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 5 })).toEqual([]);
});
