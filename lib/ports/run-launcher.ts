/** What a launcher needs to start a worker: ids only; the worker fetches the rest with its token. */
export interface LaunchRequest {
  readonly runId: string;
  readonly attempt: number;
  readonly location: string;
  readonly bundleHash: string;
  /** The attempt's secret: the worker shows it with every write. */
  readonly attemptToken: string;
  /** Idempotency token: the same token never starts a second task. */
  readonly clientToken: string;
  readonly maxRuntimeSeconds: number | null;
}

/** How a task ended. */
export interface TaskExit {
  readonly exitCode: number | null;
  /** In words for people: `out of memory (512 MB)`, `killed by SIGKILL`. Null when it exited 0. */
  readonly reason: string | null;
}

/** Starts and stops the process, task or function that executes one run attempt. */
export interface RunLauncher {
  /** Starts the worker and resolves when it has ended; rejects with a `PortError` when it could not start. */
  run(request: LaunchRequest, signal: AbortSignal): Promise<TaskExit>;
  /** Stops the attempt's worker; resolves once it is confirmed stopped (also when there is none). */
  stop(runId: string, attempt: number): Promise<void>;
}
