import type { Alert } from '../model/alert';
import type { FailureReason, NewRun, Run } from '../model/run';
import type { PoolGranularity, RunQueueSettings } from '../model/run-queue-settings';
import type { RunStatus } from '../model/run-status';
import type { SerializableError } from '../model/serializable-error';
import type { Tags } from '../model/tags';

/** Runs from the queue to their end, and the side effects that their changes owe. */
export interface RunStorage {
  /**
   * Enqueues runs in one statement, with their RUN_ENQUEUED and planned events and a `dequeue` outbox row. A run whose
   * id, idempotency key or (location, origin, run key) exists already is not created again.
   */
  createRuns(runs: readonly NewRun[]): Promise<readonly CreatedRun[]>;
  /** Claims up to `count` runnable runs under the limits, highest priority first: QUEUED → STARTING, attempt + 1, an outbox `start-execution` row each. None while the instance is paused (`lib/model/instance-pause.ts`). */
  claimRuns(count: number, settings: RunQueueSettings): Promise<readonly ClaimedRun[]>;
  /**
   * Makes the secret token of a claimed attempt that has not started, for the launcher to hand to its worker; only
   * its hash is kept. Asking again makes another; the first worker to start decides which one counts. Throws a
   * conflict when the attempt is not the run's current one, or has started.
   */
  issueAttemptToken(runId: string, attempt: number): Promise<string>;
  /** QUEUED → CANCELED at once; active → CANCELING with an outbox `stop` row; finished: unchanged. `force`: CANCELED at once, worker fenced. */
  cancelRun(
    runId: string,
    options: { readonly force: boolean; readonly cause: string },
  ): Promise<CancelResult>;
  /**
   * The coordinator's last word on an attempt whose worker has ended. No-op when the run is finished or has a newer attempt.
   * Otherwise applies the engine's choice in one transaction.
   */
  finalizeAttempt(runId: string, attempt: number, decision: FinalizeDecision): Promise<FinalizeResult>;
  /** Attempts that look lost: claimed or heartbeat too long ago, or canceling too long. */
  findLateAttempts(limits: LatenessLimits): Promise<readonly LateAttempt[]>;
  /**
   * Lets go the queued runs whose dependencies are met, and cancels those whose can no longer be. Returns how many.
   *
   * @param maxRetries automatic retries of a failed run whose tags do not say
   */
  settleDependencies(maxRetries: number): Promise<number>;
  /** What queued runs wait for besides the limits on runs; those that are not queued are left out. */
  runWaits(
    runIds: readonly string[],
    maxRetries: number,
    poolGranularity: PoolGranularity,
  ): Promise<readonly RunWait[]>;
  /** Where queued runs stand in the queue; those that are not queued are left out. */
  queuePlaces(runIds: readonly string[]): Promise<readonly QueuePlace[]>;
  /**
   * Ids of runs that failed within the last hour and whose retry nobody has decided on, oldest first.
   *
   * @param maxRetries automatic retries of a failed run whose tags do not say
   */
  undecidedFailures(maxRetries: number, limit: number): Promise<readonly string[]>;
  /**
   * Creates the retry of a failed run, or says that there is none (`null`), and puts that on the run's tags, in one
   * transaction. The first decision stands, whatever others are asked for after it.
   *
   * @returns the run's retry, whoever made it; null when there is none
   */
  decideRetry(runId: string, retry: NewRun | null): Promise<string | null>;
  /** SUSPENDED → QUEUED for the runs that are due. Returns how many. */
  resumeSuspendedRuns(): Promise<number>;
  /** What is to be done at an instant that nothing else announces, epoch ms; null = nothing. */
  upkeepDueAt(): Promise<{
    readonly resumeAt: number | null;
    readonly backfillAt: number | null;
    /** Since when the oldest alert that is not delivered is owed. */
    readonly alertAt: number | null;
  }>;
  /** Puts tags on a run, over those of the same key. False when there is no such run. */
  addRunTags(runId: string, tags: Tags): Promise<boolean>;
  getRun(runId: string): Promise<Run | undefined>;
  getRunPlan(runId: string): Promise<NewRun['plan'] | undefined>;
  /** Plans of several runs, as far as they are kept. */
  runPlans(
    runIds: readonly string[],
  ): Promise<readonly { readonly runId: string; readonly plan: NewRun['plan'] }[]>;
  /** Newest first, keyset. */
  listRuns(query: RunQuery): Promise<readonly Run[]>;
  /** Newest runs of each of several values of a tag, in one statement, newest first. */
  runsByTag(query: RunsByTag): Promise<readonly Run[]>;
  /** Counts up to `cap`; more is reported as `cap`. */
  countRuns(filter: RunFilter, cap?: number): Promise<number>;
  /** Latest `perJob` runs of each job of the deployment, in one statement. */
  latestRunsByJob(perJob: number): Promise<readonly Run[]>;
  runTagKeys(): Promise<readonly string[]>;
  /** Values of tags that begin so, in order, in one statement; of all keys unless some are named. */
  runTagValues(query: {
    readonly keys?: readonly string[] | undefined;
    readonly prefix: string;
    /** Of each key. */
    readonly limit: number;
  }): Promise<readonly RunTagValues[]>;
  /** Removes finished runs with their events. Returns how many. */
  deleteRuns(runIds: readonly string[]): Promise<number>;
  /**
   * Removes finished runs as retention wants it: the latest state of their assets and checks stays, and their history
   * is counted by day. At most so many events go in one call; a run goes with its last one.
   */
  pruneRuns(runIds: readonly string[], maxEvents: number): Promise<PrunedRuns>;
  /** Takes due outbox rows (skip locked, with a lease) and marks them delivered. */
  takeOutbox(limit: number, leaseSeconds: number): Promise<readonly OutboxMessage[]>;
  completeOutbox(ids: readonly number[]): Promise<void>;
  /** Owes an alert, once until `settleAlert`; whether it was not owed or told before. */
  raiseAlert(key: string, alert: Alert): Promise<boolean>;
  /** What an alert was about is over: the next one is told again. */
  settleAlert(key: string): Promise<void>;
}

