import type { CodeLocation } from '../../../model/code-location';
import type { Manifest } from '../../../model/manifest';
import type { ApiContext } from '../../api-context';
import { builder, type Tagged, tag } from '../../builder';

/** A location that has definitions. */
export interface RepositoryValue {
  readonly location: string;
  readonly manifest: Manifest;
}
export type TaggedRepository = Tagged<'Repository', RepositoryValue>;
export const repositoryValue = (location: CodeLocation): TaggedRepository | undefined =>
  location.manifest === null
    ? undefined
    : tag('Repository', { location: location.name, manifest: location.manifest });

export const Repository = builder.objectRef<TaggedRepository>('Repository');
export const RepositoryLocation =
  builder.objectRef<Tagged<'RepositoryLocation', { readonly location: CodeLocation }>>('RepositoryLocation');

export function repositoryOf(name: string, { workspace }: ApiContext): TaggedRepository {
  const location = workspace.location(name);
  const repository = location === undefined ? undefined : repositoryValue(location);
  if (repository === undefined)
    throw new Error(
      `Code location '${name}' has no definitions any more: it was unloaded meanwhile. Reload the page.`,
    );
  return repository;
}
