import type { JobManifest } from '../../../model/manifest';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { REPOSITORY } from '../../workspace-index';
import { RepositoryMetadata, RepositorySelector } from '../common';
import { PythonError, RepositoryNotFoundError } from '../errors';
import { Schedule, taggedSchedule } from '../instigation/schedule';
import { Sensor, SensorType, sensorTypeOf, taggedSensor } from '../instigation/sensor';
import { Job, Pipeline } from './job';
import { RepositoryOrigin } from './repository-origin';
import {
  Repository,
  RepositoryLocation,
  type RepositoryValue,
  repositoryValue,
  type TaggedRepository,
} from './repository-value';

/** Every job, the implicit one of all assets too, as Dagster answers: pages leave it out by its name. */
const jobsOf = ({ manifest }: RepositoryValue): readonly JobManifest[] => manifest.jobs;

RepositoryLocation.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ location }) => location.name }),
    name: t.string({ resolve: ({ location }) => location.name }),
    isReloadSupported: t.boolean({ resolve: () => true }),
    serverId: t.string({ nullable: true, resolve: ({ location }) => location.bundleHash }),
    repositories: t.field({
      type: [Repository],
      resolve: ({ location }) => [repositoryValue(location)].flatMap((value) => value ?? []),
    }),
  }),
});

Repository.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ location }) => location }),
    name: t.string({ resolve: () => REPOSITORY }),
    location: t.field({
      type: RepositoryLocation,
      resolve: ({ location }, _args, { workspace }) => {
        const found = workspace.location(location);
        if (found === undefined)
          throw new Error(`Code location '${location}' left the workspace meanwhile. Reload the page.`);
        return tag('RepositoryLocation', { location: found });
      },
    }),
    jobs: t.field({
      type: [Job],
      resolve: (repository) =>
        jobsOf(repository).map((job) => tag('Job', { location: repository.location, job })),
    }),
    pipelines: t.field({
      type: [Pipeline],
      resolve: (repository) =>
        jobsOf(repository).map((job) => tag('Pipeline', { location: repository.location, job })),
    }),
    origin: t.field({ type: RepositoryOrigin, resolve: ({ location }) => ({ location }) }),
    schedules: t.field({
      type: [Schedule],
      resolve: ({ location, manifest }) =>
        manifest.schedules.map((definition) => taggedSchedule(location, definition)),
    }),
    sensors: t.field({
      type: [Sensor],
      args: { sensorType: t.arg({ type: SensorType }) },
      resolve: ({ location, manifest }, { sensorType }) =>
        manifest.sensors
          .filter(({ kind }) => !sensorType || sensorTypeOf(kind) === sensorType)
          .map((definition) => taggedSensor(location, definition)),
    }),
    displayMetadata: t.field({ type: [RepositoryMetadata], resolve: () => [] }),
  }),
});

const RepositoryConnection =
  builder.objectRef<Tagged<'RepositoryConnection', { readonly nodes: readonly TaggedRepository[] }>>(
    'RepositoryConnection',
  );
RepositoryConnection.implement({
  fields: (t) => ({ nodes: t.field({ type: [Repository], resolve: ({ nodes }) => [...nodes] }) }),
});

const RepositoriesOrError = builder.unionType('RepositoriesOrError', {
  types: [RepositoryConnection, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const RepositoryOrError = builder.unionType('RepositoryOrError', {
  types: [PythonError, Repository, RepositoryNotFoundError],
  resolveType: byTypename,
});

export const repositoryNotFound = (location: string) =>
  tag('RepositoryNotFoundError', {
    repositoryName: REPOSITORY,
    repositoryLocationName: location,
    message: `There is no code location '${location}', or it has no definitions.`,
  });

builder.queryFields((t) => ({
  repositoriesOrError: t.field({
    type: RepositoriesOrError,
    args: { repositorySelector: t.arg({ type: RepositorySelector }) },
    resolve: (_root, { repositorySelector }, { workspace }) => {
      const wanted = repositorySelector?.repositoryLocationName;
      const nodes = workspace.locations.flatMap((location) =>
        wanted && location.name !== wanted ? [] : (repositoryValue(location) ?? []),
      );
      return wanted && nodes.length === 0
        ? repositoryNotFound(wanted)
        : tag('RepositoryConnection', { nodes });
    },
  }),
  repositoryOrError: t.field({
    type: RepositoryOrError,
    args: { repositorySelector: t.arg({ type: RepositorySelector, required: true }) },
    resolve: (_root, { repositorySelector: { repositoryLocationName } }, { workspace }) => {
      const location = workspace.location(repositoryLocationName);
      return (
        (location === undefined ? undefined : repositoryValue(location)) ??
        repositoryNotFound(repositoryLocationName)
      );
    },
  }),
}));
