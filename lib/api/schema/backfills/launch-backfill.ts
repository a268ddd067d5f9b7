import type { BackfillPartitions } from '../../../engine/backfills/backfill-targets';
import { reexecuteBackfill } from '../../../engine/change-backfill';
import { PlanError } from '../../../engine/errors';
import { type LaunchBackfillRequest, launchBackfill } from '../../../engine/launch-backfill';
import { TAG } from '../../../model/tags';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { guarded } from '../../guard';
import { PartitionsByAssetSelector } from '../assets/partition-ranges';
import { AssetKeyInput, ExecutionTag, fromKeyInput, RepositorySelector } from '../common';
import { PartitionKeysNotFoundError, PartitionSetNotFoundError } from '../errors';
import { parseConfig, toTags } from '../launch/execution-params';
import { launchFailures, typedErrors } from '../launch/launch-failures';
import { ReexecutionParams } from '../launch/reexecute-run';
import { PARTITION_SET_SUFFIX } from './partition-backfill';

const PartitionSetSelector = builder.inputType('PartitionSetSelector', {
  fields: (t) => ({
    partitionSetName: t.string({ required: true }),
    repositorySelector: t.field({ type: RepositorySelector }),
    repositoryLocationName: t.string({ description: 'Instead of a repositorySelector.' }),
    repositoryName: t.string(),
  }),
});

export const LaunchBackfillParams = builder.inputType('LaunchBackfillParams', {
  fields: (t) => ({
    selector: t.field({ type: PartitionSetSelector }),
    partitionNames: t.stringList(),
    partitionsByAssets: t.field({
      type: [PartitionsByAssetSelector],
      required: { list: false, items: false },
    }),
    assetSelection: t.field({ type: [AssetKeyInput] }),
    allPartitions: t.boolean(),
    fromFailure: t.boolean(),
    reexecutionSteps: t.stringList({
      description: 'Jobs only: these steps of each run; +load, load* and the like select around one.',
    }),
    forceSynchronousSubmission: t.boolean({
      description: 'As if true: what can be requested at once is, before the answer.',
    }),
    tags: t.field({ type: [ExecutionTag] }),
    title: t.string(),
    description: t.string(),
    runConfigData: t.field({ type: 'RunConfigData' }),
  }),
});

type Params = typeof LaunchBackfillParams.$inferInput;

type Target = Pick<LaunchBackfillRequest, 'location' | 'jobName' | 'assets' | 'partitions'>;

export function targetOf({
  selector,
  partitionNames,
  partitionsByAssets: askedByAsset,
  assetSelection,
  allPartitions,
}: Params): Target {
  const partitionsByAssets = askedByAsset?.flatMap((each) => each ?? []);
  const suffix = new RegExp(`${PARTITION_SET_SUFFIX}$`);
  const partitions: BackfillPartitions | null = partitionsByAssets
    ? {
        byAsset: partitionsByAssets.map(({ assetKey: key, partitions: asked }) => ({
          asset: fromKeyInput(key),
          ranges: asked?.ranges ?? (asked?.range ? [asked.range] : null),
        })),
      }
    : (partitionNames ?? (allPartitions === true ? 'all' : null));
  if (partitions === null) {
    throw new ClientFacingError(
      'A backfill needs partitionNames, partitionsByAssets, or allPartitions: true.',
    );
  }
  return {
    location:
      selector?.repositorySelector?.repositoryLocationName ?? selector?.repositoryLocationName ?? null,
    jobName: selector?.partitionSetName.replace(suffix, '') ?? null,
    assets: (assetSelection ?? partitionsByAssets?.map((each) => each.assetKey))?.map(fromKeyInput) ?? null,
    partitions,
  };
}

const LaunchBackfillSuccess =
  builder.objectRef<
    Tagged<'LaunchBackfillSuccess', { readonly backfillId: string; readonly runIds: readonly string[] }>
  >('LaunchBackfillSuccess');
LaunchBackfillSuccess.implement({
  fields: (t) => ({
    backfillId: t.exposeString('backfillId'),
    launchedRunIds: t.stringList({
      nullable: { list: true, items: true },
      resolve: ({ runIds }) => [...runIds],
    }),
  }),
});

const LaunchBackfillResult = builder.unionType('LaunchBackfillResult', {
  types: [LaunchBackfillSuccess, PartitionKeysNotFoundError, PartitionSetNotFoundError, ...launchFailures],
  resolveType: byTypename,
});

/** As `typedErrors`, with what only backfills are refused with. */
function backfillErrors<T>(
  job: { readonly location: string; readonly name: string },
  partitionSetName: string | undefined,
  action: () => Promise<T>,
) {
  return typedErrors(job, async () => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const { code, subject, message } = error;
      if (code === 'unknown-partition')
        return tag('PartitionKeysNotFoundError', { partitionKeys: [subject], message });
      if (code === 'unknown-job' && partitionSetName !== undefined)
        return tag('PartitionSetNotFoundError', { partitionSetName, message });
      throw error;
    }
  });
}

function launch(params: Params, context: ApiContext) {
  return guarded(context, 'launcher', () => {
    const target = targetOf(params);
    const job = { location: target.location ?? '', name: target.jobName ?? '' };
    return backfillErrors(job, params.selector?.partitionSetName, async () => {
      const launched = await launchBackfill(context.instance, context.options.engine, {
        ...target,
        config: parseConfig(params.runConfigData),
        tags: { ...toTags(params.tags), [TAG.user]: context.identity.user },
        title: params.title ?? null,
        description: params.description ?? null,
        fromFailure: params.fromFailure ?? false,
        stepKeys: params.reexecutionSteps ?? null,
      });
      return tag('LaunchBackfillSuccess', launched);
    });
  });
}

builder.mutationFields((t) => ({
  launchPartitionBackfill: t.field({
    type: LaunchBackfillResult,
    args: { backfillParams: t.arg({ type: LaunchBackfillParams, required: true }) },
    resolve: (_root, { backfillParams }, context) => launch(backfillParams, context) as never,
  }),
  reexecutePartitionBackfill: t.field({
    type: LaunchBackfillResult,
    args: { reexecutionParams: t.arg({ type: ReexecutionParams }) },
    resolve: (_root, { reexecutionParams }, context) =>
      guarded(context, 'launcher', () => {
        if (!reexecutionParams) {
          throw new ClientFacingError(
            'reexecutionParams says which backfill to launch again: parentRunId is its id.',
          );
        }
        return typedErrors({ location: '', name: '' }, async () =>
          tag(
            'LaunchBackfillSuccess',
            await reexecuteBackfill(context.instance, context.options.engine, {
              parentBackfillId: reexecutionParams.parentRunId,
              strategy: reexecutionParams.strategy,
              user: context.identity.user,
            }),
          ),
        );
      }) as never,
  }),
}));
