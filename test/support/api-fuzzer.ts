import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGE = 'schemathesis==4.32.5';
/** Kept between runs of the tests. */
const DIRECTORY = join(process.cwd(), '.headrace', 'venv-fuzzer');
const INSTALL_TIMEOUT_MS = 240_000;

/** What a command said, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command to its end, or kills it. */
function run(command: string, args: readonly string[], timeout: number): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, cwd: DIRECTORY });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      output += String(piece);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** The program that makes requests from an API's own description. */
export async function installFuzzer(): Promise<string> {
  const program = join(DIRECTORY, 'bin', 'schemathesis');
  const marker = join(DIRECTORY, `${PACKAGE}.installed`);
  if (existsSync(marker)) return program;
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  const steps = [
    ['python3', '-m', 'venv', DIRECTORY],
    [join(DIRECTORY, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', PACKAGE],
  ];
  for (const [command = '', ...args] of steps) {
    const { status, output } = await run(command, args, INSTALL_TIMEOUT_MS);
    if (status !== 0) throw new Error(`${PACKAGE} was not installed: ${output}`);
  }
  await writeFile(marker, '');
  return program;
}

/** Sends made-up requests to an API; ends with status 0 when it never answered with a server error. */
export async function fuzz(
  url: string,
  options: { readonly casesPerOperation: number; readonly seed: number; readonly timeout: number },
): Promise<Ended> {
  const args = [
    ...['run', url, '--phases', 'fuzzing', '--checks', 'not_a_server_error'],
    ...['--max-examples', String(options.casesPerOperation), '--seed', String(options.seed)],
    ...['--suppress-health-check', 'all', '--warnings', 'off', '--request-timeout', '30'],
  ];
  return run(await installFuzzer(), args, options.timeout);
}
