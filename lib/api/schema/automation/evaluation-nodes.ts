import { expandedLabel } from '../../../engine/automation/compile-condition';
import type {
  AutomationEvaluation,
  EvaluationNode,
  SinceMetadata,
} from '../../../model/automation-evaluation';
import { builder } from '../../builder';
import { toSeconds } from '../common';
import { EntityKey, entityKey } from './entity-key';

const idOf = (id: number | null): string | null => (id === null ? null : String(id));
const SinceConditionMetadata = builder.objectRef<SinceMetadata>('SinceConditionMetadata');
SinceConditionMetadata.implement({
  fields: (t) => ({
    triggerEvaluationId: t.id({ nullable: true, resolve: (since) => idOf(since.triggerEvaluationId) }),
    triggerTimestamp: t.float({ nullable: true, resolve: (since) => toSeconds(since.triggerTimestamp) }),
    resetEvaluationId: t.id({ nullable: true, resolve: (since) => idOf(since.resetEvaluationId) }),
    resetTimestamp: t.float({ nullable: true, resolve: (since) => toSeconds(since.resetTimestamp) }),
  }),
});

/** A node with the record that it is of: nodes are evaluated in no time, so they have the record's. */
export interface NodeValue {
  readonly node: EvaluationNode;
  readonly record: AutomationEvaluation;
}

export function flatten(node: EvaluationNode): EvaluationNode[] {
  return [node, ...node.children.flatMap(flatten)];
}
export const nodesOf = (record: AutomationEvaluation): NodeValue[] =>
  flatten(record.root).map((node) => ({ node, record }));

export const AutomationConditionEvaluationNode = builder.objectRef<NodeValue>(
  'AutomationConditionEvaluationNode',
);
AutomationConditionEvaluationNode.implement({
  fields: (t) => ({
    uniqueId: t.string({ resolve: ({ node }) => node.uniqueId }),
    userLabel: t.string({ nullable: true, resolve: ({ node }) => node.label }),
    expandedLabel: t.stringList({ resolve: ({ node }) => [...expandedLabel(node)] }),
    entityKey: t.field({ type: EntityKey, resolve: ({ node }) => entityKey(node) }),
    startTimestamp: t.float({ nullable: true, resolve: ({ record }) => toSeconds(record.timestamp) }),
    endTimestamp: t.float({ nullable: true, resolve: ({ record }) => toSeconds(record.timestamp) }),
    numTrue: t.int({ nullable: true, resolve: ({ node }) => node.numTrue }),
    numCandidates: t.int({ nullable: true, resolve: ({ node }) => node.numCandidates }),
    isPartitioned: t.boolean({ resolve: ({ node }) => node.isPartitioned }),
    childUniqueIds: t.stringList({ resolve: ({ node }) => node.children.map((child) => child.uniqueId) }),
    operatorType: t.string({ resolve: ({ node }) => node.operatorType }),
    sinceMetadata: t.field({
      type: SinceConditionMetadata,
      nullable: true,
      resolve: ({ node }) => node.since ?? null,
    }),
  }),
});
