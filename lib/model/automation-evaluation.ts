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

/**
 * What evaluations of like conditions share: the tree without whom it was asked of and what came of it. 10,000 assets
 * have a few of them, so an evaluation is stored as what is its own.
 */
export interface EvaluationShape {
  readonly label: string | null;
  /** Null: the id of what the only child was asked of. */
  readonly name: string | null;
  readonly operatorType: EvaluationNode['operatorType'];
  /** Index into `entities`. */
  readonly entity: number;
  readonly isPartitioned: boolean;
  readonly children: readonly EvaluationShape[];
}

/** Not asked, false, true; of partitions where it is true, where it was asked, and how many they are. */
export type PackedValue =
  | 0
  | 1
  | 2
  | readonly [truth: StoredSubset, candidates: StoredSubset, numTrue: number, numCandidates: number];

/** An evaluation without its shape. Lists are in pre-order of the tree. */
export interface PackedEvaluation {
  /** Names the shape. */
  readonly shape: string;
  /** Asset key, and name of a check of it or null. */
  readonly entities: readonly (readonly [AssetKey, string | null])[];
  readonly values: readonly PackedValue[];
  /** Of the nodes that are a `since`, by index. */
  readonly since: Readonly<Record<number, SinceMetadata>>;
}

/** The tree of a packed evaluation. */
export function unpackEvaluation(
  { entities, values, since }: PackedEvaluation,
  shape: EvaluationShape,
): EvaluationNode {
  let next = 0;
  return unpack(shape, '0');

  function unpack(node: EvaluationShape, uniqueId: string): EvaluationNode {
    const index = next;
    next += 1;
    const value = values[index] ?? 0;
    const [asset, check] = entities[node.entity] ?? ['', null];
    const [truth, candidates, numTrue, numCandidates] =
      typeof value === 'number'
        ? ([value === 2, value > 0, value === 2 ? 1 : 0, value > 0 ? 1 : 0] as const)
        : value;
    const metadata = since[index];
    const children = node.children.map((child, at) => unpack(child, `${uniqueId}.${at}`));
    const [only] = children;
    return {
      uniqueId,
      label: node.label,
      name: node.name ?? (only === undefined ? '' : nameOf(only)),
      operatorType: node.operatorType,
      asset,
      check,
      isPartitioned: node.isPartitioned,
      numTrue,
      numCandidates,
      truth,
      candidates,
      ...(metadata === undefined ? {} : { since: metadata }),
      children,
    };
  }
}

const nameOf = ({ asset, check }: EvaluationNode): string => (check === null ? asset : `${asset}:${check}`);
