import type { AssetCheckEvaluation, AssetCheckKey } from './asset-check';
import type { AssetKey } from './asset-key';
import type { FreshnessState } from './freshness';
import type { JsonObject } from './json';
import type { Metadata } from './metadata';
import type { FailureReason } from './run';
import type { SerializableError } from './serializable-error';
import type { Tags } from './tags';

/** Whose fault the failure of a step is. */
export const ERROR_SOURCES = ['USER_CODE_ERROR', 'FRAMEWORK_ERROR', 'UNEXPECTED_ERROR', 'INTERRUPT'] as const;
export type ErrorSource = (typeof ERROR_SOURCES)[number];

/** Payload of each event type; the names are Dagster's. */
export interface EventData {
  readonly RUN_ENQUEUED: JsonObject;
  readonly RUN_DEQUEUED: JsonObject;
  readonly RUN_STARTING: { readonly attempt: number };
  readonly RUN_START: { readonly workerId: string };
  readonly RUN_SUCCESS: JsonObject;
  readonly RUN_FAILURE: { readonly reason: FailureReason; readonly error?: SerializableError };
  readonly RUN_CANCELING: JsonObject;
  readonly RUN_CANCELED: JsonObject;
  /** The system speaks: launches, time-outs, lost workers, retries of attempts. */
  readonly ENGINE_EVENT: { readonly error?: SerializableError; readonly metadata?: Metadata };
  readonly STEP_WORKER_STARTED: { readonly pid: number };
  readonly STEP_START: JsonObject;
  readonly STEP_INPUT: { readonly input: string };
  /** The upstream names the step that stored the value, unless there were several or none in this run. */
  readonly LOADED_INPUT: {
    readonly input: string;
    readonly ioManager: string;
    readonly upstreamStep?: string;
    readonly upstreamOutput?: string;
  };
  readonly STEP_OUTPUT: { readonly output: string; readonly mappingKey?: string };
  readonly HANDLED_OUTPUT: {
    readonly output: string;
    readonly ioManager: string;
    readonly metadata: Metadata;
  };
  readonly STEP_SUCCESS: { readonly seconds: number };
  /** `metadata` is what user code gave with its `Failure`. */
  readonly STEP_FAILURE: {
    readonly error: SerializableError;
    readonly errorSource?: ErrorSource;
    readonly exitReason?: string;
    readonly metadata?: Metadata;
  };
  readonly STEP_SKIPPED: { readonly reason: string };
  readonly STEP_UP_FOR_RETRY: {
    readonly error: SerializableError;
    readonly secondsToWait: number;
    readonly metadata?: Metadata;
  };
  readonly STEP_RESTARTED: JsonObject;
  /** Fields tell which: waiting for a pool slot, and by whom it is held. */
  readonly STEP_WAITING: { readonly pool: string; readonly holders: readonly string[] };
  readonly RESOURCE_INIT_STARTED: { readonly resources: readonly string[] };
  readonly RESOURCE_INIT_SUCCESS: { readonly resources: readonly string[]; readonly seconds: number };
  readonly RESOURCE_INIT_FAILURE: {
    readonly resources: readonly string[];
    readonly error: SerializableError;
  };
  readonly HOOK_COMPLETED: { readonly hook: string };
  readonly HOOK_ERRORED: { readonly hook: string; readonly error: SerializableError };
  readonly HOOK_SKIPPED: { readonly hook: string };
  /** `logKey` names the captured stdout/stderr of a step try, see `compute-log.ts`. */
  readonly LOGS_CAPTURED: { readonly logKey: readonly string[] };
  /** A line that user code logged through `context.log`. */
  readonly LOG_MESSAGE: { readonly fields?: JsonObject };
  readonly ASSET_MATERIALIZATION_PLANNED: JsonObject;
  readonly ASSET_MATERIALIZATION: {
    readonly metadata: Metadata;
    readonly tags: Tags;
    readonly description?: string;
    readonly dataVersion?: string;
    readonly codeVersion?: string;
    /** Data version of each input at the time. */
    readonly inputDataVersions: Readonly<Record<AssetKey, string>>;
  };
  readonly ASSET_OBSERVATION: {
    readonly metadata: Metadata;
    readonly tags: Tags;
    readonly dataVersion?: string;
  };
  readonly ASSET_FAILED_TO_MATERIALIZE: { readonly reason: string; readonly error?: SerializableError };
  readonly FRESHNESS_STATE_CHANGE: {
    readonly newState: FreshnessState;
    readonly previousState: FreshnessState;
  };
  readonly ASSET_CHECK_EVALUATION_PLANNED: AssetCheckKey & { readonly blocking: boolean };
  readonly ASSET_CHECK_EVALUATION: AssetCheckEvaluation & { readonly blocking: boolean };
}

export type EventType = keyof EventData;
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** An event as its producer writes it. */
export type NewEvent = {
  [T in EventType]: {
    readonly type: T;
    readonly data: EventData[T];
    /** Epoch milliseconds, the producer's clock. */
    readonly timestamp: number;
    readonly level: LogLevel;
    /** One line for people. */
    readonly message: string;
    readonly stepKey?: string | undefined;
    /** 1 for a step's first try. */
    readonly tryNumber?: number | undefined;
    readonly assetKey?: AssetKey | undefined;
    readonly partition?: string | undefined;
  };
}[EventType];

/** An event as stored. `runId` is null for runless (reported) asset events. */
export type StoredEvent = NewEvent & {
  /** Ascending, unique in the deployment; the cursor of every reader. */
  readonly storageId: number;
  readonly runId: string | null;
  readonly attempt: number;
};

/** Narrows an event to one type. */
export type EventOf<T extends EventType, E extends NewEvent = NewEvent> = Extract<E, { readonly type: T }>;