/** How much went. */
export interface PrunedRuns {
  readonly events: number;
  readonly runs: number;
}

export interface CreatedRun {
  readonly runId: string;
  /** False: an earlier call made it; `runId` is the existing run's. */
  readonly created: boolean;
}

export interface ClaimedRun {
  readonly runId: string;
  readonly attempt: number;
}

export type CancelResult = 'canceled' | 'canceling' | 'finished' | 'not-found';

export type FinalizeDecision =
  | {
      readonly kind: 'fail';
      readonly reason: FailureReason;
      readonly cause: string;
      readonly error?: SerializableError;
    }
  /** Back to QUEUED for attempt + 1, keeping finished steps. */
  | { readonly kind: 'resume'; readonly cause: string }
  | { readonly kind: 'cancel'; readonly cause: string };

export type FinalizeResult = 'applied' | 'already-finished' | 'newer-attempt' | 'not-found';

/** Where a run stands in the queue: by priority, then first in, first out. */
export interface QueuePlace {
  readonly runId: string;
  /** From 1, which is taken first as far as limits let it. */
  readonly place: number;
  /** Runs in the queue. */
  readonly of: number;
}

/** What holds one queued run back. */
export interface RunWait {
  readonly runId: string;
  /** In the order given; empty when all is met. */
  readonly dependencies: readonly {
    readonly mode: 'all' | 'any';
    readonly requires: 'success' | 'end';
    /** Null while the job has no run that it could be. */
    readonly runId: string | null;
    readonly jobName: string | null;
    readonly state: 'met' | 'waiting' | 'impossible';
  }[];
  /** Full pools, when no step of the run could start without one of them. */
  readonly pools: readonly {
    readonly pool: string;
    readonly limit: number;
    readonly used: number;
    /** Steps of runs in progress that wait for a slot, and come first. */
    readonly waiting: number;
    /** Ids of the runs that hold slots. */
    readonly holders: readonly string[];
  }[];
  /** Why its backfill holds it; null when none does. */
  readonly backfill: 'paused' | 'canceling' | 'failing' | null;
}

/** All in seconds. */
export interface LatenessLimits {
  readonly startTimeout: number;
  readonly heartbeatTimeout: number;
  readonly cancelTimeout: number;
}

export interface LateAttempt {
  readonly runId: string;
  readonly attempt: number;
  readonly status: RunStatus;
  readonly why: 'start-timeout' | 'heartbeat-lost' | 'cancel-timeout' | 'max-runtime';
}

/** A key of tags, with values that runs have of it. */
export interface RunTagValues {
  readonly key: string;
  readonly values: readonly string[];
}

export interface RunFilter {
  readonly runIds?: readonly string[] | undefined;
  /** Start of the run id. */
  readonly runIdPrefix?: string | undefined;
  /** Those that no backfill made. */
  readonly outsideBackfills?: boolean | undefined;
  /** At most one run has it. */
  readonly idempotencyKey?: string | undefined;
  readonly location?: string | undefined;
  /** Any of them; none of an empty list. */
  readonly locations?: readonly string[] | undefined;
  readonly jobName?: string | undefined;
  /** Any of them; none of an empty list. */
  readonly jobNames?: readonly string[] | undefined;
  /** Version of the code that they were planned with. */
  readonly bundleHash?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  /** All must match; several values of one key = any of them. */
  readonly tags?: readonly { readonly key: string; readonly values: readonly string[] }[] | undefined;
  /** Epoch ms. */
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
  readonly updatedAfter?: number | undefined;
  readonly updatedBefore?: number | undefined;
}

export interface RunQuery {
  readonly filter: RunFilter;
  /** Runs older than this run id. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Asks for the newest runs of each value of a tag. */
export interface RunsByTag {
  readonly key: string;
  readonly values: readonly string[];
  /** Of these code locations only. */
  readonly locations?: readonly string[] | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  /** Of each value. */
  readonly limit: number;
}

/** A side effect owed after a commit. Kinds: wake the dequeuer, start an execution, stop an attempt, look at backfills, tell people. */
export interface OutboxMessage {
  readonly id: number;
  readonly kind: 'dequeue' | 'start-execution' | 'stop-attempt' | 'iterate-backfill' | 'alert';
  readonly runId: string | null;
  readonly attempt: number | null;
  /** Of alerts. */
  readonly alert: Alert | null;
}
