import { migrate } from '../../../lib/adapters/postgres/migrate';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createTestDatabase } from '../../support/test-database';

test('a migrated database has nothing pending', async () => {
  const database = await createTestDatabase();
  const driver = createPgDriver({ url: database.url });
  expect(await migrate(driver)).toEqual([]);
  await driver.close();
  await database.drop();
});
