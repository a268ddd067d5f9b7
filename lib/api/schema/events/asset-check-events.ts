import type { AssetCheckEvaluation } from '../../../model/asset-check';
import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { MetadataEntry, metadataEntries } from '../metadata';
import { MessageEvent, StepEvent } from './event-interfaces';
import type { StoredOf } from './event-types';

export const AssetCheckSeverityEnum = builder.enumType('AssetCheckSeverity', {
  values: ['WARN', 'ERROR'] as const,
});

export type CheckEvaluationValue = {
  readonly evaluation: AssetCheckEvaluation;
  readonly timestamp: number;
};
export const AssetCheckEvaluationType = builder.objectRef<CheckEvaluationValue>('AssetCheckEvaluation');
AssetCheckEvaluationType.implement({
  fields: (t) => ({
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1000 }),
    checkName: t.string({ resolve: ({ evaluation }) => evaluation.name }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ evaluation }) => assetKey(evaluation.asset) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ evaluation }) => metadataEntries(evaluation.metadata),
    }),
    severity: t.field({ type: AssetCheckSeverityEnum, resolve: ({ evaluation }) => evaluation.severity }),
    description: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation.description ?? null }),
    partition: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation.partition ?? null }),
    success: t.boolean({ resolve: ({ evaluation }) => evaluation.passed }),
  }),
});

builder.objectRef<StoredEvent>('AssetCheckEvaluationEvent').implement({
  interfaces: [MessageEvent, StepEvent],
  fields: (t) => ({
    evaluation: t.field({
      type: AssetCheckEvaluationType,
      resolve: (event) => ({
        evaluation: (event as StoredOf<'ASSET_CHECK_EVALUATION'>).data,
        timestamp: event.timestamp,
      }),
    }),
  }),
});
