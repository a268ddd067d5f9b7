import type { AssetKey } from './asset-key';
import type { JsonObject } from './json';
import type { SerializableError } from './serializable-error';
import type { Tags } from './tags';

/**
 * Dagster's statuses. FAILED: the backfill itself could not go on, and its runs were canceled. COMPLETED_FAILED: it
 * came to its end, but not every partition was made.
 */
export const BACKFILL_STATUSES = [
  'REQUESTED',
  'CANCELING',
  'CANCELED',
  'FAILING',
  'FAILED',
  'COMPLETED_SUCCESS',
  'COMPLETED_FAILED',
] as const;
export type BackfillStatus = (typeof BACKFILL_STATUSES)[number];

/** Statuses in which somebody has to take a backfill further. */
export const LIVE_BACKFILL_STATUSES: readonly BackfillStatus[] = ['REQUESTED', 'CANCELING', 'FAILING'];

/** The run that makes it decides; see the table `backfill_targets`. */
export type BackfillTargetStatus =
  | 'PENDING'
  | 'REQUESTED'
  | 'SUCCESS'
  | 'FAILED'
  | 'CANCELED'
  /** A run that succeeded did not make it. */
  | 'SKIPPED'
  /** Never requested: something that it depends on was not made. */
  | 'BLOCKED';

/** Partitions of one asset, or of a job (`asset` null). The partition of an asset without any is ''. */
export interface BackfillTarget {
  readonly asset: AssetKey | null;
  readonly partitions: readonly string[];
}

/** A backfill to be stored. */
export interface NewBackfill {
  /** Eight letters, as in Dagster; the tag `dagster/backfill` of its runs. */
  readonly backfillId: string;
  readonly location: string;
  readonly jobName: string;
  /** Those of its assets; of a job `location` alone. */
  readonly locations: readonly string[];
  /** Null = a backfill of the job as such. */
  readonly assetSelection: readonly AssetKey[] | null;
  readonly config: JsonObject;
  /** Of its runs. */
  readonly tags: Tags;
  readonly title: string | null;
  readonly description: string | null;
  /** Jobs only: every run goes on from the last failed one of its partition; others are left out. */
  readonly fromFailure: boolean;
  readonly parentBackfillId: string | null;
  readonly rootBackfillId: string | null;
  /** In topological order. */
  readonly targets: readonly BackfillTarget[];
}

/** Work over many partitions: which of them are done is stored apart from the runs that do it. Instants are epoch ms. */
export interface Backfill extends Omit<NewBackfill, 'targets'> {
  readonly status: BackfillStatus;
  /** Raised by every change but those of its targets. */
  readonly version: number;
  /** Null = not paused. */
  readonly pausedAt: number | null;
  /** Who canceled it, or why it failed; null otherwise. */
  readonly cause: string | null;
  readonly error: SerializableError | null;
  /** Iterations in a row that failed. */
  readonly failureCount: number;
  readonly nextIterationAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly updatedAt: number;
  readonly counts: readonly {
    readonly asset: AssetKey | null;
    readonly status: BackfillTargetStatus;
    readonly count: number;
  }[];
}

export const isBackfillLive = ({ status }: Pick<Backfill, 'status'>): boolean =>
  LIVE_BACKFILL_STATUSES.includes(status);

/** Something that a backfill said as it went on. */
export interface BackfillEvent {
  /** Ascending. */
  readonly eventId: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly level: 'INFO' | 'ERROR';
  readonly message: string;
}

/** How far a backfill, or one asset of it, is. */
export interface BackfillProgress {
  readonly targeted: number;
  readonly inProgress: number;
  readonly completed: number;
  /** With what was canceled, skipped or blocked. */
  readonly failed: number;
}

const GROUP: Readonly<Record<BackfillTargetStatus, keyof Omit<BackfillProgress, 'targeted'> | null>> = {
  PENDING: null,
  REQUESTED: 'inProgress',
  SUCCESS: 'completed',
  FAILED: 'failed',
  CANCELED: 'failed',
  SKIPPED: 'failed',
  BLOCKED: 'failed',
};

/** @param asset only this one; absent = all */
export function backfillProgress(
  { counts }: Pick<Backfill, 'counts'>,
  asset?: AssetKey | null,
): BackfillProgress {
  const progress = { targeted: 0, inProgress: 0, completed: 0, failed: 0 };
  for (const entry of counts) {
    if (asset !== undefined && entry.asset !== asset) continue;
    progress.targeted += entry.count;
    const group = GROUP[entry.status];
    if (group !== null) progress[group] += entry.count;
  }
  return progress;
}

/**
 * When a backfill will be done if it goes on as it has so far, epoch ms; null while nothing of it is done, when it is
 * paused, and after its end. Its first partitions wait for their workers, so the estimate is late at first.
 */
export function estimateBackfillEnd(
  backfill: Pick<Backfill, 'counts' | 'createdAt' | 'endedAt' | 'pausedAt'>,
  now: number,
): number | null {
  const { targeted, completed, failed } = backfillProgress(backfill);
  const done = completed + failed;
  if (done === 0 || backfill.endedAt !== null || backfill.pausedAt !== null) return null;
  return Math.round(now + ((now - backfill.createdAt) / done) * (targeted - done));
}
