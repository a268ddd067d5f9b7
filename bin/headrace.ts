/** The CLI: `npx headrace`. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainFailure } from '../lib/cli/explain-failure';
import { written } from '../lib/cli/output';
import { createProgram } from '../lib/cli/program';
import { findPython, needsPythonEnvironment } from './python-environment.mjs';

const distribution = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(distribution, '..', 'package.json'), 'utf8')) as {
  version: string;
};
let exitCode = 0;
// Nobody reads on, as in `headrace logs <run> | head`: what `headrace dev` started is stopped, all else just ends.
process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.stdout.on('error', () => {});
  if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
  else process.exit(128 + constants.signals.SIGPIPE);
});
const program = createProgram({
  distribution,
  version,
  python: { isNeeded: needsPythonEnvironment, find: findPython },
  onExitCode: (code) => (exitCode = code),
});
try {
  await program.parseAsync();
} catch (error) {
  const explained = explainFailure(error);
  if (explained.text !== '') process.stderr.write(`${explained.text}\n`);
  exitCode = explained.exitCode;
}
await Promise.all([process.stdout, process.stderr].map(written));
process.exit(exitCode);
