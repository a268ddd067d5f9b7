import type { AssetCheckKey } from './asset-check';
import type { AssetKey } from './asset-key';
import type { JsonObject, JsonValue } from './json';
import type { Metadata } from './metadata';
import type { PartitionMappingSpec } from './partition-mappings';
import type { PartitionsSpec } from './partitions';
import type { RetryPolicy } from './retry-policy';
import type { EventSourceSpec } from './sensor-event';
import type { Tags } from './tags';

/** Version of the interface between host and bundle; `push` refuses what the host does not know. */
export const API_VERSION = 1;

/** Where a definition stands in the user's source. */
export interface SourcePosition {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** One edge of the asset graph. */
export interface AssetDependency {
  readonly key: AssetKey;
  /** `data`: loaded through the upstream's IO manager into this input. `ordering`: lineage and order only. */
  readonly kind: 'data' | 'ordering';
  /** The input's name for `data`. */
  readonly input: string | null;
  /** Null = inferred from the two partitions definitions. */
  readonly mapping: PartitionMappingSpec | null;
}

/** When an asset is fresh. Durations in seconds. */
export type FreshnessPolicySpec =
  | { readonly kind: 'time_window'; readonly failWindow: number; readonly warnWindow: number | null }
  | {
      readonly kind: 'cron';
      readonly deadlineCron: string;
      readonly lowerBoundDelta: number;
      readonly timezone: string;
    };

/** A tree of automation operators as data, e.g. `{ op: 'on_cron', cron: '@daily' }`. */
export type AutomationConditionSpec = { readonly op: string; readonly label?: string } & JsonObject;

export interface AssetManifest {
  readonly key: AssetKey;
  /** The op that materializes or observes it; null when runs here do neither. */
  readonly op: string | null;
  /** Its op observes it: it is made elsewhere. Absent = no. */
  readonly isObservable?: true;
  readonly dependencies: readonly AssetDependency[];
  readonly group: string;
  readonly description: string | null;
  readonly tags: Tags;
  readonly kinds: readonly string[];
  readonly owners: readonly string[];
  readonly metadata: Metadata;
  readonly codeVersion: string | null;
  readonly partitions: PartitionsSpec | null;
  readonly automationCondition: AutomationConditionSpec | null;
  readonly freshnessPolicy: FreshnessPolicySpec | null;
  /** Single-run or chunked backfills; null = one partition a run. */
  readonly backfillPolicy: { readonly maxPartitionsPerRun: number | null } | null;
  readonly ioManager: string;
  readonly source: SourcePosition;
}

export interface AssetCheckManifest extends AssetCheckKey {
  /** The op that evaluates it: the asset's own, or one of its own. */
  readonly op: string;
  readonly blocking: boolean;
  readonly description: string | null;
  readonly metadata: Metadata;
  /** When it is to be evaluated by itself. Absent = never. */
  readonly automationCondition?: AutomationConditionSpec;
  readonly source: SourcePosition;
}

export interface OpInputManifest {
  readonly name: string;
  readonly description: string | null;
  /** False for `Nothing` inputs: ordering without a value. */
  readonly hasValue: boolean;
}

export interface OpOutputManifest {
  readonly name: string;
  readonly description: string | null;
  readonly isDynamic: boolean;
  /** When false, not yielding it skips what depends on it. */
  readonly isRequired: boolean;
  readonly ioManager: string;
}

/** A unit of computation: an op, or the computation of one or more assets and checks. */
export interface OpManifest {
  readonly name: string;
  readonly description: string | null;
  readonly inputs: readonly OpInputManifest[];
  readonly outputs: readonly OpOutputManifest[];
  /** JSON schema of its config; null = takes none. */
  readonly configSchema: JsonObject | null;
  readonly resources: readonly string[];
  readonly retryPolicy: RetryPolicy | null;
  readonly pool: string | null;
  readonly tags: Tags;
  readonly codeVersion: string | null;
  readonly assets: readonly AssetKey[];
  readonly checks: readonly string[];
  /** Whether a run may ask for some of its assets only. */
  readonly canSubset: boolean;
  /** `process`: every step of it gets a process of its own. */
  readonly isolation: 'shared' | 'process';
  readonly source: SourcePosition;
}

/** Where a graph job's node takes an input from. */
export interface NodeInput {
  readonly name: string;
  readonly from: readonly { readonly node: string; readonly output: string; readonly collect: boolean }[];
}

/** One node of a graph job, nested graphs flattened: `outer.inner`. */
export interface JobNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly NodeInput[];
  /** Nodes that come before without giving a value. */
  readonly after: readonly string[];
  readonly tags: Tags;
  readonly retryPolicy: RetryPolicy | null;
  /** The node whose dynamic output multiplies this one. */
  readonly mappedOver: { readonly node: string; readonly output: string } | null;
}

