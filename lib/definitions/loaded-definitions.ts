import type { AssetCheckKey, AssetCheckSeverity } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type {
  AssetUpdate,
  CodeLocationResponses,
  PartitionConfigAnswer,
  RunStatusChange,
} from '../model/code-location';
import type { LogLevel } from '../model/event';
import type { JsonObject } from '../model/json';
import type { Manifest, SourcePosition } from '../model/manifest';
import type { RawMetadata } from '../model/metadata';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import type { InstigatorResult } from '../model/run-request';
import type { DeliveredEvent } from '../model/sensor-event';
import type { Tags } from '../model/tags';

/**
 * The interface between a bundle (user code with the definitions library inside it) and its host (worker or
 * code-location server). Plain objects and functions only: host and bundle may hold different copies of the
 * library, so nothing here is ever tested with `instanceof`. Versioned by `API_VERSION`.
 */
export interface LoadedDefinitions {
  readonly apiVersion: number;
  /**
   * The manifest for a location of this name. `locate` turns positions of the running bundle into those of the
   * user's source; without it they stay as they are.
   */
  manifest(
    location: string,
    locate?: (position: {
      readonly file: string;
      readonly line: number;
      readonly column: number;
    }) => SourcePosition,
  ): Manifest;
  readonly ops: Readonly<Record<string, ExecutableOp>>;
  /** IO managers are resources whose value is an `IoManager`. */
  readonly resources: Readonly<Record<string, ExecutableResource>>;
  readonly schedules: Readonly<Record<string, ExecutableSchedule>>;
  readonly sensors: Readonly<Record<string, ExecutableSensor>>;
  readonly hooks: Readonly<Record<string, ExecutableHook>>;
  /** Checks a run config against a job's schemas and fills in defaults. */
  validateConfig(job: string, config: JsonObject): CodeLocationResponses['validate-config'];
  /** What a job gives to a run for its partition; bundles of earlier versions have none. */
  partitionConfig?(job: string, partition: PartitionInfo): PartitionConfigAnswer;
}

/** What `bundle.mjs` exports. */
export interface BundleModule {
  readonly definitions: LoadedDefinitions;
}

/** What every piece of user code can know about the run it belongs to. */
export interface RunInfo {
  readonly runId: string;
  /** Fencing token: grows with every attempt; give it to outside systems that can refuse older writers. */
  readonly attempt: number;
  readonly jobName: string;
  readonly location: string;
  readonly tags: Tags;
}

