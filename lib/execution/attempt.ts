import type { AttemptRef } from '../model/run';
import type { BundleLocation } from '../model/worker-pool-messages';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import type { RunOutcome, WorkerStorage } from '../ports/worker-storage';
import type { PassOutput } from './passed-output';
import type { WorkerPool } from './worker-pool';

/** Which attempt a supervisor carries to its end. */
export interface AttemptRequest {
  readonly ref: AttemptRef;
  readonly bundle: BundleLocation;
  readonly maxRuntimeSeconds: number | null;
}

/** What supervising needs: the attempt's storage, logs, children, time and chance. */
export interface SupervisorPorts {
  readonly storage: WorkerStorage;
  readonly objectStore: ObjectStore;
  readonly pool: WorkerPool;
  readonly clock: Clock;
  random(): number;
  /**
   * Has queued runs claimed now, because this attempt gave back what one of them waits for. Nothing is lost when it is
   * absent or fails: the sweep claims them, a minute later at most.
   */
  requestDequeue?(): Promise<void>;
  /** Whether attempts share a machine: then nothing gives one a size, an image or a role. Default false. */
  readonly isShared?: boolean;
  /** Secrets of the environment, masked in output whether user code declares them or not. Default none. */
  readonly knownSecrets?: readonly string[];
  /** Takes what user code prints, which is then not kept. Absent = it is kept. */
  readonly passOutput?: PassOutput;
}

/** How an attempt ended, seen from its supervisor. */
export type AttemptEnd =
  | { readonly kind: 'finished'; readonly outcome: RunOutcome }
  /** All that is left of the run waits; it goes on in a later attempt. */
  | { readonly kind: 'suspended'; readonly resumeAt: number }
  /** Stopped from outside before its end: whoever finalizes decides. */
  | { readonly kind: 'interrupted'; readonly cause: string }
  /** Another worker has the run: nothing was written. */
  | { readonly kind: 'stale' }
  /** Storage or machine failed. */
  | { readonly kind: 'failed'; readonly reason: string };
