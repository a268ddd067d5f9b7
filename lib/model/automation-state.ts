import type { SinceMetadata, StoredSubset } from './automation-evaluation';

/** Up to where an evaluation has seen the world. */
export interface TickContext {
  /** Number of the evaluation, ascending within its sensor. */
  readonly evaluationId: number;
  /** Epoch ms. */
  readonly time: number;
  /** Position in the event log. */
  readonly eventId: number;
}

/** What one node of a condition remembers. */
export interface NodeState {
  /** Operators from the root down, to find the node again when its own structure was edited. */
  readonly path: string;
  /** `since`: where it was true; `newly_true`: where what is below it was. */
  readonly subset?: StoredSubset;
  /** `code_version_changed`: the code version; `interval_passed`: when it was last true, epoch ms. */
  readonly value?: string | null;
  readonly since?: SinceMetadata;
}

/**
 * What the evaluation of one asset hands to the next one. Kept by location and asset, not by sensor or by version of
 * the code: neither a reload nor a move to another sensor resets it.
 */
export interface AutomationState {
  /** The sensor whose tick wrote it: its cursor says up to where the asset has been evaluated. */
  readonly sensor: string;
  /** Set when that sensor went on without the asset: up to where it was evaluated before. */
  readonly left: TickContext | null;
  /** What was asked for. */
  readonly requested: StoredSubset;
  /** Shape of its partitions; another one makes it start anew. */
  readonly partitions: string | null;
  /** By structure and entity. */
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** Of the result: an evaluation that comes to the same is not recorded. */
  readonly resultHash: string;
}
