import type { JsonValue } from '../../../model/json';
import type { ResourceManifest } from '../../../model/manifest';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey, RepositorySelector } from '../common';
import { ConfigTypeField, configFields } from '../config-types';
import {
  InvalidSubsetError,
  PipelineNotFoundError,
  PythonError,
  RepositoryNotFoundError,
  ResourceNotFoundError,
} from '../errors';
import { solidsOf } from './graph';
import { PipelineSelector, pipelineNotFound } from './job';
import { Resource, resourcesOf } from './modes';
import { repositoryNotFound } from './repository';
import { Repository } from './repository-value';

interface ResourceValue {
  readonly location: string;
  readonly resource: ResourceManifest;
}
const ResourceDetails = builder.objectRef<Tagged<'ResourceDetails', ResourceValue>>('ResourceDetails');
const resourceValue = (location: string, resource: ResourceManifest) =>
  tag('ResourceDetails', { location, resource });

const ConfiguredValueType = builder.enumType('ConfiguredValueType', {
  values: ['VALUE', 'ENV_VAR', 'SECRET'] as const,
});
const ConfiguredValue = builder.objectRef<{ readonly key: string; readonly value: JsonValue }>(
  'ConfiguredValue',
);
/** Manifests name environment variables and secrets as `{ env: NAME }` and `{ secret: NAME }`, without their values. */
const referenceOf = (value: JsonValue) => {
  const { env, secret } = (value ?? {}) as { readonly env?: unknown; readonly secret?: unknown };
  if (typeof env === 'string') return { type: 'ENV_VAR', name: env } as const;
  return typeof secret === 'string' ? ({ type: 'SECRET', name: secret } as const) : undefined;
};
ConfiguredValue.implement({
  fields: (t) => ({
    key: t.exposeString('key'),
    value: t.string({ resolve: ({ value }) => referenceOf(value)?.name ?? JSON.stringify(value) }),
    type: t.field({
      type: ConfiguredValueType,
      resolve: ({ value }) => referenceOf(value)?.type ?? 'VALUE',
    }),
  }),
});

const NestedResourceType = builder.enumType('NestedResourceType', {
  values: ['ANONYMOUS', 'TOP_LEVEL'] as const,
});
const NestedResourceEntry = builder.objectRef<ResourceValue>('NestedResourceEntry');
NestedResourceEntry.implement({
  fields: (t) => ({
    name: t.string({ resolve: ({ resource }) => resource.name }),
    type: t.field({ type: NestedResourceType, resolve: () => 'TOP_LEVEL' as const }),
    resource: t.field({
      type: ResourceDetails,
      nullable: true,
      resolve: ({ location, resource }) => resourceValue(location, resource),
    }),
  }),
});
interface JobUse {
  readonly jobName: string;
  readonly nodes: readonly string[];
}
const JobWithOps = builder.objectRef<JobUse>('JobWithOps');
JobWithOps.implement({
  fields: (t) => ({
    jobName: t.exposeString('jobName'),
    opHandleIDs: t.stringList({ resolve: ({ nodes }) => [...nodes] }),
  }),
});

const manifestOf = (location: string, { workspace }: ApiContext) => workspace.location(location)?.manifest;

/** Whether an op takes a resource, or keeps its outputs with it. */
const usedBy =
  (name: string) =>
  (op: {
    readonly resources: readonly string[];
    readonly outputs: readonly { readonly ioManager: string }[];
  }) =>
    op.resources.includes(name) || op.outputs.some(({ ioManager }) => ioManager === name);

function jobsUsing({ location, resource: { name } }: ResourceValue, context: ApiContext): JobUse[] {
  const uses = usedBy(name);
  return (manifestOf(location, context)?.jobs ?? []).flatMap((job) => {
    const nodes = solidsOf({ location, job }, context).filter(({ op }) => uses(op));
    return nodes.length === 0 ? [] : [{ jobName: job.name, nodes: nodes.map((node) => node.name) }];
  });
}

ResourceDetails.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ location, resource }) => `${location}:${resource.name}` }),
    name: t.string({ resolve: ({ resource }) => resource.name }),
    description: t.string({ nullable: true, resolve: ({ resource }) => resource.description }),
    configFields: t.field({
      type: [ConfigTypeField],
      resolve: ({ resource }) => configFields(resource.configSchema),
    }),
    configuredValues: t.field({
      type: [ConfiguredValue],
      resolve: ({ resource }) => Object.entries(resource.config).map(([key, value]) => ({ key, value })),
    }),
    isTopLevel: t.boolean({ resolve: () => true }),
    nestedResources: t.field({
      type: [NestedResourceEntry],
      resolve: ({ location, resource }, _args, context) =>
        (manifestOf(location, context)?.resources ?? [])
          .filter(({ name }) => resource.dependencies.includes(name))
          .map((nested) => ({ location, resource: nested })),
    }),
    parentResources: t.field({
      type: [NestedResourceEntry],
      resolve: ({ location, resource }, _args, context) =>
        (manifestOf(location, context)?.resources ?? [])
          .filter(({ dependencies }) => dependencies.includes(resource.name))
          .map((parent) => ({ location, resource: parent })),
    }),
    resourceType: t.string({ resolve: ({ resource }) => (resource.isIoManager ? 'IoManager' : 'Resource') }),
    assetKeysUsing: t.field({
      type: [AssetKeyType],
      resolve: ({ location, resource: { name } }, _args, context) => {
        const uses = usedBy(name);
        const ops = (manifestOf(location, context)?.ops ?? []).filter(uses);
        return ops.flatMap(({ assets }) => assets).map(assetKey);
      },
    }),
    jobsOpsUsing: t.field({
      type: [JobWithOps],
      resolve: (value, _args, context) => jobsUsing(value, context),
    }),
    schedulesUsing: t.stringList({
      description: 'None: schedules take resources only through their code, which says nothing of it.',
      resolve: () => [],
    }),
    sensorsUsing: t.stringList({
      description: 'None: sensors take resources only through their code, which says nothing of it.',
      resolve: () => [],
    }),
  }),
});

