import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { dumpSchema } from '../../support/dump-schema';
import { createTestDatabase } from '../../support/test-database';

const SCHEMA_FILE = join(import.meta.dirname, '../../../lib/adapters/postgres/schema.sql');

test('schema.sql is what the migrations make', async () => {
  const database = await createTestDatabase();
  const driver = createPgDriver({ url: database.url });
  const current = await dumpSchema(driver);
  await driver.close();
  await database.drop();
  if (process.env.UPDATE_SCHEMA !== undefined) await writeFile(SCHEMA_FILE, current);

  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(current);
});

test('the embedded migrations are what the SQL files say', async () => {
  const { embedMigrations, generatedFile } = await import(
    '../../../lib/adapters/postgres/embed-migrations.mjs'
  );

  expect(await readFile(generatedFile, 'utf8')).toBe(embedMigrations());
});
