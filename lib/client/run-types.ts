import type { JsonObject, JsonValue } from '../model/json';
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

export interface ListRunsQuery {
  /** Of any of several jobs. */
  readonly job?: string | readonly string[] | undefined;
  readonly location?: string | undefined;
  readonly status?: readonly RunStatus[] | undefined;
  /** Each `key=value`. Several keys must all match; several values of one key match each. */
  readonly tag?: readonly string[] | undefined;
  /** Start of the run id. */
  readonly id?: string | undefined;
  readonly limit?: number | undefined;
  /** Runs older than this run id: the last one of the page before. */
  readonly cursor?: string | undefined;
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

export interface StepLogsQuery {
  readonly runId: string;
  readonly step: string;
  readonly try: number;
  readonly stream: 'stdout' | 'stderr';
  readonly cursor?: string | undefined;
}

/** A page of a step's captured output. */
export interface LogPage {
  readonly text: string;
  /** Pass it to get what follows. */
  readonly cursor: string;
  /** No more will come. */
  readonly complete: boolean;
}
