import type { AssetCheckSeverity } from '../model/asset-check';
import type { AuditEntry } from '../model/audit-entry';
import type { BackfillStatus } from '../model/backfill';
import type { InstancePause } from '../model/instance-pause';
import type { JsonObject, JsonValue } from '../model/json';
import type { CodeLocationVersion } from '../model/pushed-code-location';
import type { RunStatus } from '../model/run-status';
import type { SensorEventStatus } from '../model/sensor-event';
import type { Tags } from '../model/tags';

/** Body of `POST /api/runs`: a job, or a selection of assets. */
export interface LaunchRunBody {
  /** Name of a job; exclusive with `assets`. */
  readonly job?: string;
  /** Code location; needed only when the job's name is not unique. */
  readonly location?: string;
  /** Asset selections, e.g. `raw/earthquakes+`; their union is materialized. */
  readonly assets?: readonly string[];
  readonly partition?: string;
  readonly config?: JsonObject;
  readonly tags?: Tags;
  /** Higher first; default 0. */
  readonly priority?: number;
  /** What the run starts after; when that can no longer be, it is canceled with the cause. */
  readonly after?: {
    /** Ids, or their beginnings. */
    readonly runs?: readonly string[];
    /** The newest run of each job; `location/job` where a name is not unique. */
    readonly jobs?: readonly string[];
    /** Default `success`. */
    readonly on?: 'success' | 'end';
    /** Default `all`. */
    readonly mode?: 'all' | 'any';
  };
}

/** Answer of `POST /api/runs`. */
export interface LaunchedRun {
  readonly runId: string;
  readonly status: RunStatus;
  /** False when the idempotency key had its run already. */
  readonly created: boolean;
}

/** A sensor by its address. */
export interface SensorAddress {
  readonly location: string;
  readonly name: string;
}

/** Body of `POST /api/sensors/{location}/{sensor}/events`. */
export interface SendSensorEventBody {
  readonly body: JsonValue;
  /** The same id is one event, however often it is sent; default a new one. */
  readonly eventId?: string;
}

export interface ReceivedEvent {
  readonly eventId: string;
  /** False when the event had come before. */
  readonly created: boolean;
}

/** An event that a sensor was sent. Instants are epoch milliseconds. */
export interface SensorEventView {
  readonly eventId: string;
  readonly status: SensorEventStatus;
  readonly body: JsonValue;
  readonly receivedAt: number;
  readonly acceptedAt: number;
  readonly attempts: number;
  /** Null when it is not to be evaluated. */
  readonly nextAttemptAt: number | null;
  readonly tickId: number | null;
}

/** Body of `POST /api/runs/{id}/reexecute`. */
export interface ReexecuteRunBody {
  /** Default `FROM_FAILURE`: steps that failed or did not run. */
  readonly strategy?: 'ALL_STEPS' | 'FROM_FAILURE' | 'FROM_ASSET_FAILURE';
  /** Only these steps, instead of a strategy; `+load`, `load*` and the like select around one. */
  readonly steps?: readonly string[];
  readonly tags?: Tags;
  /** Default true. */
  readonly parentTags?: boolean;
}

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

/** A run as the REST API shows it; instants are epoch milliseconds. */
export interface RunView {
  readonly runId: string;
  readonly location: string;
  readonly job: string;
  readonly status: RunStatus;
  readonly tags: Tags;
  readonly assets: readonly string[] | null;
  readonly partition: string | null;
  readonly attempt: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Why it failed or was canceled. */
  readonly cause: string | null;
  /** Why it is still queued; null when the next claim takes it. */
  readonly waitingFor: string | null;
}

/** Body of `POST /api/tokens`. */
export interface NewApiToken {
  /** Whom runs are said to be launched by, e.g. `ci`. */
  readonly name: string;
  /** Default `launcher`. */
  readonly role?: 'viewer' | 'launcher' | 'editor' | 'admin';
  /** Its role counts in these code locations only; default: everywhere. */
  readonly locations?: readonly string[];
  /** Default 90, at most 366. */
  readonly expiresInDays?: number;
}

