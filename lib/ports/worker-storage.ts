import type { AssetKey } from '../model/asset-key';
import type { NewEvent } from '../model/event';
import type { ExecutionPlan } from '../model/execution-plan';
import type { JsonObject } from '../model/json';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import type { AttemptRef, FailureReason } from '../model/run';
import type { FinishedStatus } from '../model/run-status';
import type { Tags } from '../model/tags';
import { PortError } from './errors';

/**
 * All that a worker may do with the database: every call names its attempt and proves it by the token. A call
 * for an attempt that is no longer authoritative throws `StaleAttemptError`. Every call is safe to repeat.
 */
export interface WorkerStorage {
  /** STARTING → STARTED for the first worker; true again for the same worker; throws for any other. */
  startRun(ref: AttemptRef): Promise<RunAssignment>;
  /**
   * Says that the worker lives; the answer says what is wanted of it. The first one gives back the slots that were
   * reserved for first steps and that none of them has asked for.
   */
  heartbeat(ref: AttemptRef): Promise<WorkerInstruction>;
  /**
   * Appends events whose first has sequence number `firstSeq` (1-based, per attempt). A repeated batch is
   * accepted once; a gap is a conflict.
   */
  appendEvents(ref: AttemptRef, firstSeq: number, events: readonly NewEvent[]): Promise<void>;
  /** The attempt's end: compare-and-set; the first terminal status wins. */
  finishRun(ref: AttemptRef, outcome: RunOutcome): Promise<void>;
  /**
   * The attempt's end when all that is left of the run waits: it goes back to the queue at `resumeAt` (epoch ms).
   * A run that is being canceled ends CANCELED instead.
   */
  suspendRun(ref: AttemptRef, suspension: RunSuspension): Promise<void>;
  /** The state that the last suspended attempt before this one left; null when none was. */
  suspendedState(ref: AttemptRef): Promise<JsonObject | null>;
  /**
   * A slot of a pool for one step: true when held. Leases end with the run. Slots go by the priority of run and step
   * together, then to who asked first; who has not asked for 20 s stands in nobody's way.
   *
   * @param priority the step's; default 0
   */
  claimPoolSlot(ref: AttemptRef, pool: string, stepKey: string, priority?: number): Promise<PoolClaim>;
  /** Gives the slot back. True when a queued run waits for it: whoever claims runs should do so now, not at the next sweep. */
  releasePoolSlot(ref: AttemptRef, pool: string, stepKey: string): Promise<boolean>;
  dynamicPartitionKeys(ref: AttemptRef, name: string): Promise<readonly string[]>;
  /** Materializations, or observations, of an asset that the run checks; what was appended before is among them. */
  materializations(
    ref: AttemptRef,
    query: PastMaterializationsQuery,
  ): Promise<readonly StoredMaterialization[]>;
}

/** With the object key of the whole event, where its metadata had to be shortened. */
export interface StoredMaterialization extends PastMaterialization {
  readonly overflow: string | null;
}

export interface RunAssignment {
  readonly runId: string;
  readonly location: string;
  readonly jobName: string;
  readonly bundleHash: string;
  readonly config: JsonObject;
  readonly tags: Tags;
  readonly plan: ExecutionPlan;
  /** Sequence number of the last event of this attempt; 0 at first. */
  readonly lastSeq: number;
  /** Steps that earlier attempts (or the parent run, when resuming from failure) finished, with their dynamic outputs' mapping keys. */
  readonly completedSteps: readonly CompletedStep[];
  /** Tries already made of each step by earlier attempts; names the next log. */
  readonly triesByStep: Readonly<Record<string, number>>;
  /** Latest data version of upstream assets that this run reads but does not make. */
  readonly inputDataVersions: Readonly<Record<AssetKey, string>>;
}

export interface CompletedStep {
  readonly stepKey: string;
  readonly status: 'SUCCESS' | 'SKIPPED';
  /** Output name → mapping keys, for dynamic outputs. */
  readonly mappingKeys: Readonly<Record<string, readonly string[]>>;
  /** Outputs that were yielded. */
  readonly outputs: readonly string[];
  /** The run that finished it and under which its values are stored; absent = this one. */
  readonly runId?: string | undefined;
}

/** `dequeue`: go on, and have queued runs claimed: one of them waits for a slot that has just been given back. */
export type WorkerInstruction = 'continue' | 'cancel' | 'dequeue';

export interface RunOutcome {
  readonly status: FinishedStatus;
  readonly failureReason: FailureReason | null;
  /** One line for people; null on success. */
  readonly cause: string | null;
}

export interface RunSuspension {
  readonly resumeAt: number;
  /** One line for people: what the run waits for. */
  readonly cause: string;
  /** What the next attempt has to know; only the worker reads it. */
  readonly state: JsonObject;
}

export type PoolClaim =
  | { readonly held: true }
  /** Who holds the slots: run ids and steps, for the waiting message. */
  | { readonly held: false; readonly limit: number; readonly holders: readonly string[] };

/** The attempt was replaced, finished or belongs to another worker: stop, write nothing more. */
export class StaleAttemptError extends PortError {
  override readonly name = 'StaleAttemptError';
  constructor(message: string, options?: ErrorOptions) {
    super('conflict', message, options);
  }
}
