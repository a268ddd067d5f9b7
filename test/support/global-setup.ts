import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_DIRECTORY } from './once';

/** Only names the directory; the server starts when a test asks for a database. */
export default async function globalSetup(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-test-'));
  // PostgreSQL runs as another user when jest runs as root, and must be able to enter.
  await chmod(directory, 0o755);
  process.env[RUN_DIRECTORY] = directory;
  process.env.HEADRACE_TEST_PARENT = String(process.pid);
}