const ResourceDetailsOrError = builder.unionType('ResourceDetailsOrError', {
  types: [ResourceDetails, ResourceNotFoundError, PythonError],
  resolveType: byTypename,
});
const ResourceDetailsList =
  builder.objectRef<Tagged<'ResourceDetailsList', { readonly location: string }>>('ResourceDetailsList');
ResourceDetailsList.implement({
  fields: (t) => ({
    results: t.field({
      type: [ResourceDetails],
      resolve: ({ location }, _args, context) =>
        (manifestOf(location, context)?.resources ?? []).map((each) => resourceValue(location, each)),
    }),
  }),
});
const ResourceDetailsListOrError = builder.unionType('ResourceDetailsListOrError', {
  types: [ResourceDetailsList, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const ResourceConnection =
  builder.objectRef<Tagged<'ResourceConnection', { readonly resources: readonly ResourceManifest[] }>>(
    'ResourceConnection',
  );
ResourceConnection.implement({
  fields: (t) => ({
    resources: t.field({ type: [Resource], resolve: ({ resources }) => [...resources] }),
  }),
});
const ResourcesOrError = builder.unionType('ResourcesOrError', {
  types: [ResourceConnection, PipelineNotFoundError, InvalidSubsetError, PythonError],
  resolveType: byTypename,
});
const ResourceSelector = builder.inputType('ResourceSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    resourceName: t.string({ required: true }),
  }),
});

const EnvVarConsumerType = builder.enumType('EnvVarConsumerType', { values: ['RESOURCE'] as const });
const EnvVarConsumer = builder.objectRef<string>('EnvVarConsumer');
EnvVarConsumer.implement({
  fields: (t) => ({
    type: t.field({ type: EnvVarConsumerType, resolve: () => 'RESOURCE' as const }),
    name: t.string({ resolve: (name) => name }),
  }),
});
interface VariableUse {
  readonly name: string;
  readonly resources: readonly string[];
}
const EnvVarWithConsumers = builder.objectRef<VariableUse>('EnvVarWithConsumers');
EnvVarWithConsumers.implement({
  fields: (t) => ({
    envVarName: t.exposeString('name'),
    envVarConsumers: t.field({ type: [EnvVarConsumer], resolve: ({ resources }) => [...resources] }),
  }),
});
const EnvVarWithConsumersList =
  builder.objectRef<Tagged<'EnvVarWithConsumersList', { readonly uses: readonly VariableUse[] }>>(
    'EnvVarWithConsumersList',
  );
EnvVarWithConsumersList.implement({
  fields: (t) => ({ results: t.field({ type: [EnvVarWithConsumers], resolve: ({ uses }) => [...uses] }) }),
});
const EnvVarWithConsumersOrError = builder.unionType('EnvVarWithConsumersOrError', {
  types: [EnvVarWithConsumersList, PythonError],
  resolveType: byTypename,
});

/** Which resources of a location read which environment variables. */
function variableUses(resources: readonly ResourceManifest[]): VariableUse[] {
  const names = [...new Set(resources.flatMap(({ environment }) => environment))].sort();
  return names.map((name) => ({
    name,
    resources: resources.filter(({ environment }) => environment.includes(name)).map((each) => each.name),
  }));
}

builder.queryFields((t) => {
  const repositorySelector = t.arg({ type: RepositorySelector, required: true });
  return {
    topLevelResourceDetailsOrError: t.field({
      type: ResourceDetailsOrError,
      args: { resourceSelector: t.arg({ type: ResourceSelector, required: true }) },
      resolve: (_root, { resourceSelector: selector }, context) => {
        const { repositoryLocationName: location, resourceName } = selector;
        const found = manifestOf(location, context)?.resources.find(({ name }) => name === resourceName);
        return found === undefined
          ? tag('ResourceNotFoundError', {
              resourceName,
              message: `There is no resource '${resourceName}' in code location '${location}'.`,
            })
          : resourceValue(location, found);
      },
    }),
    allTopLevelResourceDetailsOrError: t.field({
      type: ResourceDetailsListOrError,
      args: { repositorySelector },
      resolve: (_root, { repositorySelector: { repositoryLocationName: location } }, context) =>
        manifestOf(location, context)
          ? tag('ResourceDetailsList', { location })
          : repositoryNotFound(location),
    }),
    resourcesOrError: t.field({
      type: ResourcesOrError,
      args: { pipelineSelector: t.arg({ type: PipelineSelector, required: true }) },
      resolve: (_root, { pipelineSelector: selector }, context) => {
        const { repositoryLocationName: location, pipelineName } = selector;
        const job = context.workspace.job(location, pipelineName);
        return job === undefined
          ? pipelineNotFound(location, pipelineName)
          : tag('ResourceConnection', { resources: resourcesOf({ location, job }, context) });
      },
    }),
    utilizedEnvVarsOrError: t.field({
      type: EnvVarWithConsumersOrError,
      args: { repositorySelector },
      resolve: (_root, { repositorySelector: { repositoryLocationName: location } }, context) =>
        tag('EnvVarWithConsumersList', {
          uses: variableUses(manifestOf(location, context)?.resources ?? []),
        }),
    }),
  };
});

builder.objectField(Repository, 'allTopLevelResourceDetails', (t) =>
  t.field({
    type: [ResourceDetails],
    resolve: ({ location, manifest }) => manifest.resources.map((each) => resourceValue(location, each)),
  }),
);