export interface JobManifest {
  readonly name: string;
  readonly description: string | null;
  /** Filters jobs. */
  readonly tags: Tags;
  /** Put on each run. */
  readonly runTags: Tags;
  readonly metadata: Metadata;
  readonly partitions: PartitionsSpec | null;
  readonly owners: readonly string[];
  /** JSON schema of the whole run config. */
  readonly configSchema: JsonObject;
  readonly defaultConfig: JsonObject;
  /** Config or tags of its runs depend on their partition: the location is asked for them. Absent = they do not. */
  readonly isConfiguredByPartition?: true;
  readonly hooks: readonly string[];
  readonly maxConcurrentSteps: number | null;
  /** Asset jobs: the assets and checks it selects, resolved at build. Null for graph jobs. */
  readonly assets: readonly AssetKey[] | null;
  readonly assetChecks: readonly AssetCheckKey[] | null;
  /** Graph jobs: their nodes in topological order. Empty for asset jobs. */
  readonly nodes: readonly JobNode[];
  /** When it is to be run by itself. Absent = never. */
  readonly automationCondition?: AutomationConditionSpec;
  readonly source: SourcePosition;
}

export interface ScheduleManifest {
  readonly name: string;
  readonly description: string | null;
  readonly cron: readonly string[];
  readonly timezone: string;
  readonly jobName: string;
  readonly defaultStatus: 'RUNNING' | 'STOPPED';
  /** Data form: the tick asks for this run. Null = ask the location (function form). */
  readonly request: {
    readonly config: JsonObject;
    readonly tags: Tags;
    readonly partitioned: boolean;
  } | null;
  readonly tags: Tags;
  readonly metadata: Metadata;
  readonly source: SourcePosition;
}

export interface SensorManifest {
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'STANDARD' | 'RUN_STATUS' | 'ASSET' | 'MULTI_ASSET' | 'AUTOMATION' | 'PUSH';
  readonly jobNames: readonly string[];
  /** Seconds between starts of evaluations, at least; 0 for PUSH. */
  readonly minimumIntervalSeconds: number;
  /** Failures in a row after which it turns itself off; 0 = never; null or absent = as the settings say. */
  readonly maxConsecutiveFailures?: number | null;
  readonly defaultStatus: 'RUNNING' | 'STOPPED';
  /** RUN_STATUS: statuses and jobs it follows (`location` null = own; `jobName` null = all). */
  readonly runStatus: {
    readonly statuses: readonly string[];
    readonly jobs: readonly { readonly location: string | null; readonly jobName: string | null }[];
  } | null;
  /** ASSET, MULTI_ASSET: keys it follows. */
  readonly assets: readonly AssetKey[];
  /** PUSH: what pushes events to it. Absent in manifests of earlier versions. */
  readonly eventSource?: EventSourceSpec | null;
  readonly tags: Tags;
  readonly metadata: Metadata;
  readonly source: SourcePosition;
}

export interface ResourceManifest {
  readonly name: string;
  readonly description: string | null;
  readonly configSchema: JsonObject | null;
  /** Values with secrets and environment variables shown by name, never by value. */
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly environment: readonly string[];
  readonly dependencies: readonly string[];
  readonly isIoManager: boolean;
  readonly source: SourcePosition;
}

/**
 * Everything a code location defines, as plain data: what the API, the dashboard and the daemons read, so that
 * none of them ever loads user code.
 */
export interface Manifest {
  readonly apiVersion: number;
  readonly location: string;
  readonly assets: readonly AssetManifest[];
  readonly assetChecks: readonly AssetCheckManifest[];
  readonly ops: readonly OpManifest[];
  /** Includes the implicit `__ASSET_JOB` when there is any materializable asset, or a check. */
  readonly jobs: readonly JobManifest[];
  readonly schedules: readonly ScheduleManifest[];
  readonly sensors: readonly SensorManifest[];
  readonly resources: readonly ResourceManifest[];
}
