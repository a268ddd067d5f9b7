import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PACKAGE = 'dagster-graphql==1.13.29';
/** Kept between runs of the tests: installing it takes longer than all that is done with it. */
const DIRECTORY = join(process.cwd(), '.headrace', 'venv-peer');
const INSTALL_TIMEOUT_MS = 240_000;

/** What a call of the client came to. */
export type PeerAnswer =
  | { readonly ok: unknown }
  | { readonly error: readonly string[]; readonly cause: string | null };

export interface PeerSession {
  call(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<PeerAnswer>;
  close(): Promise<void>;
}

/** The interpreter of an environment that holds the published Python client; made by the first who asks. */
export async function installPeerClient(): Promise<string> {
  const python = join(DIRECTORY, 'bin', 'python');
  const marker = join(DIRECTORY, `${PACKAGE}.installed`);
  const lock = `${DIRECTORY}.lock`;
  await mkdir(dirname(DIRECTORY), { recursive: true });
  for (const end = Date.now() + INSTALL_TIMEOUT_MS; !existsSync(marker); ) {
    // Other tests need it too, at the same time, in other processes.
    if (Date.now() > end)
      throw new Error(`${PACKAGE} was not installed in time; is ${lock} of a test that was killed?`);
    const isFirst = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, 200));
    else await install(python, marker).finally(() => rm(lock, { recursive: true }));
  }
  return python;
}

async function install(python: string, marker: string): Promise<void> {
  if (existsSync(marker)) return;
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  await run('python3', ['-m', 'venv', DIRECTORY], { timeout: INSTALL_TIMEOUT_MS });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE], {
    timeout: INSTALL_TIMEOUT_MS,
  });
  await writeFile(marker, '');
}

/** The peer's schema as its published package prints it. */
export async function printPeerSchema(): Promise<string> {
  const program = 'from dagster_graphql.schema import create_schema; print(create_schema())';
  const { stdout } = await run(await installPeerClient(), ['-c', program], { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Starts the client against a port of this machine. */
export function openPeerSession(python: string, port: number): PeerSession {
  const child = spawn(
    python,
    [join(process.cwd(), 'test', 'api', 'dagster-client-session.py'), String(port)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = '';
  child.stderr.on('data', (piece) => {
    complaints += String(piece);
  });
  return {
    async call(method, parameters = {}) {
      child.stdin.write(`${JSON.stringify([method, parameters])}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`The client ended:\n${complaints}`);
      return JSON.parse(value as string) as PeerAnswer;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
