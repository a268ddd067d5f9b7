import { takePoolSlots } from '../../engine/change-pools';
import type { RawMetadata } from '../../model/metadata';
import { toMetadata } from '../../model/metadata';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { guarded, requireEverywhere } from '../guard';
import { reportAssetEvent, requireAsset, requirePartition } from '../report-asset-event';
import { AssetKeyInput, AssetKeyType, assetKey, fromKeyInput } from './common';
import { PythonError, RepositoryLocationNotFound, UnauthorizedError } from './errors';
import { AssetCheckSeverityEnum } from './events/asset-check-events';

const ShutdownSuccess = builder.objectRef<
  Tagged<'ShutdownRepositoryLocationSuccess', { readonly name: string }>
>('ShutdownRepositoryLocationSuccess');
ShutdownSuccess.implement({ fields: (t) => ({ repositoryLocationName: t.exposeString('name') }) });
const ShutdownResult = builder.unionType('ShutdownRepositoryLocationMutationResult', {
  types: [ShutdownSuccess, RepositoryLocationNotFound, UnauthorizedError, PythonError],
  resolveType: byTypename,
});

const CheckParams = builder.inputType('ReportAssetCheckEvaluationsParams', {
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    checkName: t.string({ required: true }),
    passed: t.boolean({ required: true }),
    severity: t.field({ type: AssetCheckSeverityEnum }),
    serializedMetadata: t.string({ description: 'An object as JSON.' }),
    partitionKeys: t.field({ type: ['String'], required: { list: false, items: false } }),
    description: t.string(),
  }),
});
const CheckSuccess = builder.objectRef<
  Tagged<'ReportAssetCheckEvaluationsSuccess', { readonly asset: string; readonly checkName: string }>
>('ReportAssetCheckEvaluationsSuccess');
CheckSuccess.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ asset }) => assetKey(asset) }),
    checkName: t.exposeString('checkName'),
  }),
});
const CheckResult = builder.unionType('ReportAssetCheckEvaluationResult', {
  types: [UnauthorizedError, PythonError, CheckSuccess],
  resolveType: byTypename,
});

function parseMetadata(text: string | null | undefined): RawMetadata {
  if (!text) return {};
  const reject = (problem: string, cause?: unknown) =>
    new ClientFacingError(`serializedMetadata ${problem}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw reject(`is not JSON: ${(error as Error).message}`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw reject('must be an object.');
  return value as RawMetadata;
}

builder.mutationFields((t) => ({
  shutdownRepositoryLocation: t.field({
    type: ShutdownResult,
    description:
      'Ends the process that serves the code of a location; it begins anew, with the code as it is now, when it is needed.',
    args: { repositoryLocationName: t.arg.string({ required: true }) },
    resolve: (_root, { repositoryLocationName: name }, context) =>
      guarded(context, 'editor', async () => {
        const location = await context.instance.codeLocations.reload(name);
        return location === undefined
          ? tag('RepositoryLocationNotFound', {
              message: `There is no code location '${name}' in the workspace.`,
            })
          : tag('ShutdownRepositoryLocationSuccess', { name });
      }) as never,
  }),
  reportAssetCheckEvaluations: t.field({
    type: CheckResult,
    description: 'Keeps what a check came to that was evaluated elsewhere.',
    args: { eventParams: t.arg({ type: CheckParams, required: true }) },
    resolve: (_root, { eventParams: params }, context) =>
      guarded(context, 'editor', async () => {
        const asset = requireAsset(fromKeyInput(params.assetKey), context);
        const check = context.workspace
          .checks(asset.definition.key)
          .find(({ definition }) => definition.name === params.checkName);
        if (check === undefined)
          throw new ClientFacingError(`Asset '${asset.definition.key}' has no check '${params.checkName}'.`);
        const metadata = toMetadata(parseMetadata(params.serializedMetadata));
        const named = (params.partitionKeys ?? []).flatMap((key) => key ?? []);
        const partitions = named.length > 0 ? named : [undefined];
        for (const partition of partitions)
          await requirePartition(asset, partition, { needed: false }, context);
        for (const partition of partitions) {
          await reportAssetEvent(
            {
              type: 'ASSET_CHECK_EVALUATION',
              data: {
                asset: asset.definition.key,
                name: params.checkName,
                passed: params.passed,
                severity: params.severity ?? 'ERROR',
                blocking: check.definition.blocking,
                metadata,
                ...(params.description ? { description: params.description } : {}),
                ...(partition === undefined ? {} : { partition }),
              },
            },
            { assetKey: asset.definition.key, partitions: [partition] },
            context,
          );
        }
        return tag('ReportAssetCheckEvaluationsSuccess', {
          asset: asset.definition.key,
          checkName: params.checkName,
        });
      }) as never,
  }),
  freeConcurrencySlots: t.boolean({
    description: 'Takes the slots of pools from a run, or from one of its steps.',
    args: { runId: t.arg.string({ required: true }), stepKey: t.arg.string() },
    resolve: async (_root, { runId, stepKey }, context) => {
      requireEverywhere(context, 'admin', 'freeing slots of pools');
      const instance = context.limited({ role: 'admin', writes: true });
      await takePoolSlots(instance, context.options.engine, { runId, stepKey: stepKey ?? null });
      return true;
    },
  }),
  freeConcurrencySlotsForRun: t.boolean({
    description: 'Takes all slots of pools from a run.',
    args: { runId: t.arg.string({ required: true }) },
    resolve: async (_root, { runId }, context) => {
      requireEverywhere(context, 'admin', 'freeing slots of pools');
      const instance = context.limited({ role: 'admin', writes: true });
      await takePoolSlots(instance, context.options.engine, { runId, stepKey: null });
      return true;
    },
  }),
}));