/** A structured logger: each call is an event of the run. */
export interface Logger {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warning(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** A half-open interval of instants, as ISO 8601 in UTC. */
export interface TimeWindow {
  readonly start: string;
  readonly end: string;
}

/** The partition, or contiguous partitions, that a step works on. */
export interface PartitionInfo {
  /** The key; the first one in a range run. */
  readonly key: string;
  /** All keys of the range in order. */
  readonly keys: readonly string[];
  /** Time-window partitions only: from the first key's start to the last key's end. */
  readonly window: TimeWindow | null;
  /** Two-dimensional partitions only: dimension → key. */
  readonly dimensions: Readonly<Record<string, string>> | null;
}

/** What the host gives to a step. */
export interface StepContext {
  readonly run: RunInfo;
  readonly stepKey: string;
  /** 1 for the first try. */
  readonly tryNumber: number;
  /** Validated config of this op. */
  readonly config: unknown;
  /** Values of the op's resources, by name. */
  readonly resources: Readonly<Record<string, unknown>>;
  readonly partition: PartitionInfo | null;
  readonly selectedAssets: readonly AssetKey[];
  readonly selectedChecks: readonly AssetCheckKey[];
  readonly log: Logger;
  /** When this try started, epoch ms. */
  readonly startedAt: number;
  /** Past materializations, or observations, of an asset that the step checks, newest first. */
  materializations(query: PastMaterializationsQuery): Promise<readonly PastMaterialization[]>;
  /** Aborted on cancel and on time-out. */
  readonly signal: AbortSignal;
}

/** What a step's code produces, in order. */
export type OpEvent =
  | {
      readonly type: 'output';
      readonly name: string;
      readonly value: unknown;
      readonly mappingKey?: string;
      readonly metadata?: RawMetadata;
    }
  | {
      readonly type: 'materialization';
      readonly asset: AssetKey;
      readonly partition?: string;
      readonly metadata?: RawMetadata;
      readonly tags?: Tags;
      readonly description?: string;
      readonly dataVersion?: string;
    }
  | {
      readonly type: 'observation';
      readonly asset: AssetKey;
      readonly partition?: string;
      readonly metadata?: RawMetadata;
      readonly dataVersion?: string;
      readonly tags?: Tags;
    }
  | {
      readonly type: 'check';
      readonly asset: AssetKey;
      readonly name: string;
      readonly passed: boolean;
      readonly severity?: AssetCheckSeverity;
      readonly description?: string;
      readonly metadata?: RawMetadata;
      readonly partition?: string;
    }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields?: JsonObject;
    };

export interface ExecutableOp {
  /** Runs user code; the host adds step events, IO, retries and capture around it. */
  run(context: StepContext, inputs: Readonly<Record<string, unknown>>): AsyncIterable<OpEvent>;
}

export interface ResourceContext {
  readonly run: RunInfo | null;
  readonly stepKey: string | null;
  /** Config of this resource from the run config, defaults applied; null when there is none. */
  readonly config: unknown;
  /** Values of the resources it depends on. */
  readonly resources: Readonly<Record<string, unknown>>;
  /** Resolves an environment variable or secret named in code; undefined when unset. */
  env(name: string): string | undefined;
  /** Registers a value to be masked in logs, events and errors. */
  mask(secret: string): void;
  readonly log: Logger;
  /** Bytes by key, kept for the deployment: what the default IO manager stores values in. */
  readonly artifacts: ArtifactStore;
}

export interface ArtifactStore {
  put(key: string, body: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
}

export interface ExecutableResource {
  setUp(context: ResourceContext): Promise<{ readonly value: unknown; tearDown?(): Promise<void> }>;
}

/** Where a value goes or comes from. */
export interface IoContext {
  readonly run: RunInfo;
  /** The asset, for asset values; null for op outputs. */
  readonly asset: AssetKey | null;
  /** Step and output that made (or make) the value. */
  readonly stepKey: string;
  readonly output: string;
  readonly mappingKey: string | null;
  /** Partition keys of the value; null when unpartitioned. */
  readonly partitionKeys: readonly string[] | null;
  readonly metadata: RawMetadata;
}

/** Stores values between steps and runs. */
export interface IoManager<T = unknown> {
  /** Returns metadata for the HANDLED_OUTPUT event, or nothing. */
  handleOutput(context: IoContext, value: T): Promise<RawMetadata | undefined>;
  loadInput(context: IoContext): Promise<T>;
}

export interface InstigatorContext {
  readonly log: Logger;
  readonly resources: Readonly<Record<string, unknown>>;
}

export interface ExecutableSchedule {
  readonly resources: readonly string[];
  /** `scheduledAt`: epoch ms of the tick. */
  evaluate(context: InstigatorContext & { readonly scheduledAt: number }): Promise<InstigatorResult>;
}

export interface SensorEvaluation {
  readonly cursor: string | null;
  readonly lastTickStartedAt: number | null;
  readonly lastRunKey: string | null;
  readonly runStatusChanges: readonly RunStatusChange[];
  readonly assetUpdates: readonly AssetUpdate[];
  /** The event that was pushed to it; hosts of earlier versions give none. */
  readonly event?: DeliveredEvent | null;
}

export interface ExecutableSensor {
  readonly resources: readonly string[];
  evaluate(context: InstigatorContext & SensorEvaluation): Promise<InstigatorResult>;
}

export interface ExecutableHook {
  readonly on: 'success' | 'failure';
  readonly resources: readonly string[];
  run(
    context: StepContext & { readonly error: { readonly name: string; readonly message: string } | null },
  ): Promise<void>;
}

/**
 * Marks on errors thrown by user code, read by shape: `allowRetries: false` forbids the retry policy,
 * `retryRequested` asks for one.
 */
export interface StepErrorMarks {
  readonly allowRetries?: boolean;
  readonly retryRequested?: { readonly maxRetries: number; readonly secondsToWait: number };
  readonly metadata?: RawMetadata;
}
