import {
  AutomationConditionError,
  compileCondition,
  expandedLabel,
} from '../../engine/automation/compile-condition';
import { isJobKey, jobKey, jobNameOf, locationOf } from '../../engine/automation/job-node';
import { readSubset } from '../../engine/automation/subset';
import { dynamicKeysOf } from '../../engine/dynamic-keys';
import { checkId } from '../../engine/plan/select-asset-units';
import type {
  AutomationEvaluation,
  EvaluationNode,
  SinceMetadata,
  StoredSubset,
} from '../../model/automation-evaluation';
import type { AutomationConditionSpec } from '../../model/manifest';
import { partitionKeys } from '../../model/partitions';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { AssetCheck } from './assets/asset-checks';
import { AssetNode } from './assets/asset-node';
import {
  AssetCheckHandle,
  AssetCheckHandleInput,
  AssetKeyInput,
  AssetKeyType,
  assetKey,
  fromKeyInput,
  toSeconds,
} from './common';
import { MetadataEntry } from './metadata';
import { Job, Pipeline } from './repositories/job';
import { pageSize } from './runs';

const AutomationCondition = builder.objectRef<AutomationConditionSpec>('AutomationCondition');
AutomationCondition.implement({
  fields: (t) => ({
    label: t.string({ nullable: true, resolve: ({ label }) => label ?? null }),
    expandedLabel: t.stringList({ resolve: labelOf }),
  }),
});

/** A condition of another version of the package is shown by its name. */
function labelOf(spec: AutomationConditionSpec): string[] {
  try {
    return [...expandedLabel(compileCondition(spec))];
  } catch (error) {
    if (error instanceof AutomationConditionError) return [spec.op];
    throw error;
  }
}

const AssetJobKey = builder.objectRef<{ readonly jobName: string }>('AssetJobKey');
AssetJobKey.implement({ fields: (t) => ({ jobName: t.exposeString('jobName') }) });
const AssetJobKeyInput = builder.inputType('AssetJobKeyInput', {
  fields: (t) => ({ jobName: t.string({ required: true }) }),
});
const EntityKey = builder.unionType('EntityKey', {
  types: [AssetKeyType, AssetCheckHandle, AssetJobKey],
  resolveType: (value) => {
    if ('jobName' in value) return 'AssetJobKey';
    return 'path' in value ? 'AssetKey' : 'AssetCheckhandle';
  },
});
const entityKey = ({ asset, check }: EvaluationNode) =>
  check === null ? keyOf(asset) : { asset, name: check };

/** Of an asset, or of a job by its key among assets. */
const keyOf = (key: string) => (isJobKey(key) ? { jobName: jobNameOf(key) } : assetKey(key));

/** The asset of a record's key, which may be the id of a check. */
const assetOf = (key: string): string => key.split(':', 1)[0] ?? key;

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
interface NodeValue {
  readonly node: EvaluationNode;
  readonly record: AutomationEvaluation;
}

function flatten(node: EvaluationNode): EvaluationNode[] {
  return [node, ...node.children.flatMap(flatten)];
}
const nodesOf = (record: AutomationEvaluation): NodeValue[] =>
  flatten(record.root).map((node) => ({ node, record }));

const AutomationConditionEvaluationNode = builder.objectRef<NodeValue>('AutomationConditionEvaluationNode');
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

const EvaluationStatus = builder.enumType('AssetConditionEvaluationStatus', {
  values: ['TRUE', 'FALSE', 'SKIPPED'] as const,
});
type Status = 'TRUE' | 'FALSE' | 'SKIPPED';
type OldNodeName =
  | 'UnpartitionedAssetConditionEvaluationNode'
  | 'PartitionedAssetConditionEvaluationNode'
  | 'SpecificPartitionAssetConditionEvaluationNode';
type OldNodeValue = Tagged<OldNodeName, NodeValue & { readonly status: Status }>;

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
const AssetConditionEvaluation = builder.objectRef<EvaluationValue>('AssetConditionEvaluation');
AssetConditionEvaluation.implement({
  fields: (t) => ({
    rootUniqueId: t.string({ resolve: ({ record }) => record.root.uniqueId }),
    evaluationNodes: t.field({ type: [AssetConditionEvaluationNode], resolve: ({ nodes }) => [...nodes] }),
  }),
});

