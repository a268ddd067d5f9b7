import { mayActAt } from '../../access';
import { builder, byTypename, tag } from '../../builder';
import { guarded } from '../../guard';
import { createLoaders } from '../../loaders';
import { indexWorkspace } from '../../workspace-index';
import { PythonError, ReloadNotSupported, RepositoryLocationNotFound, UnauthorizedError } from '../errors';
import { locationEntry, WorkspaceLocationEntry, WorkspaceType } from './workspace';

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
}));
