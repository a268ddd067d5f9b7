import { dynamicKeysOf } from '../../../engine/dynamic-keys';
import type { JobManifest } from '../../../model/manifest';
import { partitionKeySet } from '../../../model/partitions';
import { mayActAt } from '../../access';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type InterfaceFields, type Tagged, tag } from '../../builder';
import { LATEST_RUNS_PER_JOB } from '../../loaders';
import { REPOSITORY } from '../../workspace-index';
import { AssetCheckHandleInput, AssetKeyInput, fromKeyInput, PipelineTag, tagPairs } from '../common';
import { InvalidSubsetError, orError, PipelineNotFoundError, PythonError } from '../errors';
import { Schedule, taggedSchedule } from '../instigation/schedule';
import { Sensor, taggedSensor } from '../instigation/sensor';
import { MetadataEntry, metadataEntries } from '../metadata';
import { pageSize } from '../paging';
import { RunType, runValue } from '../runs/run';
import { DefinitionOwner, definitionOwner } from './definition-owner';
import { type JobValue, Solid, SolidHandle, solidsOf } from './graph';
import { Mode } from './modes';
import { Repository, repositoryOf } from './repository-value';

const jobId = ({ location, job }: JobValue): string => `${location}:${job.name}`;

/** A job as one bundle defines it. */
const snapshotId = ({ location, job }: JobValue, { workspace }: ApiContext): string =>
  `${workspace.location(location)?.bundleHash ?? ''}:${job.name}`;

const PartitionKeys = builder.objectRef<{ readonly keys: readonly string[] }>('PartitionKeys');
PartitionKeys.implement({
  fields: (t) => ({ partitionKeys: t.stringList({ resolve: ({ keys }) => [...keys] }) }),
});

/** The job with the partitions that some of its assets have; with its own where none are named. */
export function narrowToAssets(
  value: JobValue,
  selected: readonly { readonly path: readonly string[] }[] | null | undefined,
  { workspace }: ApiContext,
): JobValue {
  if (!selected) return value;
  const { location, job } = value;
  const partitions = selected
    .map(fromKeyInput)
    .filter((key) => job.assets?.includes(key))
    .map((key) => workspace.asset(key)?.definition.partitions ?? null);
  return { location, job: { ...job, partitions: partitions.find((each) => each !== null) ?? null } };
}

export async function partitionKeysOfJob(
  { location, job }: JobValue,
  {
    limit,
    reverse,
    cursor,
  }: {
    limit?: number | null | undefined;
    reverse?: boolean | null | undefined;
    cursor?: string | null | undefined;
  },
  context: ApiContext,
): Promise<string[]> {
  if (job.partitions === null) return [];
  const keys = partitionKeySet(
    job.partitions,
    context.now,
    await dynamicKeysOf(job.partitions, location, context.loaders),
  );
  const size = limit === null || limit === undefined ? keys.count : pageSize(limit, 100);
  const index = cursor ? keys.indexOf(cursor) : -1;
  const first = reverse === true ? keys.count - 1 - (index < 0 ? 0 : keys.count - index) : index + 1;
  const step = reverse === true ? -1 : 1;
  const count = Math.min(size, reverse === true ? first + 1 : keys.count - first);
  return Array.from({ length: Math.max(0, count) }, (_, i) => keys.keyAt(first + i * step));
}

/** What both interfaces of a job say of the nodes of its graph. */
const nodeFields = (t: InterfaceFields<JobValue>) => ({
  solids: t.field({ type: [Solid], resolve: (value, _args, context) => solidsOf(value, context) }),
  solidHandle: t.field({
    type: SolidHandle,
    nullable: true,
    args: { handleID: t.arg.string({ required: true }) },
    resolve: (value, { handleID }, context) =>
      solidsOf(value, context).find(({ name }) => name === handleID) ?? null,
  }),
  solidHandles: t.field({
    type: [SolidHandle],
    description: 'All nodes; none are within another one.',
    args: { parentHandleID: t.arg.string() },
    resolve: (value, { parentHandleID }, context) => (parentHandleID ? [] : solidsOf(value, context)),
  }),
  modes: t.field({ type: [Mode], resolve: (value) => [value] }),
});

/** Whatever has a graph of nodes. */
export const SolidContainer = builder.interfaceRef<JobValue>('SolidContainer').implement({
  resolveType: () => 'Pipeline',
  fields: (t) => ({
    id: t.id({ resolve: jobId }),
    name: t.string({ resolve: ({ job }) => job.name }),
    description: t.string({ nullable: true, resolve: ({ job }) => job.description }),
    ...nodeFields(t),
  }),
});

