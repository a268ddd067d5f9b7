import type { AssetKey } from '../model/asset-key';
import type { AutomationEvaluation, EvaluationShape, PackedEvaluation } from '../model/automation-evaluation';
import type { AutomationState } from '../model/automation-state';
import type { FreshnessState } from '../model/freshness';
import type { RunStatus } from '../model/run-status';
import type { Tags } from '../model/tags';

/** What automation conditions and freshness policies are evaluated from and come to. */
export interface AutomationStorage {
  /** What conditions of a location's assets remember. */
  automationStates(location: string): Promise<readonly StoredAutomationState[]>;
  /** What conditions look at, of the assets to which anything ever happened. */
  automationAssets(query: {
    readonly keys: readonly AssetKey[];
    /** Those of `keys` whose partitions are asked for. */
    readonly partitioned: readonly AssetKey[];
    /** Those of `keys` of which it is asked whether their latest execution failed; it costs a look-up each. */
    readonly failures: readonly AssetKey[];
    /** Those of `keys` of which observations count as updates. Absent = none. */
    readonly observable?: readonly AssetKey[];
  }): Promise<readonly AutomationAsset[]>;
  /** Updates after one position of the log, up to another one, oldest first. */
  automationUpdates(query: {
    readonly keys: readonly AssetKey[];
    readonly after: number;
    readonly through: number;
    readonly limit: number;
    /** Those of `keys` of which observations count as updates, as materializations do of all. Absent = none. */
    readonly observable?: readonly AssetKey[];
  }): Promise<readonly AutomationUpdate[]>;
  /** How runs of partitioned jobs went: of each partition that has any, the latest one. */
  automationJobPartitions(
    jobs: readonly { readonly location: string; readonly jobName: string }[],
  ): Promise<readonly AutomationJobPartition[]>;
  /** What conditions look at, of runs. */
  automationRuns(runIds: readonly string[]): Promise<readonly AutomationRun[]>;
  /** Newest first, keyset by evaluation id: those of an asset, or all of one tick. */
  automationEvaluations(
    query: { readonly limit: number; readonly before?: number } & (
      | { readonly key: AssetKey; readonly evaluationId?: number }
      | { readonly key?: undefined; readonly evaluationId: number }
    ),
  ): Promise<readonly AutomationEvaluation[]>;
  /** Removes evaluations before an instant, epoch ms, the oldest first; returns how many. */
  purgeAutomationEvaluations(before: number, limit: number): Promise<number>;
  /** Of every asset asked for, in any order. */
  freshnessRecords(keys: readonly AssetKey[]): Promise<readonly FreshnessRecord[]>;
  /** Keeps new states, and writes a FRESHNESS_STATE_CHANGE event each. Repeating it changes nothing. Returns how many changed. */
  recordFreshness(changes: readonly FreshnessChange[]): Promise<number>;
}

export interface StoredAutomationState {
  readonly key: AssetKey;
  readonly state: AutomationState;
}

export interface AutomationAsset {
  readonly key: AssetKey;
  readonly lastMaterialization: AutomationEvent | null;
  /** Of those that are observable. */
  readonly lastObservation: AutomationEvent | null;
  /** Planned, without a partition, by a run that has not ended and not made it. */
  readonly runInProgress: boolean;
  readonly backfillInProgress: boolean;
  readonly executionFailed: boolean;
  /** Or observed, of those that are observable. */
  readonly materialized: readonly string[];
  readonly partitionsInRuns: readonly string[];
  readonly partitionsInBackfills: readonly string[];
  readonly partitionsFailed: readonly string[];
}

export interface AutomationEvent {
  readonly storageId: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly partition: string | null;
  readonly runId: string | null;
}

export interface AutomationUpdate {
  readonly key: AssetKey;
  readonly storageId: number;
  readonly timestamp: number;
  readonly partition: string | null;
  readonly runId: string | null;
  /**
   * Its data version; of a run's materialization that has none, the run: each makes new data. Null = reported, or
   * observed, without one.
   */
  readonly version: string | null;
  /** The same of the one before it, of the same partition; null also when there was none. */
  readonly previousVersion: string | null;
}

export interface AutomationJobPartition {
  readonly location: string;
  readonly jobName: string;
  readonly partition: string;
  /** Of the latest run. */
  readonly status: RunStatus;
  readonly endedAt: number | null;
  /** When the latest one that succeeded ended, epoch ms; null = none did. */
  readonly lastSuccessAt: number | null;
}

export interface AutomationRun {
  readonly runId: string;
  readonly tags: Tags;
  /** What it planned to materialize. */
  readonly assets: readonly AssetKey[];
}

/** What a tick of an automation sensor leaves behind besides its runs. */
export interface AutomationTickOutcome {
  readonly states: readonly StoredAutomationState[];
  readonly evaluations: readonly (Pick<
    AutomationEvaluation,
    'key' | 'timestamp' | 'numRequested' | 'runIds'
  > & { readonly packed: PackedEvaluation })[];
  /** Of these evaluations; those that are known already change nothing. */
  readonly shapes: readonly { readonly name: string; readonly shape: EvaluationShape }[];
}

export interface FreshnessRecord {
  readonly key: AssetKey;
  /** Epoch ms; null = never. */
  readonly materializedAt: number | null;
  /** The state announced last. */
  readonly state: FreshnessState;
  /** When it changed, epoch ms; null = it never did. */
  readonly changedAt: number | null;
}

export interface FreshnessChange {
  readonly key: AssetKey;
  readonly state: FreshnessState;
  readonly previousState: FreshnessState;
  /** Epoch ms. */
  readonly at: number;
}
