import type { AssetKey } from '../../model/asset-key';
import { toMetadata } from '../../model/metadata';
import { keysByDimension, partitionKeys, partitionRange, problemOfKey } from '../../model/partitions';
import { TAG } from '../../model/tags';
import { mayActAt } from '../access';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { dynamicKeysOf } from '../dynamic-keys';
import { guarded, requireEverywhere } from '../guard';
import { createLoaders } from '../loaders';
import { reportAssetEvent, requireAsset, requirePartition } from '../report-asset-event';
import { indexWorkspace } from '../workspace-index';
import { AssetKeyInput, AssetKeyType, assetKey, fromKeyInput, RepositorySelector } from './common';
import {
  AssetNotFoundError,
  DuplicateDynamicPartitionError,
  PythonError,
  ReloadNotSupported,
  RepositoryLocationNotFound,
  UnauthorizedError,
} from './errors';
import { UnsupportedOperationError } from './never-answered';
import { locationEntry, WorkspaceLocationEntry, WorkspaceType } from './repositories/workspace';

const ReloadLocationResult = builder.unionType('ReloadRepositoryLocationMutationResult', {
  types: [
    WorkspaceLocationEntry,
    ReloadNotSupported,
    RepositoryLocationNotFound,
    UnauthorizedError,
    PythonError,
  ],
  resolveType: byTypename,
});
const ReloadWorkspaceResult = builder.unionType('ReloadWorkspaceMutationResult', {
  types: [WorkspaceType, UnauthorizedError, PythonError],
  resolveType: byTypename,
});

const AssetEventType = builder.enumType('AssetEventType', {
  values: ['ASSET_MATERIALIZATION', 'ASSET_OBSERVATION'] as const,
});
const ReportParams = builder.inputType('ReportRunlessAssetEventsParams', {
  fields: (t) => ({
    eventType: t.field({ type: AssetEventType, required: true }),
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    partitionKeys: t.stringList(),
    description: t.string(),
  }),
});
const ReportSuccess = builder.objectRef<
  Tagged<'ReportRunlessAssetEventsSuccess', { readonly path: readonly string[] }>
>('ReportRunlessAssetEventsSuccess');
ReportSuccess.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ path }) => ({ path: [...path] }) }),
    assetKeyPath: t.stringList({ resolve: ({ path }) => [...path] }),
  }),
});
const ReportResult = builder.unionType('ReportRunlessAssetEventsResult', {
  types: [UnauthorizedError, PythonError, ReportSuccess],
  resolveType: byTypename,
});

const PartitionRangeSelector = builder.inputType('PartitionRangeSelector', {
  fields: (t) => ({ start: t.string({ required: true }), end: t.string({ required: true }) }),
});
const PartitionsSelector = builder.inputType('PartitionsSelector', {
  fields: (t) => ({
    range: t.field({ type: PartitionRangeSelector }),
    ranges: t.field({ type: [PartitionRangeSelector] }),
  }),
});
export const PartitionsByAssetSelector = builder.inputType('PartitionsByAssetSelector', {
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    partitions: t.field({ type: PartitionsSelector }),
  }),
});
export const PartitionKeyRange = builder.objectRef<{ readonly start: string; readonly end: string }>(
  'PartitionKeyRange',
);
PartitionKeyRange.implement({
  fields: (t) => ({ start: t.exposeString('start'), end: t.exposeString('end') }),
});

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

const AddDynamicPartitionSuccess = builder.objectRef<
  Tagged<'AddDynamicPartitionSuccess', { readonly name: string; readonly key: string }>
>('AddDynamicPartitionSuccess');
AddDynamicPartitionSuccess.implement({
  fields: (t) => ({ partitionsDefName: t.exposeString('name'), partitionKey: t.exposeString('key') }),
});
const AddDynamicPartitionResult = builder.unionType('AddDynamicPartitionResult', {
  types: [AddDynamicPartitionSuccess, UnauthorizedError, PythonError, DuplicateDynamicPartitionError],
  resolveType: byTypename,
});
const DeleteDynamicPartitionsSuccess = builder.objectRef<
  Tagged<'DeleteDynamicPartitionsSuccess', { readonly name: string }>
