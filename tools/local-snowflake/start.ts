import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How to start the server. */
export interface LocalSnowflakeOptions {
  /** Databases and stages are kept here; one server at a time may use it. */
  readonly dataDirectory: string;
  /** Interpreter with requirements.txt installed, as `ensurePythonEnvironment` returns it. */
  readonly python: string;
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined;
  /** Registered public keys, PEM; several users by name, or files for the user `HEADRACE`. */
  readonly publicKeyFiles: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** Account identifier that clients must name. Default `LOCAL`. */
  readonly account?: string | undefined;
  /** Databases created when missing. Default `RAW` and `ANALYTICS`. */
  readonly databases?: readonly string[] | undefined;
  /** An idle transaction that blocks another writer is rolled back after this time. Default 10 s. */
  readonly idleTransactionSeconds?: number | undefined;
  /** DuckDB's memory limit, e.g. `2GB`, the default. */
  readonly memoryLimit?: string | undefined;
  /** The server's `main.py`, when this module is bundled elsewhere. Default: beside this file. */
  readonly serverFile?: string | undefined;
  /** Called with each line that the server writes. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A server that answers requests. */
export interface LocalSnowflake {
  readonly port: number;
  /** For the Node driver's `accessUrl`. */
  readonly url: string;
  readonly account: string;
  readonly user: string;
  readonly pid: number;
  /** Stops it and waits until its files are closed; safe to call twice. */
  stop(): Promise<void>;
}

/** The server did not start; the message holds what it wrote. */
export class LocalSnowflakeError extends Error {
  override name = 'LocalSnowflakeError';
}

const DEFAULT_ACCOUNT = 'LOCAL';
const DEFAULT_USER = 'HEADRACE';
const DEFAULT_DATABASES = ['RAW', 'ANALYTICS'];
// Imports alone take two seconds on a busy machine, and a crashed server replays its log first.
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts the Snowflake-compatible development server (a stand-in: loopback only, never shipped) and resolves once
 * it answers. It stops by itself when this process ends, however it ends.
 *
 * @throws {LocalSnowflakeError} it ended, or did not answer within a minute
 * @example
 * const server = await startLocalSnowflake({ dataDirectory: '.headrace/snowflake', python, publicKeyFiles: ['key.pub'] });
 */
export async function startLocalSnowflake(options: LocalSnowflakeOptions): Promise<LocalSnowflake> {
  await mkdir(options.dataDirectory, { recursive: true });
  const account = options.account ?? DEFAULT_ACCOUNT;
  const users = publicKeysByUser(options.publicKeyFiles);
  const child = spawn(options.python, serverArguments(options, account, users), {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const port = await whenListening(child, options.log ?? (() => {}));
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    account,
    user: Object.keys(users)[0] ?? DEFAULT_USER,
    // biome-ignore lint/style/noNonNullAssertion: a child that printed its port was started and has a pid
    pid: child.pid!,
    stop: () => stop(child),
  };
}

function publicKeysByUser(
  files: LocalSnowflakeOptions['publicKeyFiles'],
): Readonly<Record<string, readonly string[]>> {
  return Array.isArray(files)
    ? { [DEFAULT_USER]: files }
    : (files as Readonly<Record<string, readonly string[]>>);
}

function serverArguments(
  options: LocalSnowflakeOptions,
  account: string,
  users: Readonly<Record<string, readonly string[]>>,
): string[] {
  const server = options.serverFile ?? fileURLToPath(new URL('./server/main.py', import.meta.url));
  const keys = Object.entries(users).flatMap(([user, files]) => files.map((file) => `${user}=${file}`));
  return [
    // Unbuffered output, and no bytecode files beside the sources.
    ...['-u', '-B', server],
    '--stop-with-parent',
    ...['--data-directory', options.dataDirectory],
    ...['--port', String(options.port ?? 0)],
    ...['--account', account],
    ...keys.flatMap((entry) => ['--user', entry]),
    ...(options.databases ?? DEFAULT_DATABASES).flatMap((name) => ['--database', name]),
    ...(options.idleTransactionSeconds === undefined
      ? []
      : ['--idle-transaction-seconds', String(options.idleTransactionSeconds)]),
    ...(options.memoryLimit === undefined ? [] : ['--memory-limit', options.memoryLimit]),
  ];
}

function whenListening(child: ChildProcess, log: (line: string) => void): Promise<number> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr)
    throw new LocalSnowflakeError('The local Snowflake server was started without pipes');
  return new Promise((resolve, reject) => {
    const written: string[] = [];
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(
        new LocalSnowflakeError(`The local Snowflake server did not start: ${reason}\n${written.join('\n')}`),
      );
    };
    const timer = setTimeout(() => fail(`no answer within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`it ended with ${signal ?? `exit code ${code}`}`));
    createInterface(stderr).on('line', (line) => {
      written.push(line);
      if (written.length > 50) written.shift();
      log(line);
    });
    createInterface(stdout).on('line', (line) => {
      log(line);
      const listening = /^listening on (\d+)$/.exec(line);
      if (!listening) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(Number(listening[1]));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
