import type { BackfillStatus } from '../model/backfill';
import type { JsonObject } from '../model/json';
import type { Tags } from '../model/tags';

/** Both ends included. */
export interface PartitionRange {
  readonly start: string;
  readonly end: string;
}

/** Body of `POST /api/backfills`: many partitions of a job, or of a selection of assets. */
export interface LaunchBackfillBody {
  /** Name of a partitioned job; exclusive with `assets`. */
  readonly job?: string;
  /** Code location; needed only when the job's name is not unique. */
  readonly location?: string;
  /** Asset selections, which may span code locations. */
  readonly assets?: readonly string[];
  /** Of the assets that come first; `missing`: never made, or failed the last time. */
  readonly partitions:
    | 'all'
    | 'missing'
    | readonly string[]
    | PartitionRange
    | {
        readonly byAsset: readonly { readonly asset: string; readonly ranges?: readonly PartitionRange[] }[];
      };
  /** Jobs only: go on from the last run of each partition where that failed. */
  readonly fromFailure?: boolean;
  readonly config?: JsonObject;
  /** Of its runs. */
  readonly tags?: Tags;
  /** Higher first; default 0. */
  readonly priority?: number;
  readonly title?: string;
  readonly description?: string;
}

/** Answer of `POST /api/backfills`. */
export interface LaunchedBackfill {
  readonly backfill: BackfillView;
  /** Those that could be requested at once; the others follow. */
  readonly runIds: readonly string[];
}

/** Partitions of a backfill by how they stand. */
export interface BackfillProgress {
  readonly targeted: number;
  readonly inProgress: number;
  readonly completed: number;
  /** With what was canceled, left out, or held back by such a one. */
  readonly failed: number;
}

/** A backfill as the REST API shows it; instants are epoch milliseconds. */
export interface BackfillView extends BackfillProgress {
  /** Eight letters. */
  readonly backfillId: string;
  readonly status: BackfillStatus;
  readonly paused: boolean;
  /** Null = of assets. */
  readonly job: string | null;
  readonly assets: readonly string[] | null;
  readonly locations: readonly string[];
  readonly title: string | null;
  readonly description: string | null;
  readonly tags: Tags;
  readonly parentBackfillId: string | null;
  readonly byAsset: readonly (BackfillProgress & { readonly asset: string })[];
  /** Who canceled it, or why it failed. */
  readonly cause: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly estimatedEndAt: number | null;
}

export interface ListBackfillsQuery {
  readonly status?: readonly BackfillView['status'][] | undefined;
  readonly limit?: number | undefined;
  /** Backfills older than this id: the last one of the page before. */
  readonly cursor?: string | undefined;
}

/** Body of `POST /api/backfills/{id}/change`. */
export type BackfillChange =
  | { readonly change: 'cancel' | 'pause' | 'resume' }
  | { readonly change: 'priority'; readonly priority: number };

/** Answer of `POST /api/backfills/preview`. */
export interface BackfillPreview {
  readonly runCount: number;
  /** `asset` null = of a job. */
  readonly targets: readonly { readonly asset: string | null; readonly partitions: readonly string[] }[];
}

/** Something that a backfill said. */
export interface BackfillEventView {
  readonly eventId: number;
  readonly timestamp: number;
  readonly level: 'INFO' | 'ERROR';
  readonly message: string;
}
