import type { AutomationEvaluation, EvaluationNode } from '../../../model/automation-evaluation';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { toSeconds } from '../common';
import { MetadataEntry } from '../metadata';
import { EntityKey, entityKey } from './entity-key';
import { type NodeValue, nodesOf } from './evaluation-nodes';

const EvaluationStatus = builder.enumType('AssetConditionEvaluationStatus', {
  values: ['TRUE', 'FALSE', 'SKIPPED'] as const,
});
type Status = 'TRUE' | 'FALSE' | 'SKIPPED';
type OldNodeName =
  | 'UnpartitionedAssetConditionEvaluationNode'
  | 'PartitionedAssetConditionEvaluationNode'
  | 'SpecificPartitionAssetConditionEvaluationNode';
export type OldNodeValue = Tagged<OldNodeName, NodeValue & { readonly status: Status }>;

/** Fields that the three kinds of node of Dagster's older shape share. */
const oldNode = (name: OldNodeName) => builder.objectRef<OldNodeValue>(name);
const UnpartitionedNode = oldNode('UnpartitionedAssetConditionEvaluationNode');
const PartitionedNode = oldNode('PartitionedAssetConditionEvaluationNode');
const SpecificPartitionNode = oldNode('SpecificPartitionAssetConditionEvaluationNode');
for (const ref of [UnpartitionedNode, PartitionedNode, SpecificPartitionNode]) {
  ref.implement({
    fields: (t) => ({
      uniqueId: t.string({ resolve: ({ node }) => node.uniqueId }),
      description: t.string({ resolve: ({ node }) => node.label ?? node.name }),
      entityKey: t.field({ type: EntityKey, resolve: ({ node }) => entityKey(node) }),
      childUniqueIds: t.stringList({ resolve: ({ node }) => node.children.map((child) => child.uniqueId) }),
    }),
  });
}
for (const ref of [UnpartitionedNode, PartitionedNode]) {
  builder.objectFields(ref, (t) => ({
    startTimestamp: t.float({ nullable: true, resolve: ({ record }) => toSeconds(record.timestamp) }),
    endTimestamp: t.float({ nullable: true, resolve: ({ record }) => toSeconds(record.timestamp) }),
  }));
}
builder.objectFields(PartitionedNode, (t) => ({
  numTrue: t.int({ nullable: true, resolve: ({ node }) => node.numTrue }),
  numCandidates: t.int({ nullable: true, resolve: ({ node }) => node.numCandidates }),
}));
for (const ref of [UnpartitionedNode, SpecificPartitionNode]) {
  builder.objectFields(ref, (t) => ({
    // Only Dagster's rules of before 2024 had any.
    metadataEntries: t.field({ type: [MetadataEntry], resolve: () => [] }),
    status: t.field({ type: EvaluationStatus, resolve: ({ status }) => status }),
  }));
}
const AssetConditionEvaluationNode = builder.unionType('AssetConditionEvaluationNode', {
  types: [UnpartitionedNode, PartitionedNode, SpecificPartitionNode],
  resolveType: byTypename,
});

interface EvaluationValue {
  readonly record: AutomationEvaluation;
  readonly nodes: readonly OldNodeValue[];
}
export const AssetConditionEvaluation = builder.objectRef<EvaluationValue>('AssetConditionEvaluation');
AssetConditionEvaluation.implement({
  fields: (t) => ({
    rootUniqueId: t.string({ resolve: ({ record }) => record.root.uniqueId }),
    evaluationNodes: t.field({ type: [AssetConditionEvaluationNode], resolve: ({ nodes }) => [...nodes] }),
  }),
});

export function evaluationValue(record: AutomationEvaluation): EvaluationValue {
  const name = record.root.isPartitioned
    ? 'PartitionedAssetConditionEvaluationNode'
    : 'UnpartitionedAssetConditionEvaluationNode';
  const statusOf = ({ numTrue, numCandidates }: EvaluationNode): Status => {
    if (numTrue > 0) return 'TRUE';
    return numCandidates > 0 ? 'FALSE' : 'SKIPPED';
  };
  return {
    record,
    nodes: nodesOf(record).map((value) => tag(name, { ...value, status: statusOf(value.node) })),
  };
}
