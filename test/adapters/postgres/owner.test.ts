import { ensureLoginUser } from '../../../lib/adapters/postgres/login-users';
import { migrate } from '../../../lib/adapters/postgres/migrate';
import { MIGRATIONS } from '../../../lib/adapters/postgres/migrations.generated';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createEmptyDatabase, type TestDatabase } from '../../support/test-database';

/**
 * What Aurora's first user has: it may make roles, and is no superuser. Of the roles that it makes PostgreSQL 16 and
 * later let it grant membership; those here were made by somebody else already, as they are of the whole server.
 */
const AS_ON_AURORA = `
create role test_owner login createrole nosuperuser password 'test';
grant headrace_app, headrace_worker to test_owner with admin true, inherit false, set false;
alter database owned owner to test_owner;`;

let database: Pick<TestDatabase, 'url' | 'drop'>;
const driverOf = (username?: string) => {
  const url = new URL(database.url);
  if (username !== undefined) Object.assign(url, { username, password: 'test' });
  return createPgDriver({ url: url.href, maxConnections: 1 });
};

async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const driver = driverOf();
  for (const statement of statements) await driver.query(statement);
  await driver.close();
}

beforeAll(async () => {
  database = await createEmptyDatabase('owned');
  for (const statement of AS_ON_AURORA.split(';\n')) await asSuperuser(statement);
});
afterAll(async () => {
  await database.drop();
});

test('An owner who is no superuser makes the schema and its users, and again where they are', async () => {
  const owner = driverOf('test_owner');
  expect(await owner.query('select to_json(rolsuper) from pg_roles where rolname = current_user')).toEqual([
    false,
  ]);

  expect(await migrate(owner)).toHaveLength(MIGRATIONS.length);
  expect(await migrate(owner)).toEqual([]);
  for (const round of [1, 2]) {
    await ensureLoginUser(owner, { username: 'test_login', password: 'test', role: 'headrace_worker' });
    const user = driverOf('test_login');
    expect([round, await user.query('select to_json(current_user)')]).toEqual([round, ['test_login']]);
    await expect(user.query('select to_json(count(*)) from headrace.runs')).rejects.toThrow(
      /permission denied/,
    );
    await user.close();
  }
  await owner.close();
});
