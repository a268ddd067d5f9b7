import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { DevelopmentServiceSettings } from '../../settings/sections/development';
import { CliError, EXIT } from '../errors';

export interface RunningService {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** What code locations and workers get. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A service says this on a line of its standard output once it can be used. */
const READY = /listening on (?:\S*:)?(\d+)/;
const START_TIMEOUT_MS = 90_000;
const STOP_GRACE_MS = 2_000;

/**
 * Starts a service and waits until it says `listening on <port>`. It gets a pipe as standard input and must end
 * when that closes, so that none outlives a killed `headrace dev`.
 *
 * @throws {CliError} when it ends or stays silent, with the last lines it printed
 */
export async function startDevelopmentService(
  service: DevelopmentServiceSettings,
  options: {
    readonly root: string;
    readonly placeholders: Readonly<Record<string, string>>;
    readonly logFile: string;
  },
): Promise<RunningService> {
  const [program, ...args] = service.command.map((part) => fill(part, options.placeholders));
  if (program === undefined) throw new CliError(`dev.services.${service.name}: command is empty.`);
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'w' });
  const child = spawn(program, args, { cwd: options.root, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(log, { end: false });
  const port = await untilReady(service.name, child, log, options.logFile);
  const placeholders = { ...options.placeholders, port: String(port) };
  return {
    name: service.name,
    port,
    pid: child.pid ?? 0,
    environment: Object.fromEntries(
      Object.entries(service.environment).map(([name, value]) => [name, fill(value, placeholders)]),
    ),
    stop: () => stop(child),
  };
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function untilReady(
  name: string,
  child: ChildProcess,
  log: NodeJS.WritableStream,
  logFile: string,
): Promise<number> {
  const tail: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      const said = tail.length > 0 ? `\nIts last lines:\n  ${tail.join('\n  ')}` : '';
      reject(
        new CliError(`The development service "${name}" ${what}.${said}`, {
          exitCode: EXIT.system,
          remedy: `See ${logFile}; \`npx headrace doctor\` checks what it needs. To use the real service, set its variables in .env.`,
          cause,
        }),
      );
    };
    const timer = setTimeout(
      () => fail(`did not get ready within ${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    child.once('error', (error) => fail(`could not be started (${error.message})`, error));
    child.once('exit', (code, signal) => fail(`ended (${signal ?? `exit ${code}`}) before it was ready`));
    const remember = (line: string): void => {
      tail.push(line);
      if (tail.length > 8) tail.shift();
    };
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', remember);
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      remember(line);
      const port = READY.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(Number(port));
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
