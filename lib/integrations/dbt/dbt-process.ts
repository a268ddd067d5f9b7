import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { makeScratchDirectory } from '../../ingestion/scratch-directory';
import { type DbtNodeResult, parseDbtLogLine } from './dbt-log';
import { DbtBuildError, DbtError, type DbtExit, type DbtFailure } from './errors';
import { type PartialParse, partialParse } from './partial-parse';
import type { DbtCommand } from './plan-commands';

/** One `dbt build` or `dbt test`. */
export interface DbtCommandOptions extends DbtCommand {
  /** Path of the dbt program. */
  readonly program: string;
  readonly projectDirectory: string;
  readonly profilesDirectory: string;
  readonly target?: string | undefined;
  readonly fullRefresh?: boolean | undefined;
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** The child's whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** What dbt says to people, line by line. */
  readonly onMessage: (level: string, text: string) => void;
}

/** Statuses that fail the build. `skipped` follows from another failure. */
const FAILED = new Set(['error', 'fail', 'runtime error', 'partial success']);
/** Time that dbt gets after Ctrl-C to cancel its queries. */
const INTERRUPT_GRACE_MS = 10_000;
const LAST_LINES = 12;

/**
 * Runs dbt in a process of its own and yields each node's result as it ends.
 *
 * @throws {DbtBuildError} after the last result, when any node failed or dbt itself did
 * @throws the signal's reason when aborted; dbt is interrupted first, so that it cancels its queries
 */
export async function* runDbt(options: DbtCommandOptions): AsyncIterable<DbtNodeResult> {
  const scratch = await makeScratchDirectory('headrace-dbt');
  try {
    const parse = await partialParse(options.projectDirectory, scratch, options.environment);
    const environment = { ...options.environment, ...parse.environment };
    yield* spawnDbt({ ...options, environment }, argumentsOf(options, scratch, parse));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function argumentsOf(options: DbtCommandOptions, scratch: string, parse: PartialParse): string[] {
  return [
    ...['--log-format', 'json', '--log-level', 'debug', '--log-path', scratch, '--no-use-colors'],
    ...[
      options.command,
      '--project-dir',
      options.projectDirectory,
      '--profiles-dir',
      options.profilesDirectory,
    ],
    // Artifacts go to a folder of this run's own: two runs of one project must not overwrite each other's.
    ...['--target-path', scratch],
    ...parse.args,
    ...(options.target === undefined ? [] : ['--target', options.target]),
    ...(options.fullRefresh === true && options.command === 'build' ? ['--full-refresh'] : []),
    ...(options.vars === undefined ? [] : ['--vars', JSON.stringify(options.vars)]),
    // Tests are named one by one: dbt must not add those of nodes that were not asked for.
    ...(options.select === null ? [] : ['--indirect-selection', 'empty', '--select', ...options.select]),
  ];
}

async function* spawnDbt(options: DbtCommandOptions, args: readonly string[]): AsyncIterable<DbtNodeResult> {
  options.signal.throwIfAborted();
  const environment = { ...options.environment, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
  const child = spawn(options.program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<DbtExit>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(options.program, error)));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  // Awaited below; until then a failure to start must not count as unhandled.
  ended.catch(() => {});
  let kill: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    // A second Ctrl-C would keep dbt from cancelling its queries.
    if (kill !== undefined) return;
    child.kill('SIGINT');
    kill = setTimeout(() => child.kill('SIGKILL'), INTERRUPT_GRACE_MS);
  };
  options.signal.addEventListener('abort', interrupt, { once: true });
  const failures: DbtFailure[] = [];
  const lastLines: string[] = [];
  const say = (level: string, text: string): void => {
    lastLines.push(text);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    options.onMessage(level, text);
  };
  createInterface({ input: child.stderr }).on('line', (line) => say('error', line));
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const parsed = parseDbtLogLine(line);
      if (parsed.kind === 'message') say(parsed.level, parsed.text);
      if (parsed.kind !== 'node-finished') continue;
      const { uniqueId, status, message } = parsed.result;
      if (FAILED.has(status)) failures.push({ uniqueId, status, message: message ?? 'dbt gave no message' });
      yield parsed.result;
    }
    const exit = await ended;
    options.signal.throwIfAborted();
    if (exit.code !== 0) throw new DbtBuildError(failures, exit, lastLines);
  } finally {
    options.signal.removeEventListener('abort', interrupt);
    // The consumer stopped early: leave no dbt behind.
    if (child.exitCode === null && child.signalCode === null) interrupt();
    child.stdout.resume();
    await ended.catch(() => {});
    clearTimeout(kill);
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): DbtError {
  return new DbtError(
    error.code === 'ENOENT'
      ? `dbt was not found at "${program}". \`npm start\` installs it from requirements.txt; elsewhere set HEADRACE_DBT to its path.`
      : `dbt could not be started (${program}): ${error.message}`,
    { cause: error },
  );
}
