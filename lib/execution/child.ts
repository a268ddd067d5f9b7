import { writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ArtifactStore, LoadedDefinitions } from '../definitions/loaded-definitions';
import { errorSummary, type SerializableError, toSerializableError } from '../model/serializable-error';
import type { Clock } from '../ports/clock';
import { type ChildCalls, FRAME_FD, type FromChild, type OutputHeader, type ToChild } from './child-messages';
import { BundleLoadError, ExecutionError, RunAbortedError } from './errors';
import type { ExecutionHost } from './execution-host';
import { encodeMessage, encodeOutput } from './frames';
import { loadBundle } from './load-bundle';
import { captureOutput, currentScope, runInScope } from './output-capture';
import { watchParent } from './parent-watchdog';
import { executeRun } from './run-executor';

export interface ChildOptions {
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  random(): number;
  /** Environment variables and secrets by name; those that are not set are left out. */
  lookUp: ExecutionHost['lookUp'];
  /** See `ExecutionHost`. */
  readonly knownSecrets: readonly string[];
  /** Remembers the environment variables; what it returns puts them back, whatever user code did to them. */
  keepEnvironment(): () => void;
  /** Where code of a bundle runs; default the folder in which the process was started. */
  directoryOf?(bundlePath: string): string;
  /** Makes breakpoints possible before user code is loaded; returns where a debugger attaches. */
  openInspector?(): string | undefined;
}

/**
 * The process in which user code runs: loads one bundle, then executes one run after another, as its supervisor
 * says over the IPC channel. Everything that it has to say is written to a pipe at once, so that it is told even
 * when the next thing user code does is to end the process.
 */
export function serveChild(options: ChildOptions): void {
  const child = new Child(options);
  watchParent({ killsGroup: true });
  process.on('message', (message: ToChild) => child.receive(message));
  process.on('disconnect', () => process.exit(0));
}

class Child {
  private readonly options: ChildOptions;
  private readonly pending = new Map<number, PromiseWithResolvers<unknown>>();
  private readonly exit = process.exit.bind(process);
  private directory = process.cwd();
  private definitions: LoadedDefinitions | null = null;
  private aborting: AbortController | null = null;
  private calls = 0;
  private serial = 0;

  constructor(options: ChildOptions) {
    this.options = options;
    captureOutput((stream, bytes, scope) => {
      const { stepKey, tryNumber } = scope?.isOver === false ? scope : { stepKey: null, tryNumber: 0 };
      writeAll(encodeOutput({ type: 'output', stream, stepKey, tryNumber } satisfies OutputHeader, bytes));
    });
    this.watchExits();
  }

  receive(message: ToChild): void {
    switch (message.type) {
      case 'load':
        void this.load(message.bundlePath);
        break;
      case 'run':
        void this.run(message);
        break;
      case 'abort':
        this.aborting?.abort(new RunAbortedError(message.why, message.message));
        break;
      case 'answer':
        this.settle(message.id)?.resolve(message.value);
        break;
      case 'refusal':
        this.settle(message.id)?.reject(new ExecutionError(errorSummary(message.error)));
        break;
    }
  }

  private async load(bundlePath: string): Promise<void> {
    const url = this.options.openInspector?.();
    if (url !== undefined) send({ type: 'inspecting', url });
    try {
      this.directory = this.options.directoryOf?.(bundlePath) ?? this.directory;
      process.chdir(this.directory);
      this.definitions = await loadBundle(bundlePath);
      send({ type: 'loaded' });
    } catch (error) {
      const thrown = error instanceof BundleLoadError ? (error.cause ?? error.reason) : error;
      send({ type: 'load-failed', error: toSerializableError(thrown) });
    }
  }

  private async run(message: Extract<ToChild, { type: 'run' }>): Promise<void> {
    const { serial, assignment, attempt, state, onlyStep } = message;
    const aborting = new AbortController();
    this.aborting = aborting;
    this.serial = serial;
    process.chdir(this.directory);
    const restoreEnvironment = this.options.keepEnvironment();
    try {
      if (this.definitions === null) throw new ExecutionError('A run came before its code was loaded.');
      const end = await executeRun({
        definitions: this.definitions,
        assignment,
        attempt,
        state,
        host: this.host(serial),
        signal: aborting.signal,
        onlyStep,
      });
      send({ type: 'ended', serial, end, memory: process.memoryUsage.rss() });
    } catch (error) {
      send({ type: 'broken', serial, error: toSerializableError(error) });
    } finally {
      restoreEnvironment();
    }
  }

  private host(serial: number): ExecutionHost {
    const { artifacts, clock, random, lookUp, knownSecrets } = this.options;
    return {
      emit: (event) => {
        if (serial === this.serial) send({ type: 'event', serial, event });
      },
      claimPoolSlot: (pool, stepKey, priority) => this.call('claim-pool-slot', { pool, stepKey, priority }),
      releasePoolSlot: async (pool, stepKey) => {
        await this.call('release-pool-slot', { pool, stepKey });
      },
      dynamicPartitionKeys: (name) => this.call('dynamic-partition-keys', { name }),
      materializations: (query) => this.call('materializations', query),
      runIsolated: (stepKey) => this.call('run-isolated', { stepKey }),
      canSuspend: true,
      captureOutput: runInScope,
      knownSecrets,
      mask: (secret) => send({ type: 'mask', secret }),
      lookUp,
      artifacts,
      clock,
      random,
      cpus: availableParallelism(),
    };
  }

  private call<K extends keyof ChildCalls>(
    call: K,
    ask: ChildCalls[K]['ask'],
  ): Promise<ChildCalls[K]['answer']> {
    this.calls += 1;
    const id = this.calls;
    const pending = Promise.withResolvers<unknown>();
    this.pending.set(id, pending);
    send({ type: 'call', id, call, ask });
    return pending.promise as Promise<ChildCalls[K]['answer']>;
  }

  private settle(id: number): PromiseWithResolvers<unknown> | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  /** Says why the process ends, while it still can. */
  private watchExits(): void {
    process.exit = ((code?: number | string | null) => {
      const scope = currentScope();
      const shown = code ?? process.exitCode ?? 0;
      const reason =
        scope === null ? `process.exit(${shown}) was called` : `step called process.exit(${shown})`;
      send({ type: 'exiting', reason, stepKey: scope?.stepKey ?? null, error: null });
      this.exit(code);
    }) as typeof process.exit;
    process.on('uncaughtException', (thrown: unknown) => {
      const error: SerializableError = toSerializableError(thrown);
      const scope = currentScope();
      if (scope?.isOver === true) {
        process.stderr.write(`Uncaught after step "${scope.stepKey}" had ended: ${errorSummary(error)}\n`);
        return;
      }
      const reason = `uncaught error: ${errorSummary(error)}`;
      process.stderr.write(`${error.stack ?? errorSummary(error)}\n`);
      send({ type: 'exiting', reason, stepKey: scope?.stepKey ?? null, error });
      this.exit(70);
    });
  }
}

function send(message: FromChild): void {
  writeAll(encodeMessage(message));
}

/** Waits while the pipe is full; ends the process when nobody reads it any more. */
function writeAll(bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(FRAME_FD, bytes, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') process.kill(process.pid, 'SIGKILL');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