function evaluationValue(record: AutomationEvaluation): EvaluationValue {
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

const AssetConditionEvaluationRecord = builder.objectRef<AutomationEvaluation>(
  'AssetConditionEvaluationRecord',
);
AssetConditionEvaluationRecord.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ key, evaluationId }) => `${evaluationId}:${key}` }),
    evaluationId: t.id({ resolve: ({ evaluationId }) => String(evaluationId) }),
    runIds: t.stringList({ resolve: ({ runIds }) => [...runIds] }),
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1000 }),
    startTimestamp: t.float({ nullable: true, resolve: ({ timestamp }) => timestamp / 1000 }),
    endTimestamp: t.float({ nullable: true, resolve: ({ timestamp }) => timestamp / 1000 }),
    assetKey: t.field({
      type: AssetKeyType,
      nullable: true,
      description: 'Of a check: its asset; of a job null.',
      resolve: ({ key }) => (isJobKey(key) ? null : assetKey(assetOf(key))),
    }),
    entityKey: t.field({
      type: EntityKey,
      resolve: ({ key }) => {
        const asset = assetOf(key);
        return asset === key ? keyOf(key) : { asset, name: key.slice(asset.length + 1) };
      },
    }),
    numRequested: t.int({ nullable: true, resolve: ({ numRequested }) => numRequested }),
    isLegacy: t.boolean({ resolve: () => false }),
    evaluation: t.field({ type: AssetConditionEvaluation, resolve: evaluationValue }),
    rootUniqueId: t.string({ resolve: ({ root }) => root.uniqueId }),
    evaluationNodes: t.field({ type: [AutomationConditionEvaluationNode], resolve: nodesOf }),
  }),
});

type RecordsValue = Tagged<
  'AssetConditionEvaluationRecords',
  { readonly records: readonly AutomationEvaluation[] }
>;
const AssetConditionEvaluationRecords = builder.objectRef<RecordsValue>('AssetConditionEvaluationRecords');
AssetConditionEvaluationRecords.implement({
  fields: (t) => ({
    records: t.field({ type: [AssetConditionEvaluationRecord], resolve: ({ records }) => [...records] }),
  }),
});
const NeedsMigration = builder.objectRef<
  Tagged<'AutoMaterializeAssetEvaluationNeedsMigrationError', { readonly message: string }>
>('AutoMaterializeAssetEvaluationNeedsMigrationError');
NeedsMigration.implement({ fields: (t) => ({ message: t.exposeString('message') }) });
const RecordsOrError = builder.unionType('AssetConditionEvaluationRecordsOrError', {
  types: [AssetConditionEvaluationRecords, NeedsMigration],
  resolveType: byTypename,
});
const recordsValue = (records: readonly AutomationEvaluation[]): RecordsValue =>
  tag('AssetConditionEvaluationRecords', { records });

/** Evaluations of one tick that a page holds. */
const MAX_OF_TICK = 500;
const RECORDS = 25;

builder.objectFields(AssetNode, (t) => ({
  automationCondition: t.field({
    type: AutomationCondition,
    nullable: true,
    resolve: ({ definition }) => definition.automationCondition,
  }),
}));

builder.objectFields(AssetCheck, (t) => ({
  automationCondition: t.field({
    type: AutomationCondition,
    nullable: true,
    resolve: ({ definition }) => definition.automationCondition ?? null,
  }),
}));

for (const ref of [Job, Pipeline]) {
  builder.objectFields(ref, (t) => ({
    automationCondition: t.field({
      type: AutomationCondition,
      nullable: true,
      resolve: ({ job }) => job.automationCondition ?? null,
    }),
  }));
}