>('DeleteDynamicPartitionsSuccess');
DeleteDynamicPartitionsSuccess.implement({ fields: (t) => ({ partitionsDefName: t.exposeString('name') }) });
const DeleteDynamicPartitionsResult = builder.unionType('DeleteDynamicPartitionsResult', {
  types: [DeleteDynamicPartitionsSuccess, UnauthorizedError, PythonError, UnsupportedOperationError],
  resolveType: byTypename,
});

interface Range {
  readonly start: string;
  readonly end: string;
}

/** Partition keys of an asset between the ends of ranges, both included. */
async function keysInRanges(
  { workspace, instance, now }: ApiContext,
  key: string,
  ranges: readonly Range[],
): Promise<string[]> {
  const found = workspace.asset(key);
  const spec = found?.definition.partitions;
  if (found === undefined || !spec)
    throw new ClientFacingError(
      `Asset '${key}' has no partitions to wipe; leave the ranges out to wipe all of it.`,
    );
  const dynamic = await dynamicKeysOf(spec, found.location, instance.storage);
  return ranges.flatMap(({ start, end }) => partitionRange(spec, start, end, now, dynamic));
}

builder.mutationFields((t) => ({
  reloadRepositoryLocation: t.field({
    type: ReloadLocationResult,
    args: { repositoryLocationName: t.arg.string({ required: true }) },
    resolve: (_root, { repositoryLocationName: name }, context) =>
      guarded(context, 'editor', async () => {
        const location = await context.instance.codeLocations.reload(name);
        if (location === undefined)
          return tag('RepositoryLocationNotFound', {
            message: `There is no code location '${name}' in the workspace.`,
          });
        Object.assign(context, { workspace: indexWorkspace(await context.instance.codeLocations.list()) });
        return locationEntry(location);
      }) as never,
  }),
  reloadWorkspace: t.field({
    type: ReloadWorkspaceResult,
    resolve: (_root, _args, context) =>
      guarded(context, 'editor', async () => {
        const { codeLocations, storage } = context.instance;
        const own = context.workspace.locations.filter(({ name }) =>
          mayActAt(context.identity, name, 'editor'),
        );
        await Promise.all(own.map(({ name }) => codeLocations.reload(name)));
        Object.assign(context, {
          workspace: indexWorkspace(await codeLocations.list()),
          loaders: createLoaders(storage),
        });
        return tag('Workspace', {});
      }) as never,
  }),
  setConcurrencyLimit: t.boolean({
    args: { concurrencyKey: t.arg.string({ required: true }), limit: t.arg.int({ required: true }) },
    resolve: async (_root, { concurrencyKey, limit }, context) => {
      requireEverywhere(context, 'admin', "setting a pool's limit");
      if (limit < 0 || limit > 1_000)
        throw new ClientFacingError(`limit ${limit}: a pool has 0 to 1000 slots.`);
      await context.limited({ role: 'admin', writes: true }).storage.setPoolLimit(concurrencyKey, limit);
      return true;
    },
  }),
  deleteConcurrencyLimit: t.boolean({
    args: { concurrencyKey: t.arg.string({ required: true }) },
    resolve: async (_root, { concurrencyKey }, context) => {
      requireEverywhere(context, 'admin', "removing a pool's limit");
      await context.limited({ role: 'admin', writes: true }).storage.setPoolLimit(concurrencyKey, null);
      return true;
    },
  }),
  reportRunlessAssetEvents: t.field({
    type: ReportResult,
    args: { eventParams: t.arg({ type: ReportParams, required: true }) },
    resolve: (_root, { eventParams }, context) =>
      guarded(context, 'editor', async () => {
        const asset = requireAsset(fromKeyInput(eventParams.assetKey), context);
        const isMaterialization = eventParams.eventType === 'ASSET_MATERIALIZATION';
        const partitions = eventParams.partitionKeys?.length ? eventParams.partitionKeys : [undefined];
        for (const partition of partitions) {
          await requirePartition(asset, partition, { needed: isMaterialization }, context);
        }
        const data = {
          metadata: toMetadata({}),
          tags: { [TAG.user]: context.identity.user },
          ...(eventParams.description ? { description: eventParams.description } : {}),
        };
        await reportAssetEvent(
          isMaterialization
            ? { type: 'ASSET_MATERIALIZATION', data: { ...data, inputDataVersions: {} } }
            : { type: 'ASSET_OBSERVATION', data },
          { assetKey: asset.definition.key, partitions },
          context,
        );
        return tag('ReportRunlessAssetEventsSuccess', { path: eventParams.assetKey.path });
      }) as never,
  }),
  wipeAssets: t.field({
    type: AssetWipeResult,
    args: { assetPartitionRanges: t.arg({ type: [PartitionsByAssetSelector], required: true }) },
    resolve: (_root, { assetPartitionRanges }, context) =>
      guarded(context, 'editor', async () => {
        const wiped: WipedRange[] = [];
        for (const { assetKey: input, partitions } of assetPartitionRanges) {
          const key = fromKeyInput(input);
          const ranges = partitions?.ranges ?? (partitions?.range ? [partitions.range] : null);
          const keys = ranges === null ? null : await keysInRanges(context, key, ranges);
          await context.instance.storage.wipeAsset(key, keys);
          wiped.push(...(ranges ?? [null]).map((range) => ({ key, range })));
        }
        return tag('AssetWipeSuccess', { wiped });
      }) as never,
  }),
  addDynamicPartition: t.field({
    type: AddDynamicPartitionResult,
    args: {
      repositorySelector: t.arg({ type: RepositorySelector, required: true }),
      partitionsDefName: t.arg.string({ required: true }),
      partitionKey: t.arg.string({ required: true }),
    },
    resolve: (
      _root,
      {
        repositorySelector: { repositoryLocationName: location },
        partitionsDefName: name,
        partitionKey: key,
      },
      context,
    ) =>
      guarded(context, 'editor', async () => {
        const problem = problemOfKey(key);
        if (problem !== null) throw new ClientFacingError(`Partition key '${key}' ${problem}.`);
        const { storage } = context.instance;
        if ((await storage.dynamicPartitionKeys(location, name)).includes(key)) {
          return tag('DuplicateDynamicPartitionError', {
            message: `'${key}' is already a partition of "${name}".`,
            partitionsDefName: name,
            partitionName: key,
          });
        }
        await storage.changeDynamicPartitions(location, 'add', name, [key]);
        return tag('AddDynamicPartitionSuccess', { name, key });
      }) as never,
  }),
  deleteDynamicPartitions: t.field({
    type: DeleteDynamicPartitionsResult,
    args: {
      repositorySelector: t.arg({ type: RepositorySelector, required: true }),
      partitionsDefName: t.arg.string({ required: true }),
      partitionKeys: t.arg.stringList({ required: true }),
      wipeMaterializations: t.arg.boolean({
        description:
          'Whether what assets of the location made of these partitions is forgotten too; default false.',
      }),
    },
    resolve: (
      _root,
      {
        repositorySelector: { repositoryLocationName: location },
        partitionsDefName: name,
        partitionKeys,
        wipeMaterializations,
      },
      context,
    ) =>
      guarded(context, 'editor', async () => {
        // Wiped first: keys of two dimensions can be told only while the dimension has its keys.
        if (wipeMaterializations === true) await wipeDynamic(context, location, name, partitionKeys);
        await context.instance.storage.changeDynamicPartitions(location, 'delete', name, partitionKeys);
        return tag('DeleteDynamicPartitionsSuccess', { name });
      }) as never,
  }),
}));

/** Forgets what assets of a location made of partitions of a dynamic definition, also where it is one of two dimensions. */
async function wipeDynamic(
  { instance, workspace, now }: ApiContext,
  location: string,
  name: string,
  keys: readonly string[],
): Promise<void> {
  const gone = new Set(keys);
  for (const { key, partitions } of workspace.location(location)?.manifest?.assets ?? []) {
    if (partitions?.type === 'dynamic' && partitions.name === name) {
      await instance.storage.wipeAsset(key, keys);
    } else if (partitions?.type === 'multi') {
      const dimensions = Object.entries(partitions.dimensions).flatMap(([dimension, spec]) =>
        spec.type === 'dynamic' && spec.name === name ? [dimension] : [],
      );
      if (dimensions.length === 0) continue;
      const all = partitionKeys(partitions, now, await dynamicKeysOf(partitions, location, instance.storage));
      const wiped = all.filter((each) => {
        const of = keysByDimension(partitions, each);
        return dimensions.some((dimension) => gone.has(of[dimension] ?? ''));
      });
      if (wiped.length > 0) await instance.storage.wipeAsset(key, wiped);
    }
  }
}
