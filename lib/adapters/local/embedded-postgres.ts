import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, explainFailure } from './embedded-postgres-error';
import {
  choosePort,
  findOwner,
  findProcess,
  type PostgresBinaries,
  type ProcessOwner,
  postgresBinaries,
  run,
} from './embedded-postgres-process';

const SUPERUSER = 'headrace';
const PASSWORD_FILE = 'headrace_password';
const LOG_FILE = 'headrace_server.log';
const PORT_TRIES = 5;
/** Processes of a killed server end with their statement. */
const STOPPING_TRIES = 40;
/** Milliseconds. */
const STOPPING_PAUSE = 250;

export interface EmbeddedPostgresOptions {
  /** Data directory; created when absent. One server at a time serves it. */
  readonly dataDirectory: string;
  /** Default: a free one (the port of the server that already runs there, if any). */
  readonly port?: number;
  /** False gives up crash safety for speed: tests only. Default true. */
  readonly fsync?: boolean;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Connection string of the superuser for a database of this server. */
  url(database: string): string;
  /** Stops the server, ending its connections; no error when it has stopped already. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the binaries in node_modules over `dataDirectory`, listening on 127.0.0.1 only, with a
 * random password that is kept in the data directory (mode 600). The server is a process of its own: if this
 * process dies, the next call adopts the server that was left.
 *
 * As root, which PostgreSQL refuses, the server runs as the owner of the data directory, `postgres` or `nobody`.
 *
 * @throws {EmbeddedPostgresError} saying what stands in the way: full disk, taken port, other version, permissions
 * @example const server = await startEmbeddedPostgres({ dataDirectory: '.headrace/postgres_data' });
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = postgresBinaries();
  const { dataDirectory } = options;
  const exists = await readMajorVersion(dataDirectory);
  if (exists !== undefined && exists !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      'version-mismatch',
      dataDirectory,
      `${dataDirectory} was made by PostgreSQL ${exists}, but this version of Headrace brings PostgreSQL ${binaries.majorVersion}. Move the directory away to start empty, or start the earlier version of Headrace once more and dump its data.`,
    );
  }
  const owner = await findOwner(dataDirectory);
  if (exists === undefined) await initialise(binaries, dataDirectory, owner);
  const password = (await readFile(join(dataDirectory, PASSWORD_FILE), 'utf8')).trim();

  const left = await findRunning(dataDirectory);
  const { port, pid } = left ?? (await launch(binaries, options, owner));
  return {
    port,
    pid,
    url: (database) =>
      `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: () => stop(binaries, dataDirectory, owner),
  };
}

async function readMajorVersion(dataDirectory: string): Promise<string | undefined> {
  return readFile(join(dataDirectory, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** Made beside its final place and renamed, so that a directory under the final name is always complete. */
async function initialise(
  binaries: PostgresBinaries,
  dataDirectory: string,
  owner: ProcessOwner | undefined,
) {
  const making = `${dataDirectory}.new`;
  const passwordFile = `${dataDirectory}.password`;
  try {
    await mkdir(dirname(dataDirectory), { recursive: true });
    await rm(making, { recursive: true, force: true });
    await mkdir(making, { mode: 0o700 });
    await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (owner !== undefined) {
      await chown(making, owner.uid, owner.gid);
      await chown(passwordFile, owner.uid, owner.gid);
    }
    const result = await run(
      binaries.initdb,
      [
        `--pgdata=${making}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order and case rules on every machine, whatever locales it has.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
      ],
      owner,
    );
    if (result.exitCode !== 0) throw explainFailure('initdb', dataDirectory, result.output);
    await rename(passwordFile, join(making, PASSWORD_FILE));
    await chmod(join(making, PASSWORD_FILE), 0o600);
    await rename(making, dataDirectory);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    if (error instanceof EmbeddedPostgresError) throw error;
    throw explainFailure('initdb', dataDirectory, String(error), error);
  }
}

interface Running {
  readonly pid: number;
  readonly port: number;
}

/**
 * The server that already serves the directory. Clears a lock file whose process id belongs to another program now,
 * which PostgreSQL would take for a server. It judges every other one better itself: by the lock file alone it knows
 * whether processes of a killed server are still at the data.
 */
async function findRunning(dataDirectory: string): Promise<Running | undefined> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  const lines = await readFile(lockFile, 'utf8').then(
    (text) => text.split('\n'),
    () => undefined,
  );
  if (lines === undefined) return undefined;
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  const process = Number.isInteger(pid) ? await findProcess(pid) : 'none';
  if (process === 'postgres') return { pid, port };
  if (process === 'other') await rm(lockFile, { force: true });
  return undefined;
}

async function launch(
  binaries: PostgresBinaries,
  options: EmbeddedPostgresOptions,
  owner: ProcessOwner | undefined,
): Promise<Running> {
  const { dataDirectory } = options;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await choosePort());
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      // No socket file: its path may be longer than the system allows.
      'unix_socket_directories=',
      // Queries here are short; compiling them costs more than it gains.
      'jit=off',
      ...(options.fsync === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
    ];
    const logFile = join(dataDirectory, LOG_FILE);
    await rm(logFile, { force: true });
    const result = await run(
      binaries.pgCtl,
      [
        'start',
        '--wait',
        '--timeout=60',
        `--pgdata=${dataDirectory}`,
        `--log=${logFile}`,
        `--options=${settings.map((setting) => `-c ${setting}`).join(' ')}`,
      ],
      owner,
    );
    if (result.exitCode === 0) {
      const running = await findRunning(dataDirectory);
      if (running !== undefined) return running;
    }
    const log = await readFile(logFile, 'utf8').catch(() => '');
    const failure = explainFailure('start', dataDirectory, `${result.output}\n${log}`);
    if (failure.reason === 'still-stopping' && attempt < STOPPING_TRIES) {
      await sleep(STOPPING_PAUSE);
      continue;
    }
    const mayRetry = failure.reason === 'port-in-use' && options.port === undefined && attempt < PORT_TRIES;
    if (!mayRetry) throw failure;
  }
}

async function stop(binaries: PostgresBinaries, dataDirectory: string, owner: ProcessOwner | undefined) {
  const present = await stat(dataDirectory).catch(() => undefined);
  if (present === undefined || (await findRunning(dataDirectory)) === undefined) return;
  const result = await run(
    binaries.pgCtl,
    ['stop', '--wait', '--timeout=60', '--mode=fast', `--pgdata=${dataDirectory}`],
    owner,
  );
  if (result.exitCode !== 0 && (await findRunning(dataDirectory)) !== undefined) {
    throw explainFailure('stop', dataDirectory, result.output);
  }
}
