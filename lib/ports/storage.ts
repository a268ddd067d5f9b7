import type { Alert } from '../model/alert';
import type { AssetCheckEvaluation, AssetCheckKey, AssetCheckStatus } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type {
  Backfill,
  BackfillEvent,
  BackfillStatus,
  BackfillTargetStatus,
  NewBackfill,
} from '../model/backfill';
import type { AssetUpdate, RunStatusChange } from '../model/code-location';
import type { EventType, NewEvent, StoredEvent } from '../model/event';
import type { FailureReason, NewRun, Run } from '../model/run';
import type { PoolGranularity, RunQueueSettings } from '../model/run-queue-settings';
import type { RunStatus } from '../model/run-status';
import type { SerializableError } from '../model/serializable-error';
import type { AssetVersion } from '../model/staleness';
import type { Tags } from '../model/tags';
import type { InstigatorId, InstigatorKind, InstigatorState, Tick, TickStatus } from '../model/tick';
import type { AuditStorage } from './audit-storage';
import type { AutomationStorage, AutomationTickOutcome } from './automation-storage';
import type { ExpectedTickStorage } from './expected-tick-storage';
import type { SensorEventStorage } from './sensor-event-storage';

/**
 * The control plane's storage: the only truth. Every method is one call = one transaction = safe to repeat.
 * Throws `PortError`: transient (connection, waking database), conflict, permanent.
 */
export interface Storage
  extends RunStorage,
    BackfillStorage,
    EventLogStorage,
    InstigatorStorage,
    ExpectedTickStorage,
    SensorEventStorage,
    AssetStorage,
    AutomationStorage,
    PoolStorage,
    KeyValueStorage,
    AuditStorage {
  close(): Promise<void>;
}

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
  /**
   * Ids of runs that failed within the last hour and whose retry nobody has decided on, oldest first.
   *
   * @param maxRetries automatic retries of a failed run whose tags do not say
   */
  undecidedFailures(maxRetries: number, limit: number): Promise<readonly string[]>;
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
  runTagValues(key: string, prefix: string, limit: number): Promise<readonly string[]>;
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

/** A side effect owed after a commit. Kinds: wake the dequeuer, start an execution, stop an attempt, look at backfills, tell people. */
export interface OutboxMessage {
  readonly id: number;
  readonly kind: 'dequeue' | 'start-execution' | 'stop-attempt' | 'iterate-backfill' | 'alert';
  readonly runId: string | null;
  readonly attempt: number | null;
  /** Of alerts. */
  readonly alert: Alert | null;
}

export interface BackfillStorage {
  /** Stores a backfill with its partitions and owes it an iteration. False when its id exists already. */
  createBackfill(backfill: NewBackfill): Promise<boolean>;
  /** Newest first, keyset. */
  listBackfills(query: BackfillQuery): Promise<readonly Backfill[]>;
  /** Partitions by asset (null = of a job) and status, each in its order. */
  backfillTargets(backfillId: string): Promise<readonly BackfillTargets[]>;
  /** The same of several backfills. */
  targetsOfBackfills(
    backfillIds: readonly string[],
  ): Promise<readonly (BackfillTargets & { readonly backfillId: string })[]>;
  /** Whether a run of it, a retry included, has not ended. */
  isBackfillRunning(backfillId: string): Promise<boolean>;
  /**
   * Writes what was decided on a backfill at `version`: all of it or nothing. False when it has changed since, or has
   * ended: then what was decided is void.
   */
  advanceBackfill(backfillId: string, version: number, advance: BackfillAdvance): Promise<boolean>;
  /** What makes no sense in the backfill's status changes nothing. Undefined when there is no such backfill. */
  changeBackfill(backfillId: string, change: BackfillChange): Promise<Backfill | undefined>;
  /** Cancels up to `limit` of its runs; returns how many have not ended yet, up to twice the limit. */
  cancelBackfillRuns(backfillId: string, limit: number, cause: string): Promise<number>;
  /** What a backfill said after an event id, oldest first. */
  backfillEvents(backfillId: string, after: number, limit: number): Promise<readonly BackfillEvent[]>;
  /**
   * Removes backfills that ended before an instant, with their partitions and events: at most so many rows of these.
   * Returns how many went.
   */
  purgeBackfills(endedBefore: number, limit: number): Promise<number>;
}

