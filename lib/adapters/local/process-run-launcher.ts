import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { environmentForWorker } from '../../environment';
import type {
  BundleLocation,
  FromWorkerPool,
  PoolTask,
  ToWorkerPool,
} from '../../model/worker-pool-messages';
import { PortError } from '../../ports/errors';
import type { LaunchRequest, RunLauncher, TaskExit } from '../../ports/run-launcher';
import { type OutputSink, readOutput, toStandardError } from '../system/process-output';
import { confirmGone, WorkerPoolRecord } from './worker-pool-record';

/** Milliseconds that a stopped attempt gets (its own grace is 10 s) before it is killed, and then its pool. */
const STOP_PATIENCE = { kill: 20_000, killPool: 25_000 };

/** Beside what the workers write: which processes they are. */
const RECORD_FILE = 'worker_pool.json';

/** Ended tasks that are remembered by their client token. */
const REMEMBERED_TASKS = 1_000;

export interface ProcessRunLauncherOptions {
  /** Path of the built worker program. */
  readonly workerEntry: string;
  /** Connection string for the worker's role. */
  readonly databaseUrl: string;
  /** Folder of bundles, logs and artifacts. */
  readonly objectStore: string;
  /** Whether what user code prints is kept; default true. */
  readonly keepsOutput?: boolean;
  /** Working directory of user code; default this process's. */
  readonly directory?: string;
  /** Path of a built bundle's `bundle.mjs`. */
  bundlePath(location: string, bundleHash: string): Promise<string> | string;
  /** A run in progress gave back what a queued run waits for; default nothing. */
  onDequeueRequest?(): void;
  /** Where goes what a pool process itself says; default this process's standard error. */
  openOutput?(): OutputSink;
}

/** The launcher with what only a laptop needs of it. */
export interface ProcessRunLauncher extends RunLauncher {
  /** Loads new code into a warm child before a run asks for it. */
  warm(location: string, bundleHash: string): Promise<void>;
  /** Interrupts all runs and ends the pool; resolves when its processes are gone. */
  close(): Promise<void>;
}

/** Launches runs in warm child processes, all served by one pool process. */
export function createProcessRunLauncher(options: ProcessRunLauncherOptions): ProcessRunLauncher {
  let pool: PoolProcess | null = null;
  let isClosed = false;
  const tasks = new Map<string, Promise<TaskExit>>();
  const record = new WorkerPoolRecord(join(options.objectStore, RECORD_FILE), options.workerEntry);

  function currentPool(): PoolProcess {
    if (isClosed) throw new PortError('permanent', 'The run launcher is closed.');
    if (pool === null || !pool.isAlive) pool = new PoolProcess(options, record);
    return pool;
  }

  async function launch(request: LaunchRequest, signal: AbortSignal): Promise<TaskExit> {
    const { runId, attempt, location, bundleHash, maxRuntimeSeconds } = request;
    const [path] = await Promise.all([options.bundlePath(location, bundleHash), record.formerGone]);
    const running = currentPool();
    const task = { runId, attempt };
    const ended = running.run({
      type: 'run',
      task,
      token: request.attemptToken,
      bundle: { hash: bundleHash, path },
      maxRuntimeSeconds,
    });
    const stop = (): void => void running.stop(task, reasonOf(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    return ended.finally(() => signal.removeEventListener('abort', stop));
  }

  return {
    run(request, signal) {
      const known = tasks.get(request.clientToken);
      if (known !== undefined) return known;
      const task = launch(request, signal);
      tasks.set(request.clientToken, task);
      task.catch(() => tasks.delete(request.clientToken));
      const [oldest] = tasks.size > REMEMBERED_TASKS ? tasks.keys() : [];
      if (oldest !== undefined) tasks.delete(oldest);
      return task;
    },
    async stop(runId, attempt) {
      await record.formerGone;
      await pool?.stop({ runId, attempt }, 'stopped by the run launcher');
    },
    async warm(location, bundleHash) {
      const path = await options.bundlePath(location, bundleHash);
      currentPool().warm({ hash: bundleHash, path });
    },
    async close() {
      isClosed = true;
      await pool?.close();
      record.forget();
    },
  };
}

function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason ?? 'stopped');
}

