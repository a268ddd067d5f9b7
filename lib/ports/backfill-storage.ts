import type { AssetKey } from '../model/asset-key';
import type {
  Backfill,
  BackfillEvent,
  BackfillStatus,
  BackfillTargetStatus,
  NewBackfill,
} from '../model/backfill';
import type { NewRun } from '../model/run';
import type { SerializableError } from '../model/serializable-error';
import type { RunFilter } from './run-storage';

/** Backfills, and how each of their partitions stands. */
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
  /** Any of them. */
  readonly jobNames?: readonly string[] | undefined;
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