export interface BackfillQuery {
  readonly backfillIds?: readonly string[] | undefined;
  readonly statuses?: readonly BackfillStatus[] | undefined;
  readonly jobName?: string | undefined;
  /** All must match; several values of one key = any of them. */
  readonly tags?: RunFilter['tags'];
  /** Epoch ms. */
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
  /** Older than this backfill id. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface BackfillTargets {
  readonly asset: AssetKey | null;
  readonly status: BackfillTargetStatus;
  readonly partitions: readonly string[];
}

export interface BackfillAdvance {
  readonly runs: readonly NewRun[];
  /** Pending partitions that these runs are for, or that are left out (`SKIPPED`, `runId` null). */
  readonly requested: readonly {
    readonly asset: AssetKey | null;
    readonly partitions: readonly string[];
    readonly runId: string | null;
    readonly status: 'REQUESTED' | 'SKIPPED';
  }[];
  /** Absent = as it was. An end leaves what is still pending BLOCKED. */
  readonly status?: BackfillStatus;
  /** What people read about it; errors when there is an `error`. */
  readonly messages?: readonly string[];
  readonly cause?: string;
  readonly error?: SerializableError;
  /** Absent = 0: the iteration did not fail. */
  readonly failureCount?: number;
  /** Epoch ms; not looked at before. */
  readonly nextIterationAt: number;
}

