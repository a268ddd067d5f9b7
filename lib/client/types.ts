import type { AssetCheckSeverity } from '../model/asset-check';
import type { InstancePause } from '../model/instance-pause';
import type { JsonObject, JsonValue } from '../model/json';
import type { CodeLocationVersion } from '../model/pushed-code-location';
import type { RunStatus } from '../model/run-status';
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
