import { AsyncLocalStorage } from 'node:async_hooks';
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { ComputeLogStream } from '../model/compute-log';

/** The step try that some code runs for. */
export interface OutputScope {
  readonly stepKey: string;
  readonly tryNumber: number;
  /** Code of it that still runs is a leftover. */
  isOver: boolean;
}

/** Receives captured bytes; a null scope: written outside any step. */
export type OutputSink = (stream: ComputeLogStream, bytes: Buffer, scope: OutputScope | null) => void;

const scopes = new AsyncLocalStorage<OutputScope>();

/** The step try that the calling code belongs to. */
export function currentScope(): OutputScope | null {
  return scopes.getStore() ?? null;
}

/** Runs code so that what it writes is known to be its own, through all that it awaits and starts. */
export async function runInScope<T>(stepKey: string, tryNumber: number, body: () => Promise<T>): Promise<T> {
  const scope: OutputScope = { stepKey, tryNumber, isOver: false };
  try {
    return await scopes.run(scope, body);
  } finally {
    scope.isOver = true;
  }
}

/**
 * Redirects everything that this process and the processes it starts write to standard output and error.
 * For the life of the process; call before user code is loaded.
 */
export function captureOutput(sink: OutputSink): void {
  captureStream('stdout', sink);
  captureStream('stderr', sink);
  captureSpawned();
  captureSynchronous();
}

function captureStream(stream: ComputeLogStream, sink: OutputSink): void {
  const write = (
    chunk: string | Uint8Array,
    encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const encoding = typeof encodingOrDone === 'string' ? encodingOrDone : 'utf8';
    sink(
      stream,
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk),
      currentScope(),
    );
    const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  };
  process[stream].write = write as NodeJS.WriteStream['write'];
}

interface SpawnOptions {
  stdio?: unknown;
}

/** `spawn`, `exec`, `execFile` and `fork` all end here. */
interface SpawningPrototype {
  spawn(this: childProcess.ChildProcess, options: SpawnOptions): number;
}

/** Output that a started process would inherit is read here instead and written in the step's name. */
function captureSpawned(): void {
  const prototype = childProcess.ChildProcess.prototype as unknown as SpawningPrototype;
  const original = prototype.spawn;
  prototype.spawn = function spawn(options) {
    const scope = currentScope();
    if (scope === null) return original.call(this, options);
    const { stdio, inherited } = withPipes(options.stdio);
    const result = original.call(this, { ...options, stdio });
    for (const stream of inherited) {
      this[stream]?.on('data', (bytes: Buffer) => process[stream].write(bytes));
      // Whoever asked to inherit expects no stream of its own.
      this[stream] = null;
    }
    return result;
  };
}

/** The same for `execSync`, `execFileSync` and `spawnSync`, whose output is written when they return. */
function captureSynchronous(): void {
  const { spawnSync, execFileSync } = childProcess;
  const patched = {
    spawnSync(command: string, ...rest: unknown[]) {
      const options = optionsOf(rest);
      const { stdio, inherited } = withPipes(options?.stdio);
      if (inherited.length === 0) return Reflect.apply(spawnSync, childProcess, [command, ...rest]);
      const result = Reflect.apply(spawnSync, childProcess, [
        command,
        ...replaceOptions(rest, { ...options, stdio }),
      ]);
      for (const stream of inherited) process[stream].write(result[stream] ?? '');
      return result;
    },
    execFileSync(file: string, ...rest: unknown[]) {
      const options = optionsOf(rest);
      const { inherited } = withPipes(options?.stdio);
      if (inherited.length === 0) return Reflect.apply(execFileSync, childProcess, [file, ...rest]);
      const args = Array.isArray(rest[0]) ? (rest[0] as string[]) : [];
      const result = patched.spawnSync(file, args, { ...options, stdio: options?.stdio });
      return throwIfFailed(file, result);
    },
    execSync(command: string, options?: SpawnOptions) {
      return patched.execFileSync(command, [], { stdio: 'pipe', ...options, shell: true } as SpawnOptions);
    },
  };
  Object.assign(childProcess, { spawnSync: patched.spawnSync, execFileSync: patched.execFileSync });
  const { execSync } = childProcess;
  Object.assign(childProcess, {
    execSync: (command: string, options?: SpawnOptions) =>
      withPipes(options?.stdio).inherited.length === 0
        ? Reflect.apply(execSync, childProcess, [command, options])
        : patched.execSync(command, options),
  });
  syncBuiltinESMExports();
}

function throwIfFailed(file: string, result: ReturnType<typeof childProcess.spawnSync>): unknown {
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw Object.assign(new Error(`Command failed: ${file}`), result);
  return result.stdout;
}

function optionsOf(rest: readonly unknown[]): SpawnOptions | undefined {
  return rest.find((each) => typeof each === 'object' && each !== null && !Array.isArray(each)) as
    | SpawnOptions
    | undefined;
}

function replaceOptions(rest: readonly unknown[], options: SpawnOptions): unknown[] {
  return [...rest.filter((each) => Array.isArray(each)), options];
}

/** `stdio` with pipes where the process would inherit standard output or error, and which these are. */
function withPipes(stdio: unknown): {
  readonly stdio: unknown;
  readonly inherited: readonly ComputeLogStream[];
} {
  const list: unknown[] = Array.isArray(stdio) ? [...(stdio as unknown[])] : [stdio, stdio, stdio];
  const inherited: ComputeLogStream[] = [];
  const streams = [
    ['stdout', 1],
    ['stderr', 2],
  ] as const;
  for (const [stream, fd] of streams) {
    const target = list[fd];
    const isInherited =
      target === 'inherit' ||
      target === fd ||
      (target === process[stream] && target !== undefined) ||
      isInherit(target, fd);
    if (!isInherited) continue;
    list[fd] = isInherit(target, fd) ? { type: 'pipe' } : 'pipe';
    inherited.push(stream);
  }
  return inherited.length === 0 ? { stdio, inherited } : { stdio: list, inherited };
}

/** The form to which Node normalises `inherit` in some of its own calls. */
function isInherit(target: unknown, fd: number): boolean {
  if (typeof target !== 'object' || target === null) return false;
  const { type, fd: number } = target as { type?: unknown; fd?: unknown };
  return type === 'inherit' || (type === 'fd' && number === fd);
}