builder.queryFields((t) => ({
  assetConditionEvaluationRecordsOrError: t.field({
    type: RecordsOrError,
    nullable: true,
    description:
      'Why the automation condition of an asset, or of a check, did or did not ask for it, newest first.',
    args: {
      assetKey: t.arg({ type: AssetKeyInput }),
      assetCheckKey: t.arg({ type: AssetCheckHandleInput }),
      assetJobKey: t.arg({ type: AssetJobKeyInput }),
      limit: t.arg.int({ required: true }),
      cursor: t.arg.string(),
    },
    resolve: async (
      _root,
      { assetKey: input, assetCheckKey: check, assetJobKey: job, limit, cursor },
      context,
    ) => {
      const key = input
        ? fromKeyInput(input)
        : check
          ? checkId({ asset: fromKeyInput(check.assetKey), name: check.name })
          : job && automatedJobKey(job.jobName, context);
      if (!key) return recordsValue([]);
      const before = cursor == null ? undefined : Number(cursor);
      return recordsValue(
        await evaluations(context, {
          key,
          limit: pageSize(limit, RECORDS),
          ...(before === undefined ? {} : { before }),
        }),
      );
    },
  }),
  assetConditionEvaluationsForEvaluationId: t.field({
    type: RecordsOrError,
    nullable: true,
    description: 'What one tick of an automation sensor came to; its id is the id of the tick.',
    args: { evaluationId: t.arg.id({ required: true }) },
    resolve: async (_root, { evaluationId }, context) =>
      recordsValue(await evaluations(context, { evaluationId: Number(evaluationId), limit: MAX_OF_TICK })),
  }),
  assetConditionEvaluationForPartition: t.field({
    type: AssetConditionEvaluation,
    nullable: true,
    args: {
      assetKey: t.arg({ type: AssetKeyInput }),
      evaluationId: t.arg.id({ required: true }),
      partition: t.arg.string({ required: true }),
    },
    resolve: async (_root, { assetKey: input, evaluationId, partition }, context) => {
      if (!input) return null;
      const query = { key: fromKeyInput(input), evaluationId: Number(evaluationId), limit: 1 };
      const [record] = await evaluations(context, query);
      if (record === undefined) return null;
      const nodes = nodesOf(record).map(async (value): Promise<OldNodeValue> => {
        const isIn = async (subset: StoredSubset) =>
          value.node.isPartitioned && (await keysOf(value.node, subset, context)).has(partition);
        const isFalse = async (): Promise<boolean> => isIn(value.node.candidates);
        const status = (await isIn(value.node.truth)) ? 'TRUE' : (await isFalse()) ? 'FALSE' : 'SKIPPED';
        return tag('SpecificPartitionAssetConditionEvaluationNode', { ...value, status } as const);
      });
      return { record, nodes: await Promise.all(nodes) };
    },
  }),
  truePartitionsForAutomationConditionEvaluationNode: t.stringList({
    args: {
      assetKey: t.arg({ type: AssetKeyInput }),
      assetJobKey: t.arg({ type: AssetJobKeyInput }),
      evaluationId: t.arg.id({ required: true }),
      nodeUniqueId: t.arg.string(),
    },
    resolve: async (_root, { assetKey: input, assetJobKey: job, evaluationId, nodeUniqueId }, context) => {
      const key = input ? fromKeyInput(input) : job && automatedJobKey(job.jobName, context);
      if (!key) return [];
      const query = { key, evaluationId: Number(evaluationId), limit: 1 };
      const [record] = await evaluations(context, query);
      const node =
        record &&
        flatten(record.root).find(({ uniqueId }) => uniqueId === (nodeUniqueId ?? record.root.uniqueId));
      return node === undefined ? [] : [...(await keysOf(node, node.truth, context))];
    },
  }),
}));

/** The key among assets of the one job of this name that has a condition. */
function automatedJobKey(name: string, { workspace }: ApiContext): string | null {
  for (const { name: location, manifest } of workspace.locations) {
    const job = manifest?.jobs.find((each) => each.name === name && each.automationCondition !== undefined);
    if (job !== undefined) return jobKey(location, name);
  }
  return null;
}

/** Of assets that the caller may see. */
async function evaluations(
  { instance, workspace }: ApiContext,
  query: Parameters<ApiContext['instance']['storage']['automationEvaluations']>[0],
): Promise<readonly AutomationEvaluation[]> {
  const isVisible = (key: string): boolean =>
    isJobKey(key)
      ? workspace.location(locationOf(key)) !== undefined
      : workspace.asset(assetOf(key)) !== undefined;
  if (query.key !== undefined && !isVisible(query.key)) return [];
  const isPosition = (id: number | undefined): boolean => id === undefined || Number.isSafeInteger(id);
  if (!isPosition(query.evaluationId) || !isPosition(query.before)) return [];
  const found = await instance.storage.automationEvaluations(query);
  return found.filter(({ key }) => isVisible(key));
}

async function keysOf(
  { asset }: EvaluationNode,
  subset: StoredSubset,
  { workspace, now, instance }: ApiContext,
): Promise<ReadonlySet<string>> {
  const found = workspace.asset(asset);
  const spec = found?.definition.partitions ?? null;
  if (found === undefined || spec === null) return new Set();
  const dynamicKeys = await dynamicKeysOf(spec, found.location, instance.storage);
  return readSubset(subset, new Set(partitionKeys(spec, now, dynamicKeys)));
}
