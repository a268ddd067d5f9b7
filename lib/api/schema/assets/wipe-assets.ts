import { wipeAsset } from '../../../engine/wipe-asset';
import type { AssetKey } from '../../../model/asset-key';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { guarded } from '../../guard';
import { AssetKeyType, assetKey, fromKeyInput } from '../common';
import { AssetNotFoundError, PythonError, UnauthorizedError } from '../errors';
import { UnsupportedOperationError } from '../never-answered';
import { PartitionsByAssetSelector } from './partition-ranges';

const PartitionRange = builder.objectRef<{ readonly start: string; readonly end: string }>('PartitionRange');
PartitionRange.implement({
  fields: (t) => ({ start: t.exposeString('start'), end: t.exposeString('end') }),
});

interface WipedRange {
  readonly key: AssetKey;
  readonly range: { readonly start: string; readonly end: string } | null;
}

const AssetPartitionRange = builder.objectRef<WipedRange>('AssetPartitionRange');
AssetPartitionRange.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    partitionRange: t.field({
      type: PartitionRange,
      nullable: true,
      description: 'Null = the whole asset.',
      resolve: ({ range }) => range,
    }),
  }),
});

const WipeSuccess =
  builder.objectRef<Tagged<'AssetWipeSuccess', { readonly wiped: readonly WipedRange[] }>>(
    'AssetWipeSuccess',
  );
WipeSuccess.implement({
  fields: (t) => ({
    ok: t.boolean({ resolve: () => true }),
    assetPartitionRanges: t.field({ type: [AssetPartitionRange], resolve: ({ wiped }) => [...wiped] }),
  }),
});

const AssetWipeResult = builder.unionType('AssetWipeMutationResult', {
  types: [AssetNotFoundError, UnauthorizedError, PythonError, UnsupportedOperationError, WipeSuccess],
  resolveType: byTypename,
});

builder.mutationFields((t) => ({
  wipeAssets: t.field({
    type: AssetWipeResult,
    args: { assetPartitionRanges: t.arg({ type: [PartitionsByAssetSelector], required: true }) },
    resolve: (_root, { assetPartitionRanges }, context) =>
      guarded(context, 'editor', async () => {
        const { instance, workspace, now } = context;
        const wiped: WipedRange[] = [];
        for (const { assetKey: input, partitions } of assetPartitionRanges) {
          const key = fromKeyInput(input);
          const ranges = partitions?.ranges ?? (partitions?.range ? [partitions.range] : null);
          if (partitions != null && ranges === null)
            throw new ClientFacingError(
              `The partitions of asset '${key}' to wipe are not said: give range or ranges, or leave partitions out to wipe all of it.`,
            );
          const asset = workspace.asset(key);
          if (asset === undefined && (await instance.storage.assetStates([key])).length === 0)
            return tag('AssetNotFoundError', {
              message: `There is no asset '${key}', in code or in what was recorded.`,
            });
          await wipeAsset(instance.storage, key, ranges, {
            definition: asset && { location: asset.location, partitions: asset.definition.partitions },
            now,
          });
          wiped.push(...(ranges ?? [null]).map((range) => ({ key, range })));
        }
        return tag('AssetWipeSuccess', { wiped });
      }) as never,
  }),
}));
