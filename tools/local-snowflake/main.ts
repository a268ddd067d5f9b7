import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePythonEnvironment } from '../../bin/python-environment.mjs';
import { ensureKeyPair } from './key-pair';
import { startLocalSnowflake } from './start';

/**
 * The Snowflake stand-in as a development service: makes what it needs, says `listening on <port>`, and ends when
 * its standard input closes or it is told to.
 */
const { values } = parseArgs({
  options: { home: { type: 'string', default: '.headrace' }, port: { type: 'string', default: '0' } },
});
const root = process.cwd();
const directory = join(values.home, 'snowflake');
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const { python } = await ensurePythonEnvironment({ root, log });
const keys = await ensureKeyPair(join(directory, 'key'));
const server = await startLocalSnowflake({
  dataDirectory: join(directory, 'data'),
  python,
  port: Number(values.port),
  publicKeyFiles: [keys.publicKeyFile],
  // No database may be called like a schema of another: the engine underneath takes 'RAW.x' for either.
  databases: ['ANALYTICS'],
  serverFile: join(root, 'tools', 'local-snowflake', 'server', 'main.py'),
  log,
});
process.stdout.write(`local Snowflake (a stand-in for development) listening on ${server.port}\n`);

const stop = (): void => {
  void server.stop().finally(() => process.exit(0));
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
process.stdin.once('end', stop).resume();
