import { stringify } from 'yaml';
import type { InstigatorResult, RunRequest } from '../../../model/run-request';
import type { SerializableError } from '../../../model/serializable-error';
import { TAG } from '../../../model/tags';
import { builder, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey, PipelineTag, tagPairs, toSeconds } from '../common';
import { PythonError } from '../errors';

export const pythonErrorOf = (error: SerializableError | null) =>
  error === null ? null : tag('PythonError', error);

export const RunRequestType = builder.objectRef<RunRequest>('RunRequest');
RunRequestType.implement({
  fields: (t) => ({
    runKey: t.exposeString('runKey', { nullable: true }),
    jobName: t.exposeString('jobName', { nullable: true }),
    tags: t.field({
      type: [PipelineTag],
      resolve: ({ tags, partitionKey }) =>
        tagPairs(partitionKey === null ? tags : { ...tags, [TAG.partition]: partitionKey }),
    }),
    runConfigYaml: t.string({ resolve: (request) => stringify(request.config) }),
    assetSelection: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: (request) => request.assetSelection?.map(assetKey) ?? null,
    }),
  }),
});

/** What an evaluation came to, or why it failed. */
export interface EvaluationValue {
  readonly result: InstigatorResult | null;
  readonly error: SerializableError | null;
}
export const TickEvaluation = builder.objectRef<EvaluationValue>('TickEvaluation');
TickEvaluation.implement({
  fields: (t) => ({
    runRequests: t.field({
      type: [RunRequestType],
      nullable: true,
      resolve: ({ result }) => (result === null ? null : [...result.runRequests]),
    }),
    skipReason: t.string({ nullable: true, resolve: ({ result }) => result?.skipReason ?? null }),
    error: t.field({ type: PythonError, nullable: true, resolve: ({ error }) => pythonErrorOf(error) }),
    cursor: t.string({ nullable: true, resolve: ({ result }) => result?.cursor ?? null }),
  }),
});

export type DryRunTickValue = Tagged<
  'DryRunInstigationTick',
  { readonly at: number | null; readonly evaluation: EvaluationValue | null }
>;
export const DryRunInstigationTick = builder.objectRef<DryRunTickValue>('DryRunInstigationTick');
DryRunInstigationTick.implement({
  fields: (t) => ({
    timestamp: t.float({ nullable: true, resolve: ({ at }) => toSeconds(at) }),
    evaluationResult: t.field({
      type: TickEvaluation,
      nullable: true,
      resolve: ({ evaluation }) => evaluation,
    }),
  }),
});
