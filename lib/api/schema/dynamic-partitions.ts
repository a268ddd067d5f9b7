import {
  addDynamicPartition,
  definedDynamicNames,
  deleteDynamicPartitions,
} from '../../engine/change-dynamic-partitions';
import { EngineError } from '../../engine/errors';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { guarded } from '../guard';
import { RepositorySelector } from './common';
import { DuplicateDynamicPartitionError, PythonError, UnauthorizedError } from './errors';
import { UnsupportedOperationError } from './never-answered';

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

/** @throws {EngineError} no code has such partitions: nothing would ever be made of the key */
function requireDefinition({ workspace }: ApiContext, location: string, name: string): void {
  const manifest = workspace.location(location)?.manifest;
  if (manifest == null) throw new EngineError(`There is no code location '${location}' that was loaded.`);
  const names = definedDynamicNames(manifest);
  if (names.includes(name)) return;
  throw new EngineError(
    `Code location '${location}' has no dynamic partitions '${name}'; it has ${names.join(', ') || 'none'}.`,
  );
}

builder.mutationFields((t) => ({
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
        requireDefinition(context, location, name);
        const added = await addDynamicPartition(context.instance.storage, { location, name }, key);
        return added === 'added'
          ? tag('AddDynamicPartitionSuccess', { name, key })
          : tag('DuplicateDynamicPartitionError', {
              message: `'${key}' is already a partition of "${name}".`,
              partitionsDefName: name,
              partitionName: key,
            });
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
        const { instance, workspace, now } = context;
        const wipedAssets =
          wipeMaterializations === true ? (workspace.location(location)?.manifest?.assets ?? []) : [];
        await deleteDynamicPartitions(instance.storage, { location, name }, partitionKeys, {
          wipedAssets,
          now,
        });
        return tag('DeleteDynamicPartitionsSuccess', { name });
      }) as never,
  }),
}));
