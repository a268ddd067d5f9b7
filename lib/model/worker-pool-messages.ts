/** What a launcher and its pool process say to each other over the IPC channel. */

/** Names an attempt among those that a pool serves. */
export interface PoolTask {
  readonly runId: string;
  readonly attempt: number;
}

/** Code by its content hash, and where it lies on this machine. */
export interface BundleLocation {
  readonly hash: string;
  /** Path of its `bundle.mjs`. */
  readonly path: string;
}

export type ToWorkerPool =
  | {
      readonly type: 'run';
      readonly task: PoolTask;
      readonly token: string;
      readonly bundle: BundleLocation;
      readonly maxRuntimeSeconds: number | null;
    }
  /** Ends the attempt: as cancelled if its run is, as interrupted otherwise. */
  | { readonly type: 'stop'; readonly task: PoolTask; readonly cause: string }
  /** Ends the attempt at once, writing nothing more. */
  | { readonly type: 'kill'; readonly task: PoolTask }
  /** Loads code before a run asks for it. */
  | { readonly type: 'warm'; readonly bundle: BundleLocation };

export type FromWorkerPool =
  | {
      readonly type: 'ended';
      readonly task: PoolTask;
      readonly exitCode: number;
      /** Null when it ended by itself. */
      readonly reason: string | null;
    }
  /** An attempt gave back what a queued run waits for. */
  | { readonly type: 'dequeue' }
  /** The process groups with user code: to be killed by whoever sees the pool die. */
  | { readonly type: 'children'; readonly pids: readonly number[] };
