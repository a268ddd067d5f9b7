import { openLocalDatabase } from '../../adapters/local/local-database';
import { EXIT } from '../errors';
import { claimHome } from '../local-server/claim-home';
import { openHome } from '../local-server/open-home';
import type { Output } from '../output';
import type { Project } from '../project';

/**
 * `headrace migrate`: applies pending migrations to the embedded database, or to that of DATABASE_URL.
 *
 * @throws {HomeInUseError} a server has the embedded database; it applied them when it started
 */
export async function migrateDatabase(project: Project, output: Output): Promise<number> {
  const { home, environment } = project;
  const databaseUrl = environment.DATABASE_URL;
  openHome(home);
  // One that is not embedded is stopped by nobody, so whoever else uses it stands in no way.
  const giveBack = databaseUrl === undefined ? await claimHome(home, output.note) : () => {};
  try {
    const database = await openLocalDatabase({ home, databaseUrl, onLog: output.note });
    await database.stop();
  } finally {
    giveBack();
  }
  output.result({ migrated: true }, () => output.line('The database’s schema is up to date.'));
  return EXIT.ok;
}
