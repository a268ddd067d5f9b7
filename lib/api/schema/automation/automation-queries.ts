import { isJobKey, jobKey, locationOf } from '../../../engine/automation/job-node';
import { readSubset } from '../../../engine/automation/subset';
import { dynamicKeysOf } from '../../../engine/dynamic-keys';
import { checkId } from '../../../model/asset-check';
import type {
  AutomationEvaluation,
  EvaluationNode,
  StoredSubset,
} from '../../../model/automation-evaluation';
import { partitionKeys } from '../../../model/partitions';
import type { ApiContext } from '../../api-context';
import { builder, tag } from '../../builder';
import { AssetCheckHandleInput, AssetKeyInput, fromKeyInput } from '../common';
import { pageSize } from '../paging';
import { AssetConditionEvaluation, type OldNodeValue } from './condition-evaluation';
import { AssetJobKeyInput, assetOf } from './entity-key';
import { flatten, nodesOf } from './evaluation-nodes';
import { RecordsOrError, recordsValue } from './evaluation-records';

/** Evaluations of one tick that a page holds. */
const MAX_OF_TICK = 500;
const RECORDS = 25;

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
  { workspace, now, loaders }: ApiContext,
): Promise<ReadonlySet<string>> {
  const found = workspace.asset(asset);
  const spec = found?.definition.partitions ?? null;
  if (found === undefined || spec === null) return new Set();
  const dynamicKeys = await dynamicKeysOf(spec, found.location, loaders);
  return readSubset(subset, new Set(partitionKeys(spec, now, dynamicKeys)));
}
