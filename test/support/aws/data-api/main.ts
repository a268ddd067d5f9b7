/**
 * The Data API as a process: `main <database URL> [--port <n>] [--roles <JSON>]`. Prints `listening on <port>` when
 * ready, and stops at SIGTERM or SIGINT. Faults are switched at `/_faults`.
 */
import { parseArgs } from 'node:util';
import { startDataApi } from './start-data-api';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, roles: { type: 'string' } },
});
const [databaseUrl] = positionals;
if (databaseUrl === undefined) throw new Error('Say which database: main <database URL>');

const api = await startDataApi({
  databaseUrl,
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values.roles === undefined ? {} : { roles: JSON.parse(values.roles) as Record<string, string> }),
});
console.log(`listening on ${new URL(api.url).port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void api.stop().then(() => process.exit(0)));
}