/** `Job` and `Pipeline` are the same thing under two names. */
export const IPipelineSnapshot = builder.interfaceRef<JobValue>('IPipelineSnapshot').implement({
  resolveType: () => 'Pipeline',
  fields: (t) => ({
    name: t.string({ resolve: ({ job }) => job.name }),
    description: t.string({ nullable: true, resolve: ({ job }) => job.description }),
    owners: t.field({ type: [DefinitionOwner], resolve: ({ job }) => job.owners.map(definitionOwner) }),
    pipelineSnapshotId: t.string({ resolve: (value, _args, context) => snapshotId(value, context) }),
    parentSnapshotId: t.string({
      nullable: true,
      description: 'Null: a selection is made when a run is planned, and is no job of its own.',
      resolve: () => null,
    }),
    ...nodeFields(t),
    tags: t.field({ type: [PipelineTag], resolve: ({ job }) => tagPairs(job.tags) }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: ({ job }) => metadataEntries(job.metadata) }),
    runs: t.field({
      type: [RunType],
      args: { cursor: t.arg.string(), limit: t.arg.int() },
      resolve: async ({ location, job }, { cursor, limit }, { instance, loaders }) => {
        const size = pageSize(limit, 25);
        if (!cursor && size <= LATEST_RUNS_PER_JOB)
          return (await loaders.latestRuns(location, job.name)).slice(0, size).map(runValue);
        const filter = { location, jobName: job.name };
        return (await instance.storage.listRuns({ filter, limit: size, cursor: cursor ?? undefined })).map(
          runValue,
        );
      },
    }),
    schedules: t.field({
      type: [Schedule],
      resolve: ({ location, job }, _args, { workspace }) =>
        (workspace.location(location)?.manifest?.schedules ?? [])
          .filter((s) => s.jobName === job.name)
          .map((definition) => taggedSchedule(location, definition)),
    }),
    sensors: t.field({
      type: [Sensor],
      resolve: ({ location, job }, _args, { workspace }) =>
        (workspace.location(location)?.manifest?.sensors ?? [])
          .filter((s) => s.jobNames.includes(job.name))
          .map((definition) => taggedSensor(location, definition)),
    }),
    graphName: t.string({ resolve: ({ job }) => job.name }),
  }),
});

function jobType<N extends 'Job' | 'Pipeline'>(name: N) {
  const ref = builder.objectRef<Tagged<N, JobValue>>(name);
  ref.implement({
    interfaces: [SolidContainer, IPipelineSnapshot],
    fields: (t) => ({
      isJob: t.boolean({ resolve: () => true }),
      isAssetJob: t.boolean({ resolve: ({ job }) => job.assets !== null }),
      runTags: t.field({ type: [PipelineTag], resolve: ({ job }) => tagPairs(job.runTags) }),
      nodeNames: t.stringList({
        resolve: (value, _args, context) => solidsOf(value, context).map((solid) => solid.name),
      }),
      repository: t.field({
        type: Repository,
        resolve: (value, _args, context) => repositoryOf(value.location, context),
      }),
      partitionKeysOrError: t.field({
        type: PartitionKeys,
        args: {
          cursor: t.arg.string(),
          limit: t.arg.int(),
          reverse: t.arg.boolean(),
          selectedAssetKeys: t.arg({ type: [AssetKeyInput] }),
        },
        resolve: async (value, { selectedAssetKeys, ...page }, context) => ({
          keys: await partitionKeysOfJob(narrowToAssets(value, selectedAssetKeys, context), page, context),
        }),
      }),
      hasLaunchExecutionPermission: t.boolean({
        resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
      }),
      hasLaunchReexecutionPermission: t.boolean({
        resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
      }),
    }),
  });
  return ref;
}
export const Job = jobType('Job');
export const Pipeline = jobType('Pipeline');

/** A job of a location as the member of a union. */
export const pipelineValue = (location: string, job: JobManifest | undefined) =>
  job === undefined ? undefined : tag('Pipeline', { location, job });

export const PipelineSelector = builder.inputType('PipelineSelector', {
  fields: (t) => ({
    pipelineName: t.string({ required: true }),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    solidSelection: t.stringList(),
    assetSelection: t.field({ type: [AssetKeyInput] }),
    assetCheckSelection: t.field({ type: [AssetCheckHandleInput] }),
  }),
});

const PipelineOrError = builder.unionType('PipelineOrError', {
  types: [Pipeline, PipelineNotFoundError, InvalidSubsetError, PythonError],
  resolveType: byTypename,
});

export function pipelineNotFound(location: string, pipelineName: string) {
  return tag('PipelineNotFoundError', {
    pipelineName,
    repositoryName: REPOSITORY,
    repositoryLocationName: location,
    message: `There is no job '${pipelineName}' in code location '${location}'.`,
  });
}

builder.queryFields((t) => ({
  pipelineOrError: t.field({
    type: PipelineOrError,
    args: { params: t.arg({ type: PipelineSelector, required: true }) },
    resolve: (_root, { params }, { workspace }) =>
      orError(() => {
        const { repositoryLocationName: location, pipelineName } = params;
        return (
          pipelineValue(location, workspace.job(location, pipelineName)) ??
          pipelineNotFound(location, pipelineName)
        );
      }),
  }),
}));
