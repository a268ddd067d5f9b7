import { builder } from '../../builder';
import { REPOSITORY } from '../../workspace-index';
import { RepositoryMetadata } from '../common';

export const RepositoryOrigin = builder.objectRef<{ readonly location: string }>('RepositoryOrigin');
RepositoryOrigin.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ location }) => location }),
    repositoryLocationName: t.exposeString('location'),
    repositoryName: t.string({ resolve: () => REPOSITORY }),
    repositoryLocationMetadata: t.field({ type: [RepositoryMetadata], resolve: () => [] }),
  }),
});
