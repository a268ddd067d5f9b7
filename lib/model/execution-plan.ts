import type { AssetCheckKey } from './asset-check';
import type { AssetKey } from './asset-key';
import type { RetryPolicy } from './retry-policy';

/** Where an input's value comes from. */
export type StepInputSource =
  /** An output of a step of the same run, or of an earlier one of its lineage. */
  | {
      readonly kind: 'step';
      readonly stepKey: string;
      readonly output: string;
      /** The earlier run that stored the value, when the step is no part of this run. */
      readonly runId?: string | undefined;
    }
  /** All outputs of a dynamic output's mapped steps, as a list in mapping-key order. */
  | { readonly kind: 'collect'; readonly stepKey: string; readonly output: string }
  /** An asset's stored value, loaded through its IO manager (made by this run or by an earlier one). */
  | { readonly kind: 'asset'; readonly asset: AssetKey; readonly stepKey: string | null };

export interface StepInput {
  readonly name: string;
  /** Several sources make a list (fan-in). */
  readonly sources: readonly StepInputSource[];
}

/** One unit of execution within a run. */
export interface PlannedStep {
  /** Unique within the run; `fan_out[?]` while mapped over a dynamic output not yet known. */
  readonly key: string;
  /** Name in the manifest's ops. */
  readonly op: string;
  readonly inputs: readonly StepInput[];
  /** Steps that must have succeeded (or been skipped by choice) before; data and ordering alike. */
  readonly dependsOn: readonly string[];
  /** Blocking checks whose failure with severity ERROR skips this step. */
  readonly blockedBy: readonly AssetCheckKey[];
  /** Assets materialized, in the op's order. */
  readonly assets: readonly AssetKey[];
  /** Assets observed. Absent = none. */
  readonly observes?: readonly AssetKey[];
  /**
   * Assets that those it materializes depend on and that no step of the run materializes: their data versions are
   * recorded. Absent = none.
   */
  readonly upstreamAssets?: readonly AssetKey[];
  readonly checks: readonly AssetCheckKey[];
  /** The step with the dynamic output that multiplies this one; null for an ordinary step. */
  readonly mappedOver: { readonly stepKey: string; readonly output: string } | null;
  readonly pool: string | null;
  readonly retryPolicy: RetryPolicy | null;
  /** Higher first among ready steps (op tag `dagster/priority`). */
  readonly priority: number;
  /** Runs in a process of its own. */
  readonly isolated: boolean;
}

/** All steps of a run in an order that respects dependencies. Pure data, frozen with the run. */
export interface ExecutionPlan {
  readonly steps: readonly PlannedStep[];
  /** Steps at once in one run; null = number of CPUs. */
  readonly maxConcurrentSteps: number | null;
  /** The run's partition key, or keys of a range run in order; empty when unpartitioned. */
  readonly partitionKeys: readonly string[];
}
