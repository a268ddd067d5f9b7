import { RUN_DIRECTORY } from './once';
import { stopTestServer } from './test-server';

export default async function globalTeardown(): Promise<void> {
  const directory = process.env[RUN_DIRECTORY];
  if (directory !== undefined) await stopTestServer(directory);
}
