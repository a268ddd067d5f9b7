import type { DefinitionNames } from './definition-names';
import type { LogLevel } from './event';
import type { JsonObject, JsonValue } from './json';
import type { Manifest } from './manifest';
import type { Metadata } from './metadata';
import type { InstigatorResult } from './run-request';
import type { RunStatus } from './run-status';
import type { DeliveredEvent } from './sensor-event';
import type { SerializableError } from './serializable-error';
import type { Tags } from './tags';

/** What is known of a code location. A broken one keeps its last good manifest and shows its error. */
export interface CodeLocation {
  readonly name: string;
  readonly status: 'LOADING' | 'LOADED';
  /** Null until it loaded once. */
  readonly manifest: Manifest | null;
  readonly bundleHash: string | null;
  /** Why the newest code does not load; the manifest, if any, is the last good one. */
  readonly error: SerializableError | null;
  /** Epoch ms of the last change. */
  readonly updatedAt: number;
}

/** A finished run, as a run-status sensor sees it. */
export interface RunStatusChange {
  readonly storageId: number;
  readonly runId: string;
  readonly location: string;
  readonly jobName: string;
  readonly status: RunStatus;
  readonly tags: Tags;
  readonly timestamp: number;
  readonly cause: string | null;
}

/** A materialization, as an asset sensor sees it. */
export interface AssetUpdate {
  readonly storageId: number;
  readonly assetKey: string;
  readonly runId: string | null;
  readonly partition: string | null;
  readonly timestamp: number;
  readonly metadata: Metadata;
}

/** Requests to the process that holds a location's code. Everything that needs user code, and nothing else. */
export type CodeLocationRequest =
  | { readonly kind: 'manifest' }
  /** Loads the code and names what it defines: a manifest may be larger than an answer can be. */
  | { readonly kind: 'definition-names' }
  | {
      readonly kind: 'evaluate-schedule';
      readonly schedule: string;
      /** Epoch ms. */
      readonly scheduledAt: number;
    }
  | {
      readonly kind: 'evaluate-sensor';
      readonly sensor: string;
      readonly cursor: string | null;
      readonly lastTickStartedAt: number | null;
      readonly lastRunKey: string | null;
      readonly runStatusChanges: readonly RunStatusChange[];
      readonly assetUpdates: readonly AssetUpdate[];
      /** The event that was pushed to it. */
      readonly event?: DeliveredEvent | null;
    }
  /** Whether a webhook was signed with a secret of the location; the secret stays there. */
  | {
      readonly kind: 'verify-signature';
      /** Names of secrets; any of them counts. */
      readonly secrets: readonly string[];
      /** HMAC-SHA256 over `signed`; all of these in Base64. */
      readonly signatures: readonly string[];
      readonly signed: string;
    }
  | { readonly kind: 'validate-config'; readonly job: string; readonly config: JsonObject }
  /** What a job whose config or tags depend on the partition gives to runs. */
  | {
      readonly kind: 'partition-config';
      readonly job: string;
      /** The partition keys of each run, in order. */
      readonly runs: readonly (readonly string[])[];
    };

/** What the function that holds a location's code is invoked with. */
export interface CodeLocationCall {
  readonly bundleHash: string;
  readonly request: CodeLocationRequest;
  /** After so long the function answers that user code took too long. */
  readonly timeoutSeconds: number;
}

/** A line logged by a schedule or sensor. */
export interface InstigatorLog {
  readonly level: LogLevel;
  readonly timestamp: number;
  readonly message: string;
}

/** One thing wrong with a run config. */
export interface ConfigError {
  /** Path from the root, e.g. `['ops', 'load', 'config', 'limit']`. */
  readonly path: readonly (string | number)[];
  readonly reason:
    | 'RUNTIME_TYPE_MISMATCH'
    | 'MISSING_REQUIRED_FIELD'
    | 'FIELD_NOT_DEFINED'
    | 'SELECTOR_FIELD_ERROR';
  readonly message: string;
}

export interface CodeLocationResponses {
  readonly manifest: Manifest;
  readonly 'definition-names': DefinitionNames;
  readonly 'evaluate-schedule': {
    readonly result: InstigatorResult;
    readonly logs: readonly InstigatorLog[];
  };
  readonly 'evaluate-sensor': { readonly result: InstigatorResult; readonly logs: readonly InstigatorLog[] };
  /** `no-secret`: none of them is set. */
  readonly 'verify-signature': { readonly verdict: 'right' | 'wrong' | 'no-secret' };
  readonly 'validate-config':
    | { readonly ok: true; readonly config: JsonObject }
    | { readonly ok: false; readonly errors: readonly ConfigError[] };
  /** One for each run, in order. */
  readonly 'partition-config': readonly PartitionConfigAnswer[];
}

/** What a job gives to a run for its partition. */
export interface PartitionConfig {
  /** Valid, with defaults. Null = the job's own, which does not depend on the partition. */
  readonly config: JsonObject | null;
  /** Tags beside the job's own. */
  readonly tags: Tags;
}

/** The same, or why its config does not fit. */
export type PartitionConfigAnswer =
  | ({ readonly ok: true } & PartitionConfig)
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** A reply on the wire: the value, or what user code threw. */
export type CodeLocationReply<T = JsonValue> = { readonly ok: true; readonly value: T } | CodeLocationFailure;

export interface CodeLocationFailure {
  readonly ok: false;
  readonly error: SerializableError;
  /** What a schedule or sensor had logged before it threw. Absent = nothing. */
  readonly logs?: readonly InstigatorLog[];
}