/** One pool process and the attempts that it serves. */
class PoolProcess {
  private readonly process: ChildProcess;
  private readonly running = new Map<string, PromiseWithResolvers<TaskExit>>();
  private readonly gone: Promise<void>;
  private children: readonly number[] = [];
  private readonly options: ProcessRunLauncherOptions;
  private readonly record: WorkerPoolRecord;

  constructor(options: ProcessRunLauncherOptions, record: WorkerPoolRecord) {
    this.options = options;
    this.record = record;
    const { workerEntry, databaseUrl, objectStore, keepsOutput = true, directory, openOutput } = options;
    this.process = spawn(process.execPath, ['--enable-source-maps', workerEntry, '--pool'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environmentForWorker({
        HEADRACE_WORKER_DATABASE_URL: databaseUrl,
        HEADRACE_OBJECT_STORE: objectStore,
        HEADRACE_COMPUTE_LOGS: keepsOutput ? undefined : 'off',
      }),
      ...(directory === undefined ? {} : { cwd: directory }),
    });
    readOutput(this.process, openOutput?.() ?? toStandardError);
    this.process.on('message', (message: FromWorkerPool) => this.receive(message));
    this.gone = new Promise((resolve) => {
      this.process.once('error', (error) =>
        resolve(this.end(`could not be started: ${error.message}`, null)),
      );
      this.process.once('exit', (code, signal) => {
        resolve(this.end(signal === null ? `exited with code ${code}` : `was killed by ${signal}`, code));
      });
    });
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null && this.process.connected;
  }

  run(message: Extract<ToWorkerPool, { type: 'run' }>): Promise<TaskExit> {
    const key = keyOf(message.task);
    const known = this.running.get(key);
    if (known !== undefined) return known.promise;
    const running = Promise.withResolvers<TaskExit>();
    this.running.set(key, running);
    this.send(message);
    return running.promise;
  }

  warm(bundle: BundleLocation): void {
    this.send({ type: 'warm', bundle });
  }

  /** Resolves when the attempt's worker has stopped. */
  async stop(task: PoolTask, cause: string): Promise<void> {
    const running = this.running.get(keyOf(task));
    if (running === undefined) return;
    this.send({ type: 'stop', task, cause });
    const kill = setTimeout(() => this.send({ type: 'kill', task }), STOP_PATIENCE.kill);
    const killPool = setTimeout(() => this.process.kill('SIGKILL'), STOP_PATIENCE.killPool);
    await running.promise;
    clearTimeout(kill);
    clearTimeout(killPool);
  }

  async close(): Promise<void> {
    if (this.isAlive) this.process.kill('SIGTERM');
    const kill = setTimeout(() => this.process.kill('SIGKILL'), STOP_PATIENCE.killPool);
    await this.gone;
    clearTimeout(kill);
  }

  /** Not before what is remembered of another server has been seen to. */
  private remember(): void {
    void this.record.formerGone.then(() => {
      if (this.isAlive) this.record.write(this.process.pid ?? 0, this.children);
    });
  }

  private send(message: ToWorkerPool): void {
    if (this.process.connected) this.process.send(message, () => {});
  }

  private receive(message: FromWorkerPool): void {
    if (message.type === 'dequeue') {
      this.options.onDequeueRequest?.();
      return;
    }
    if (message.type === 'children') {
      this.children = message.pids;
      this.remember();
      return;
    }
    const { task, exitCode, reason } = message;
    this.running.get(keyOf(task))?.resolve({ exitCode, reason });
    this.running.delete(keyOf(task));
  }

  /** The pool is gone: no attempt of it may be said to have ended while its user code still runs. */
  private async end(how: string, exitCode: number | null): Promise<void> {
    await Promise.all(this.children.map((pid) => confirmGone(-pid)));
    for (const running of this.running.values()) {
      // 0 says that all is done, which a pool that never said how its attempt ended cannot mean.
      running.resolve({
        exitCode: exitCode === 0 ? null : exitCode,
        reason: `the worker pool process ${how}`,
      });
    }
    this.running.clear();
  }
}

const keyOf = ({ runId, attempt }: PoolTask): string => `${runId}-${attempt}`;
