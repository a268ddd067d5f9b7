#!/usr/bin/env node
/**
 * The first program to run, in plain JavaScript for any Node ≥ 20: brings a fresh clone to the point where the
 * CLI can start (packages, programs, dashboard), then hands over to it on the right Node. In an installed
 * package everything is built already and it only hands over.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const IS_CHECKOUT = existsSync(join(ROOT, 'lib', 'index.ts'));
/** Written after a complete install; holds the lockfile's hash. */
const INSTALL_STAMP = join(ROOT, 'node_modules', '.headrace-install');
/** The oldest Node that the built programs run on when the pinned one is not there (an installed package). */
const OLDEST_NODE = 22;
const REINSTALL = 'Remove node_modules and run the same command again: it installs it anew.';

/** Prints progress on standard error, so that `--json` output stays clean; dimmed where that is a terminal. */
export function progress(message) {
  const line = `· ${message}`;
  process.stderr.write(`${process.stderr.isTTY ? `\x1b[2m${line}\x1b[0m` : line}\n`);
}

/** Installs npm packages when the lockfile changed since the last complete install. */
export function ensurePackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === wanted) return;
  progress('installing npm packages (once; about a minute)');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    fail(
      `npm ci failed (${error?.message ?? `exit ${status}`}): the packages of package-lock.json could not be installed.`,
      'Read npm’s message above; most often the network or a proxy is in the way. Then run the same command again.',
    );
  }
  writeFileSync(INSTALL_STAMP, wanted);
}

/** The Node that everything runs on: the npm package `node` where it is installed, else the current one. */
export function nodeBinary() {
  const program = join('node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // In a checkout packages lie inside of it, in an installed package beside it.
  for (const packages of [join(ROOT, 'node_modules'), dirname(ROOT)]) {
    if (existsSync(join(packages, program))) return join(packages, program);
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    fail(
      `Node ${process.versions.node} is too old: Headrace needs ${OLDEST_NODE} or newer.`,
      'Install a newer Node, or add the npm package "node" to your project (npm install --save-dev node@24).',
    );
  }
  return process.execPath;
}

/** Commands that may execute the dbt code location or the local Snowflake, and so need Python. */
const NEEDS_PYTHON = new Set(['dev', 'build', 'run']);

/** Makes the project's Python environment when its requirements.txt asks for dbt or the local Snowflake. */
async function ensurePython(args) {
  const root = projectRoot(args);
  if (root === undefined) return;
  const { ensurePythonEnvironment, needsPythonEnvironment } = await import('./python-environment.mjs');
  if (!needsPythonEnvironment(root)) return;
  try {
    await ensurePythonEnvironment({ root, log: progress });
  } catch (error) {
    fail(error.message, 'Then run the same command again.');
  }
}

/** The folder with workspace.yaml that the command is about; undefined when there is none, which the CLI explains. */
function projectRoot(args) {
  const at = args.findIndex((word) => word === '-C' || word.startsWith('--project'));
  const named = args[at]?.includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1];
  for (let folder = resolve(at < 0 || named === undefined ? '.' : named); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'workspace.yaml'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Bundles the programs of `bin/` and, for commands that serve it, the dashboard. */
async function buildPrograms() {
  const { buildPrograms: build } = await import('./build-programs.mjs');
  try {
    await build({ root: ROOT, outDirectory: join(ROOT, 'dist'), log: progress });
    // Else it stays, with all that it remembers of the build, as long as the program runs.
    await (await import('esbuild')).stop();
  } catch (error) {
    // esbuild has said on its own what is wrong in the sources.
    const what = error.errors === undefined ? error.message : 'The programs could not be built: see above.';
    fail(what, 'Mend what is named, then run the same command again.');
  }
}

function fail(what, remedy) {
  process.stderr.write(`${what}\n${remedy}\n`);
  process.exit(1);
}

/** Runs a program on the pinned Node, passing signals on, and ends as it ends. */
function handOver(program, args) {
  const node = nodeBinary();
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  // To this process alone (a supervisor, an editor) or, by a terminal, to the whole group: then the program has it
  // twice, which `headrace dev` takes for one request; a later one forces its end. From before it starts: a signal
  // in between would end this process by default, and leave the program behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const child = spawn(
    node,
    ['--enable-source-maps', '--disable-warning=ExperimentalWarning', program, ...args],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
      },
    },
  );
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`, REINSTALL));
  // A shell's way to say that a signal ended a program.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  if (IS_CHECKOUT) {
    ensurePackages();
    await buildPrograms();
  }
  const args = process.argv.slice(2);
  if (args.some((word) => NEEDS_PYTHON.has(word))) await ensurePython(args);
  handOver(join(ROOT, 'dist', 'bin', 'headrace.mjs'), args);
}