/** A token as it is listed; instants are epoch milliseconds. */
export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  readonly role: 'viewer' | 'launcher' | 'editor' | 'admin';
  /** Null = all. */
  readonly locations: readonly string[] | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  /** To the hour; null = never. */
  readonly lastUsedAt: number | null;
}

/** Answer of `GET /api/audit`. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Pass it to get older entries; null = there are none. */
  readonly cursor: number | null;
}

/** Answer of `POST /api/tokens`. */
export interface CreatedApiToken extends ApiTokenView {
  /** Shown this once: only its hash is kept. */
  readonly token: string;
}

/** Answer of `POST /api/runs/{id}/fail`. */
export interface FailedRun {
  readonly run: RunView;
  /** Whether its worker is known to have stopped; what it says is refused anyway. */
  readonly stopped: boolean;
}

/** Answer of `GET /api/runs/{id}/debug`: plain data for a person who looks into a failure. */
export interface RunDebugInfo {
  readonly run: JsonValue;
  readonly plan: JsonValue;
  readonly ticks: readonly JsonValue[];
  readonly stepStats: JsonValue;
  readonly settings: JsonValue;
  readonly version: string;
  readonly codeLocation: JsonValue;
}

/** A deployment as a whole. */
export interface InstanceView {
  readonly version: string;
  /** Null when it is not paused. */
  readonly paused: InstancePause | null;
  /** Runs that are starting, started or canceling. */
  readonly activeRuns: number;
  readonly queuedRuns: number;
}

/** A code location: the version in force and those before. */
export interface CodeLocationView {
  readonly name: string;
  /** Null = it has no code yet. */
  readonly bundleHash: string | null;
  /** Why the newest code does not load. */
  readonly error: string | null;
  readonly updatedAt: number;
  /** Pushed versions, newest first; empty where code is read from files. */
  readonly versions: readonly CodeLocationVersion[];
}

/** Answer of `GET /api/code-locations`. */
export interface CodeLocationsView {
  /** Version of the interface between host and code that the deployment understands. */
  readonly apiVersion: number;
  readonly locations: readonly CodeLocationView[];
}

/** Answer of `GET /api/code-locations/{name}/difference`: the definitions that differ between two versions. */
export interface CodeLocationDifference {
  readonly location: string;
  /** Null = there was nothing before. */
  readonly from: string | null;
  readonly to: string;
  /** By kind, then name. Empty: code changed at most, definitions did not. */
  readonly changes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly change: 'added' | 'removed' | 'changed';
    /** What changed in it, in words. */
    readonly fields: readonly { readonly field: string; readonly text: string }[];
  }[];
}

/** Answer of `POST /api/code-locations/{name}/rollback`. */
export interface RolledBack {
  readonly location: string;
  /** The version in force now. */
  readonly bundleHash: string;
  readonly previous: string | null;
}

/** Body of `POST /api/assets/{key}/observations`. */
export interface ObservationReport {
  readonly partition?: string;
  /** Facts by label: plain values, or values of a kind such as `{ kind: 'md', value: '**ok**' }`. */
  readonly metadata?: JsonObject;
  readonly tags?: Tags;
  /** Names the state of the data; a new one makes what is downstream stale. */
  readonly dataVersion?: string;
}

/** Body of `POST /api/assets/{key}/materializations`; a partitioned asset needs its `partition`. */
export interface MaterializationReport extends ObservationReport {
  readonly description?: string;
}

/** Body of `POST /api/assets/{key}/checks/{name}`. */
export interface AssetCheckReport {
  readonly passed: boolean;
  /** Of a failure; default `ERROR`. */
  readonly severity?: AssetCheckSeverity;
  readonly description?: string;
  readonly metadata?: JsonObject;
  readonly partition?: string;
}

/** Answer of every report. */
export interface Reported {
  readonly asset: string;
  readonly partition: string | null;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** A page of a step's captured output. */
export interface LogPage {
  readonly text: string;
  /** Pass it to get what follows. */
  readonly cursor: string;
  /** No more will come. */
  readonly complete: boolean;
}

/** A failed request, as `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What to do. */
  readonly remedy?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