export type BackfillChange =
  | { readonly kind: 'cancel'; readonly cause: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Of its queued runs, and of those to come. */
  | { readonly kind: 'priority'; readonly priority: number };

export interface EventLogStorage {
  /** Events of one run in order, after a storage id. */
  runEvents(query: RunEventsQuery): Promise<readonly StoredEvent[]>;
  /** Reported asset events and the system's own words about a run. */
  appendSystemEvents(runId: string | null, events: readonly NewEvent[]): Promise<void>;
  /** Highest storage id such that no smaller one can still be committed: what followers may read up to. */
  safeStorageId(): Promise<number>;
  /** Run ends after `after`, oldest first, never past an uncommitted one. */
  runStatusChanges(query: {
    readonly after: number;
    readonly statuses: readonly RunStatus[];
    readonly jobs: readonly { readonly location: string; readonly jobName: string | null }[];
    readonly limit: number;
  }): Promise<readonly RunStatusChange[]>;
  /** Materializations after `after`, oldest first, never past an uncommitted one. */
  assetUpdates(query: {
    readonly after: number;
    readonly keys: readonly AssetKey[];
    readonly limit: number;
  }): Promise<readonly AssetUpdate[]>;
  /** Per-step summary of a run (status, times, tries), computed in the database. */
  stepStats(runId: string): Promise<readonly StepStats[]>;
  /** The same of several runs, each run's in its order. */
  stepStatsOfRuns(runIds: readonly string[]): Promise<readonly (StepStats & { readonly runId: string })[]>;
}

export type AssetEventType = 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION' | 'ASSET_FAILED_TO_MATERIALIZE';

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

export interface RunEventsQuery {
  readonly runId: string;
  readonly after?: number | undefined;
  readonly limit: number;
  readonly types?: readonly EventType[] | undefined;
}

export interface StepStats {
  readonly stepKey: string;
  readonly status: 'IN_PROGRESS' | 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'UP_FOR_RETRY';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Tries in order, over all attempts. */
  readonly tries: readonly { readonly startedAt: number; readonly endedAt: number | null }[];
}

export interface InstigatorStorage {
  instigatorStates(): Promise<readonly InstigatorState[]>;
  /** Turns on (ticks before `now` are never run), off, or back to the code's default. */
  setInstigatorStatus(
    id: InstigatorId,
    status: InstigatorState['status'],
    now: number,
  ): Promise<InstigatorState>;
  /**
   * Turns off the schedule or sensor of a tick that failed, and owes an alert. Undefined when it is off already, or was
   * turned on since the tick began.
   */
  pauseInstigator(tick: Tick, reason: string, now: number): Promise<InstigatorState | undefined>;
  setSensorCursor(id: InstigatorId, cursor: string | null): Promise<InstigatorState>;
  /**
   * Opens a tick: one row per (instigator, scheduledAt). Returns undefined when it is done, or when an evaluation of it or
   * of another tick of the same instigator is open (younger than `leaseSeconds`).
   */
  startTick(
    id: InstigatorId,
    scheduledAt: number,
    now: number,
    leaseSeconds: number,
  ): Promise<Tick | undefined>;
  /**
   * Ends a tick in one transaction: creates its runs, applies dynamic partitions, saves cursor and
   * `evaluatedThrough`, records skipped run keys. Repeating it changes nothing.
   */
  finishTick(tick: Tick, outcome: TickOutcome): Promise<Tick>;
  /** Records that instants up to `through` need no tick any more (skipped catch-up). */
  passOver(id: InstigatorId, through: number): Promise<void>;
  /** Latest `perInstigator` ticks of each schedule and sensor, newest first, in one statement. */
  latestTicks(perInstigator: number): Promise<readonly Tick[]>;
  /** Newest first, keyset by tick id. */
  listTicks(query: {
    readonly instigator: InstigatorId;
    readonly statuses?: readonly TickStatus[];
    readonly before?: number;
    /** Bounds of `scheduledAt`, exclusive; epoch ms. */
    readonly scheduledAfter?: number;
    readonly scheduledBefore?: number;
    readonly limit: number;
  }): Promise<readonly Tick[]>;
  /** Ticks that have not ended and whose evaluation began before an instant; oldest first. */
  openTicks(query: { readonly startedBefore: number; readonly limit: number }): Promise<readonly Tick[]>;
  /** Ticks past their retention by any of the rules, oldest first. */
  expiredTicks(rules: readonly TickRetention[], limit: number): Promise<readonly Tick[]>;
  /** Removes ticks. What their schedule or sensor remembers (cursor, instant reached) stays. */
  deleteTicks(tickIds: readonly number[]): Promise<void>;
}

/** Ticks of one kind and status that are not kept. */
export interface TickRetention {
  readonly kind: InstigatorKind;
  readonly status: TickStatus;
  /** Those begun before this instant; epoch ms. */
  readonly startedBefore: number;
}

export interface TickOutcome {
  readonly status: Exclude<TickStatus, 'STARTED'>;
  readonly runs: readonly NewRun[];
  readonly skipReason: string | null;
  readonly cursor: string | null;
  readonly error: SerializableError | null;
  readonly dynamicPartitions: readonly {
    readonly kind: 'add' | 'delete';
    readonly name: string;
    readonly keys: readonly string[];
  }[];
  /** About assets, without a run. Absent = none. */
  readonly assetEvents?: readonly NewEvent[];
  /** Epoch ms. */
  readonly endedAt: number;
  /** Of automation sensors. */
  readonly automation?: AutomationTickOutcome;
}

export interface AssetStorage {
  /** Latest state of each asset, in one statement. */
  assetRecords(keys?: readonly AssetKey[]): Promise<readonly AssetRecord[]>;
  /** The same without the events: what lists of thousands show. */
  assetStates(keys?: readonly AssetKey[]): Promise<readonly AssetState[]>;
  /** What tells which assets are stale; nothing of those without events. */
  assetVersions(keys?: readonly AssetKey[]): Promise<readonly AssetVersions[]>;
  /** What happened to an asset on days whose runs were pruned, newest first. */
  assetHistory(key: AssetKey, limit: number): Promise<readonly AssetHistoryDay[]>;
  /** The newest of each of several assets, newest first within an asset; in one statement. */
  newestAssetEvents(query: {
    readonly keys: readonly AssetKey[];
    readonly types: readonly AssetEventType[];
    /** Of each asset. */
    readonly limit: number;
  }): Promise<readonly StoredEvent[]>;
  /** Newest first. */
  assetEvents(query: {
    readonly key: AssetKey;
    readonly types: readonly AssetEventType[];
    readonly partition?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly StoredEvent[]>;
  /** Of each of these partitions (null = all) the latest materialization, if it has one; in one statement. */
  latestMaterializations(
    key: AssetKey,
    partitions: readonly string[] | null,
  ): Promise<readonly StoredEvent[]>;
  /** Every known partition's latest state, for the heat map; of all the assets in one statement. */
  partitionStates(keys: readonly AssetKey[]): Promise<readonly PartitionState[]>;
  /** Latest execution of each check. */
  checkRecords(keys: readonly AssetKey[]): Promise<readonly CheckRecord[]>;
  /** Newest first, of one partition if it is named; `before` is a storage id. */
  checkHistory(
    key: AssetCheckKey,
    limit: number,
    before?: number,
    partition?: string,
  ): Promise<readonly CheckRecord[]>;
  dynamicPartitionKeys(location: string, name: string): Promise<readonly string[]>;
  /** Keys of several definitions, as far as they have any. */
  dynamicPartitions(
    definitions: readonly { readonly location: string; readonly name: string }[],
  ): Promise<
    readonly { readonly location: string; readonly name: string; readonly keys: readonly string[] }[]
  >;
  changeDynamicPartitions(
    location: string,
    kind: 'add' | 'delete',
    name: string,
    keys: readonly string[],
  ): Promise<void>;
  /** Forgets an asset's (or some partitions') events for status purposes. */
  wipeAsset(key: AssetKey, partitions: readonly string[] | null): Promise<void>;
}

export interface AssetRecord {
  readonly key: AssetKey;
  readonly lastMaterialization: StoredEvent | null;
  readonly lastObservation: StoredEvent | null;
  /** Latest run that planned to materialize it. */
  readonly lastRunId: string | null;
  readonly lastRunStatus: RunStatus | null;
  /** Epoch ms. */
  readonly lastRunStartedAt: number | null;
  readonly lastRunEndedAt: number | null;
  /** Runs in progress that plan to materialize it. */
  readonly inProgressRunIds: readonly string[];
  readonly lastFailureAt: number | null;
}

/** What happened last to an asset. */
export interface AssetState {
  readonly key: AssetKey;
  /** Of the latest materialization, epoch ms. */
  readonly materializedAt: number | null;
  /** Null of one that was reported from outside, too. */
  readonly materializationRunId: string | null;
  /** Latest run that planned to materialize it. */
  readonly lastRunId: string | null;
  readonly lastRunStatus: RunStatus | null;
  /** Epoch ms. */
  readonly lastRunStartedAt: number | null;
  readonly lastRunEndedAt: number | null;
  /** Runs that were claimed, have not ended and are still to materialize it, oldest first. */
  readonly liveRuns: readonly { readonly runId: string; readonly status: RunStatus }[];
}

/** Versions of what was last said about an asset. */
export interface AssetVersions {
  readonly key: AssetKey;
  /** Of the latest materialization. */
  readonly made: AssetVersion | null;
  /** Of the latest observation. */
  readonly observed: AssetVersion | null;
}

/** Events that are gone, by the day (UTC) on which they happened. */
export interface AssetHistoryDay {
  /** Its first instant, epoch ms. */
  readonly day: number;
  readonly materializations: number;
  readonly observations: number;
  readonly failures: number;
}

export interface PartitionState {
  readonly key: AssetKey;
  readonly partition: string;
  readonly status: 'MATERIALIZED' | 'FAILED' | 'IN_PROGRESS';
  readonly runId: string | null;
  readonly timestamp: number;
}

export interface CheckRecord {
  readonly check: AssetCheckKey;
  readonly status: AssetCheckStatus;
  readonly evaluation: AssetCheckEvaluation | null;
  readonly runId: string;
  /** Of the step that evaluated it. */
  readonly stepKey?: string | null;
  readonly storageId: number;
  readonly timestamp: number;
}

export interface PoolStorage {
  /** Pools with limits, slots held and steps waiting. */
  poolStates(): Promise<readonly PoolState[]>;
  /** Null removes the limit. */
  setPoolLimit(pool: string, limit: number | null): Promise<void>;
  /** Takes the slots of a run, or of one of its steps, away from it, whether or not it still works. */
  freePoolSlots(runId: string, stepKey: string | null): Promise<void>;
}

export interface PoolState {
  readonly pool: string;
  readonly limit: number | null;
  readonly holders: readonly { readonly runId: string; readonly stepKey: string; readonly since: number }[];
}

/** Small instance-wide values: persisted executions, code locations' registrations. */
export interface KeyValueStorage {
  getValue(namespace: string, key: string): Promise<unknown>;
  listValues(namespace: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
  putValue(namespace: string, key: string, value: unknown): Promise<void>;
  /** True when it was absent and is now stored. */
  insertValue(namespace: string, key: string, value: unknown): Promise<boolean>;
  /**
   * Stores `value` if what is stored still is `expected`; true when it is done. A repeated call finds the value
   * changed: whoever gets false should read before giving up.
   */
  replaceValue(namespace: string, key: string, expected: unknown, value: unknown): Promise<boolean>;
  deleteValue(namespace: string, key: string): Promise<void>;
}
