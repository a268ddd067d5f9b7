import type { AssetKey } from './asset-key';

/** Partitions as they are stored: `true` or `false` without partitions, else keys, and ranges of keys in partition order. */
export type StoredSubset = boolean | readonly (string | readonly [string, string])[];

/** When the two sides of a `since` were last true. Instants are epoch ms. */
export interface SinceMetadata {
  readonly triggerEvaluationId: number | null;
  readonly triggerTimestamp: number | null;
  readonly resetEvaluationId: number | null;
  readonly resetTimestamp: number | null;
}

/** What one node of a condition came to, for people who ask why something did or did not run. */
export interface EvaluationNode {
  /** Unique within the record. */
  readonly uniqueId: string;
  readonly label: string | null;
  readonly name: string;
  readonly operatorType: 'and' | 'or' | 'not' | 'identity';
  /** Of what it was asked: the asset itself, one upstream, or a check. */
  readonly asset: AssetKey;
  readonly check: string | null;
  readonly isPartitioned: boolean;
  readonly numTrue: number;
  readonly numCandidates: number;
  /** Where it is true. */
  readonly truth: StoredSubset;
  /** Where it was asked. */
  readonly candidates: StoredSubset;
  readonly since?: SinceMetadata;
  readonly children: readonly EvaluationNode[];
}

/** One evaluation of an asset's automation condition that came to something else than the one before, or asked for runs. */
export interface AutomationEvaluation {
  readonly location: string;
  readonly sensor: string;
  readonly key: AssetKey;
  /** The id of the sensor's tick. */
  readonly evaluationId: number;
  /** Epoch ms. */
  readonly timestamp: number;
  /** Partitions asked for; 1 for an asset without. */
  readonly numRequested: number;
  /** The runs of the tick that materialize what was asked for. */
  readonly runIds: readonly string[];
  readonly root: EvaluationNode;
}
