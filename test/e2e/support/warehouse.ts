import { join } from 'node:path';
import { ensurePythonEnvironment } from '../../../bin/python-environment.mjs';
import { ensureKeyPair } from '../../../tools/local-snowflake/key-pair';
import { startLocalSnowflake } from '../../../tools/local-snowflake/start';
import { readTables, type TableContents } from '../../support/read-tables';
import { ROOT } from './product';

/**
 * Reads tables from the warehouse that a product left in its home, once that product has ended.
 *
 * @param keys columns that identify a row, by table
 */
export async function readWarehouse(
  home: string,
  keys: Readonly<Record<string, string>>,
): Promise<Record<string, TableContents>> {
  const { python } = await ensurePythonEnvironment({ root: ROOT });
  const directory = join(home, 'snowflake');
  const pair = await ensureKeyPair(join(directory, 'key'));
  const server = await startLocalSnowflake({
    dataDirectory: join(directory, 'data'),
    python,
    publicKeyFiles: [pair.publicKeyFile],
    databases: ['ANALYTICS'],
  });
  try {
    return await readTables({ ...server, privateKeyFile: pair.privateKeyFile }, keys);
  } finally {
    await server.stop();
  }
}
