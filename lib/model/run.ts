import type { AssetCheckKey } from './asset-check';
import type { AssetKey } from './asset-key';
import type { ExecutionPlan } from './execution-plan';
import type { JsonObject } from './json';
import type { RunDependencies } from './run-dependency';
import type { RunStatus } from './run-status';
import type { Tags } from './tags';

/** The implicit job of a location that holds all its assets (Dagster's name). */
export const ASSET_JOB = '__ASSET_JOB';

/** Who asked for a run, with the key under which they ask at most once. */
export interface RunOrigin {
  readonly kind: 'schedule' | 'sensor' | 'backfill' | 'manual' | 'retry';
  /** Schedule's, sensor's or backfill's name; the parent run's id for `retry`; empty for `manual`. */
  readonly name: string;
  /** Unique for ever within (location, kind, name); null = always a new run. */
  readonly runKey: string | null;
}

/** What is asked for when a run is created. The plan is frozen here: later code changes do not touch it. */
export interface NewRun {
  /** UUID chosen by the caller, so that a repeated call is recognised. */
  readonly runId: string;
  readonly location: string;
  readonly jobName: string;
  /** Content hash of the bundle that will execute it. */
  readonly bundleHash: string;
  readonly config: JsonObject;
  readonly tags: Tags;
  /** Null = everything in the job. */
  readonly assetSelection: readonly AssetKey[] | null;
  readonly assetCheckSelection: readonly AssetCheckKey[] | null;
  readonly stepKeys: readonly string[] | null;
  readonly plan: ExecutionPlan;
  readonly parentRunId: string | null;
  readonly rootRunId: string | null;
  readonly origin: RunOrigin;
  /** From `Idempotency-Key`; unique for ever; null = none. */
  readonly idempotencyKey: string | null;
  /** What it starts after. Absent = nothing. */
  readonly dependencies?: RunDependencies | null;
}

/** One execution of a job or of a selection of assets. Instants are epoch milliseconds. */
export interface Run {
  readonly runId: string;
  readonly location: string;
  readonly jobName: string;
  readonly bundleHash: string;
  readonly status: RunStatus;
  readonly config: JsonObject;
  readonly tags: Tags;
  readonly assetSelection: readonly AssetKey[] | null;
  readonly assetCheckSelection: readonly AssetCheckKey[] | null;
  readonly stepKeys: readonly string[] | null;
  readonly parentRunId: string | null;
  readonly rootRunId: string | null;
  readonly origin: RunOrigin;
  /** Number of the current (or last) attempt; 0 while never claimed. */
  readonly attempt: number;
  readonly createdAt: number;
  /** When the current attempt was claimed. */
  readonly claimedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly updatedAt: number;
  /**
   * Why it ended as it did, in the user's words; null while running or after success. While it is CANCELING, who
   * asked for that; while it is SUSPENDED, what it waits for.
   */
  readonly cause: string | null;
  /** When a SUSPENDED run goes back to the queue; null for others. */
  readonly resumeAt?: number | null;
  /** Attempts that ended by being suspended, which is no failure. Absent = 0. */
  readonly suspensions?: number;
  /** Pools of all steps of its plan, in order. Absent or null = none. */
  readonly pools?: readonly string[] | null;
}

/** Names one attempt; `token` is its secret, without which no worker function accepts a write. */
export interface AttemptRef {
  readonly runId: string;
  readonly attempt: number;
  /** Identifies the process that serves the attempt; the first to start wins. */
  readonly workerId: string;
  readonly token: string;
}

/** Reasons of failure (tag `dagster/failure_reason`), Dagster's words. */
export type FailureReason =
  | 'UNEXPECTED_TERMINATION'
  | 'RUN_EXCEPTION'
  | 'STEP_FAILURE'
  | 'JOB_INITIALIZATION_FAILURE'
  | 'START_TIMEOUT'
  | 'RUN_WORKER_RESTART'
  /** Ours: Dagster says it in the message only. */
  | 'MAX_RUNTIME_EXCEEDED'
  | 'UNKNOWN';
