import { isJobKey } from '../../../engine/automation/job-node';
import type { AutomationEvaluation } from '../../../model/automation-evaluation';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { AssetConditionEvaluation, evaluationValue } from './condition-evaluation';
import { assetOf, EntityKey, keyOf } from './entity-key';
import { AutomationConditionEvaluationNode, nodesOf } from './evaluation-nodes';

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
export const RecordsOrError = builder.unionType('AssetConditionEvaluationRecordsOrError', {
  types: [AssetConditionEvaluationRecords, NeedsMigration],
  resolveType: byTypename,
});
export const recordsValue = (records: readonly AutomationEvaluation[]): RecordsValue =>
  tag('AssetConditionEvaluationRecords', { records });
