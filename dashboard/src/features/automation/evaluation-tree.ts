import { keyText } from '../../components/format/asset-key';
import type { StatusKind } from '../../components/status';
import type { EvaluationsResult } from '../../graphql/generated';

type Records = Extract<
  NonNullable<EvaluationsResult['assetConditionEvaluationRecordsOrError']>,
  { readonly __typename: 'AssetConditionEvaluationRecords' }
>;
export type EvaluationRecord = Records['records'][number];
type FlatNode = EvaluationRecord['evaluationNodes'][number];

/** A condition as it was evaluated, with those it consists of. */
export interface EvaluationNode {
  readonly id: string;
  /** What it asks, in words. */
  readonly text: string;
  /** Of what it was asked, where that is not what its parent was asked of. */
  readonly entity: string | null;
  readonly outcome: EvaluationOutcome;
  readonly isPartitioned: boolean;
  readonly numTrue: number;
  readonly numCandidates: number;
  /** Of a `since`: when its two sides were last true, epoch s. */
  readonly since: { readonly triggered: number | null; readonly reset: number | null } | null;
  readonly children: readonly EvaluationNode[];
}

/** `unasked`: what is before it in its parent had decided already. */
export type EvaluationOutcome = 'true' | 'false' | 'unasked';

export const outcomeLooks: Readonly<
  Record<EvaluationOutcome, { readonly kind: StatusKind; readonly word: string }>
> = {
  true: { kind: 'success', word: 'true' },
  false: { kind: 'none', word: 'false' },
  unasked: { kind: 'skipped', word: 'not asked' },
};

function entityText(entity: FlatNode['entityKey']): string {
  if (entity.__typename === 'AssetKey') return keyText(entity);
  if (entity.__typename === 'AssetJobKey') return entity.jobName;
  return `${keyText(entity.assetKey)}:${entity.name}`;
}

const operators: Readonly<Record<string, string>> = { and: 'all of', or: 'any of', not: 'not' };

/** The words of a node: its label, its operator, or its own name; underscores are blanks. */
function textOf(node: FlatNode): string {
  if (node.userLabel !== null) return node.userLabel.replaceAll('_', ' ');
  const operator = operators[node.operatorType];
  if (operator !== undefined) return operator;
  // Of two children the name stands between them, else it comes first.
  const name = node.expandedLabel[node.childUniqueIds.length > 1 ? 1 : 0] ?? '';
  return name === 'SINCE' ? 'since' : name.replaceAll('_', ' ');
}

/** The flat nodes of a record as the tree that they are. */
export function evaluationTree(record: EvaluationRecord): EvaluationNode | undefined {
  const byId = new Map(record.evaluationNodes.map((node) => [node.uniqueId, node]));
  const root = byId.get(record.rootUniqueId);
  return root && build(root, null);

  function build(node: FlatNode, parentEntity: string | null): EvaluationNode {
    const own = entityText(node.entityKey);
    const text = textOf(node);
    const numTrue = node.numTrue ?? 0;
    const numCandidates = node.numCandidates ?? 0;
    return {
      id: node.uniqueId,
      text: text === own ? '' : text,
      entity: own === parentEntity ? null : own,
      outcome: numTrue > 0 ? 'true' : numCandidates > 0 ? 'false' : 'unasked',
      isPartitioned: node.isPartitioned,
      numTrue,
      numCandidates,
      since: node.sinceMetadata && {
        triggered: node.sinceMetadata.triggerTimestamp,
        reset: node.sinceMetadata.resetTimestamp,
      },
      children: node.childUniqueIds.flatMap((id) => {
        const child = byId.get(id);
        return child ? [build(child, own)] : [];
      }),
    };
  }
}

/** What decided that nothing was asked for: the part of the root that is false, or what it denies that is true. */
export function whatHeldBack(
  root: EvaluationNode,
): { readonly text: string; readonly is: 'true' | 'false' } | undefined {
  if (root.outcome === 'true') return undefined;
  const part = root.children.find(({ outcome }) => outcome === 'false') ?? root;
  const denied = part.text === 'not' ? part.children[0] : undefined;
  return denied ? { text: denied.text, is: 'true' } : { text: part.text, is: 'false' };
}
