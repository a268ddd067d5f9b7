import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDist } from '../../support/build-dist';
import { takeTurn } from '../../support/once';

/** The repository, whose own project the product runs. */
export const ROOT = process.cwd();
/** The built command line. */
export const PROGRAM = join(ROOT, 'dist', 'bin', 'headrace.mjs');

/** How a process of the product ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the product. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as its standard output matches; rejects if it ends before that. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** What it wrote to its standard error so far. */
  readonly stderr: () => string;
}

/** The whole product, built, with a home of its own: its database, warehouse, bundles and logs. */
export interface Product {
  readonly home: string;
  start(args: readonly string[], options?: StartOptions): Running;
  dispose(): Promise<void>;
}

interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** In a process group of its own, which `process.kill(-pid)` reaches. */
  readonly detached?: boolean;
}

/** Builds the programs and makes an empty home. */
export async function buildProduct(): Promise<Product> {
  await buildDist();
  // Inside the project: bundles find its node_modules, and the database's own user may enter.
  const home = await mkdtemp(join(ROOT, '.headrace-e2e-'));
  await chmod(home, 0o755);
  return {
    home,
    start: (args, options = {}) => start(home, args, options),
    dispose: () => rm(home, { recursive: true, force: true }),
  };
}

/**
 * The same for a suite that runs the repository's own project, into whose folder `dbt parse` writes: one at a time.
 * May take as long as the suite before.
 */
export async function buildOwnProduct(): Promise<Product> {
  const passOn = await takeTurn('own-project');
  const product = await buildProduct().catch(async (error: unknown) => {
    await passOn();
    throw error;
  });
  const dispose = (): Promise<void> => product.dispose().finally(passOn);
  return { ...product, dispose };
}

function start(home: string, args: readonly string[], options: StartOptions): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM, ...args], {
    cwd: ROOT,
    env: { ...process.env, HEADRACE_HOME: home, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout);
        if (found === null) return;
        child.stdout.off('data', look);
        resolve(found);
      };
      child.stdout.on('data', look);
      look();
      void ended.then((end) =>
        reject(new Error(`It ended (${end.code ?? end.signal}) before ${pattern}:\n${stdout}\n${stderr}`)),
      );
    });
  return { child, ended, until, stderr: () => stderr };
}
