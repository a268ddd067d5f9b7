import { openLocalDatabase } from '../../adapters/local/local-database';
import { EXIT } from '../errors';
import type { Output } from '../output';
import type { Project } from '../project';

/** `headrace migrate`: applies pending migrations to the embedded database, or to that of DATABASE_URL. */
export async function migrateDatabase(project: Project, output: Output): Promise<number> {
  const database = await openLocalDatabase({
    home: project.home,
    databaseUrl: project.environment.DATABASE_URL,
    onLog: output.note,
  });
  await database.stop();
  output.result({ migrated: true }, () => output.line('The database’s schema is up to date.'));
  return EXIT.ok;
}
