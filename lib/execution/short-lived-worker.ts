import type { RunWorkerInput } from '../model/execution-input';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import type { WorkerStorage } from '../ports/worker-storage';
import type { ChildCommand } from './child-process';
import { ExecutionError } from './errors';
import { heapFlags } from './heap-flags';
import type { PassOutput } from './passed-output';
import { Supervisor } from './supervisor';
import { WorkerPool } from './worker-pool';
import { taskExit } from './worker-pool-server';

export interface ShortLivedWorkerOptions {
  readonly storage: WorkerStorage;
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  random(): number;
  readonly childCommand: ChildCommand;
  /** Path of a version's `bundle.mjs`, fetched if need be. */
  bundlePath(bundleHash: string): Promise<string>;
  /** Bytes that this process and its children share; absent = not limited. */
  readonly memory?: number | undefined;
  /** See `AttemptJournalOptions`. */
  readonly knownSecrets?: readonly string[];
  readonly passOutput?: PassOutput;
  requestDequeue?(): Promise<void>;
}

/** Milliseconds before its host's end in which an attempt is told to stop: 5 s of grace, then events and logs. */
const MARGIN = 20_000;

/**
 * Executes attempts one after another in a process that may be ended, or stand still, after each: a function. The
 * child of the last run is kept for the next one of the same code.
 */
export class ShortLivedWorker {
  private readonly options: ShortLivedWorkerOptions;
  private readonly pool: WorkerPool;

  constructor(options: ShortLivedWorkerOptions) {
    this.options = options;
    const { args, environment } = options.childCommand;
    const heap = heapFlags(options.memory, environment.NODE_OPTIONS);
    this.pool = new WorkerPool({ ...options.childCommand, args: [...heap, ...args] });
  }

  /**
   * Carries an attempt to its end, whatever its code does.
   *
   * @param remainingMs until the host ends; the attempt is interrupted before that
   * @throws {ExecutionError} the attempt did not end: it was interrupted, or storage failed
   */
  async run(input: RunWorkerInput, remainingMs: number): Promise<{ readonly exitCode: 0 }> {
    const { runId, attempt, workerId, attemptToken: token, bundleHash, maxRuntimeSeconds } = input;
    const path = await this.options.bundlePath(bundleHash);
    const supervisor = new Supervisor(
      {
        ref: { runId, attempt, workerId, token },
        bundle: { hash: bundleHash, path },
        maxRuntimeSeconds: maxRuntimeSeconds > 0 ? maxRuntimeSeconds : null,
      },
      { ...this.options, pool: this.pool },
    );
    const stop = setTimeout(
      () => void supervisor.stop('its function ends soon: Lambda gives a run 15 minutes, Fargate more'),
      Math.max(0, remainingMs - MARGIN),
    );
    try {
      const { exitCode, reason } = taskExit(await supervisor.run());
      if (exitCode === 0) return { exitCode };
      throw new ExecutionError(reason ?? `the worker ended with ${exitCode}`);
    } finally {
      clearTimeout(stop);
    }
  }

  /** Ends the children. */
  close(): Promise<void> {
    return this.pool.close();
  }
}
