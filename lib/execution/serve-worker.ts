import { totalmem } from 'node:os';
import type { FromWorkerPool, ToWorkerPool } from '../model/worker-pool-messages';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import type { WorkerStorage } from '../ports/worker-storage';
import type { ChildCommand } from './child-process';
import { ExecutionError } from './errors';
import { heapFlags } from './heap-flags';
import type { PassOutput } from './passed-output';
import { Supervisor } from './supervisor';
import { WorkerPool } from './worker-pool';
import { taskExit, WorkerPoolServer } from './worker-pool-server';

/** Milliseconds that the attempts get to end when the process is told to, before it goes anyway. */
const CLOSE_PATIENCE = 15_000;

export interface WorkerProgram {
  readonly mode: 'pool' | 'attempt';
  /** Which attempt, in mode `attempt`. */
  readonly attempt: {
    readonly runId: string | undefined;
    readonly attempt: number | undefined;
    readonly token: string | undefined;
    readonly bundleHash: string | undefined;
    readonly bundlePath: string | undefined;
    readonly maxRuntimeSeconds: number | null;
  };
  readonly workerId: string;
  readonly storage: WorkerStorage;
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  random(): number;
  readonly childCommand: ChildCommand;
  /** See `AttemptJournalOptions`. */
  readonly knownSecrets?: readonly string[];
  readonly passOutput?: PassOutput;
  /** Of an attempt of its own; a pool tells its parent. */
  requestDequeue?(): Promise<void>;
}

/** The supervising side of the worker program, for the life of the process. */
export async function serveWorker(program: WorkerProgram): Promise<void> {
  const { args, environment } = program.childCommand;
  // Only an attempt of its own has the container for itself.
  const container = program.mode === 'attempt' ? containerMemory() : undefined;
  const heap = heapFlags(container, environment.NODE_OPTIONS);
  const pool = new WorkerPool({ ...program.childCommand, args: [...heap, ...args] });
  if (program.mode === 'pool') servePool(program, pool);
  else await serveAttempt(program, pool);
}

/** Bytes that the container's limit allows; undefined without one. */
function containerMemory(): number | undefined {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : undefined;
}

function servePool(program: WorkerProgram, pool: WorkerPool): void {
  const send = (message: FromWorkerPool): void => {
    if (process.connected) process.send?.(message, () => {});
  };
  const server = new WorkerPoolServer({ ...program, pool, send });
  process.on('message', (message: ToWorkerPool) => server.receive(message));
  const close = once((cause: string) => {
    setTimeout(() => process.exit(1), CLOSE_PATIENCE).unref();
    void server.close(cause).then(() => process.exit(0));
  });
  process.on('SIGTERM', () => close('the worker was told to stop (SIGTERM)'));
  process.on('disconnect', () => close('the program that started the worker is gone'));
  // Ctrl-C goes to the whole group: the parent hears it too, and says what is to be done.
  process.on('SIGINT', () => {});
}

async function serveAttempt(program: WorkerProgram, pool: WorkerPool): Promise<void> {
  const { runId, attempt, token, bundleHash, bundlePath, maxRuntimeSeconds } = program.attempt;
  if (
    runId === undefined ||
    attempt === undefined ||
    token === undefined ||
    bundleHash === undefined ||
    bundlePath === undefined
  ) {
    throw new ExecutionError(
      'A worker of one attempt needs HEADRACE_RUN_ID, HEADRACE_ATTEMPT, HEADRACE_ATTEMPT_TOKEN, HEADRACE_BUNDLE_HASH and HEADRACE_BUNDLE_PATH in its environment.',
    );
  }
  const ref = { runId, attempt, token, workerId: program.workerId };
  const bundle = { hash: bundleHash, path: bundlePath };
  const supervisor = new Supervisor({ ref, bundle, maxRuntimeSeconds }, { ...program, pool });
  const stop = once((signal: string) => void supervisor.stop(`the worker was told to stop (${signal})`));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  const { exitCode, reason } = taskExit(await supervisor.run());
  if (reason !== null) process.stderr.write(`${reason}\n`);
  await pool.close();
  process.exit(exitCode);
}

function once(body: (argument: string) => void): (argument: string) => void {
  let isCalled = false;
  return (argument) => {
    if (isCalled) return;
    isCalled = true;
    body(argument);
  };
}
