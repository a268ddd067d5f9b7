import { stringify } from 'yaml';
import { findLocation } from '../../engine/find-definitions';
import { partitionConfigs } from '../../engine/partition-configs';
import type { PartitionConfig } from '../../model/code-location';
import type { JobManifest, Manifest } from '../../model/manifest';
import { keysByDimension } from '../../model/partitions';
import type { Tags } from '../../model/tags';
import { partitionDimensionTag, TAG } from '../../model/tags';
import { mayActAt } from '../access';
import type { ApiContext } from '../api-context';
import { type ArgumentsLoader, argumentsLoader } from '../batch-loader';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { backfillValue, PARTITION_SET_SUFFIX, PartitionBackfill } from './backfills/partition-backfill';
import { AssetKeyInput, PipelineTag, RepositorySelector, tagPairs } from './common';
import { orError, PartitionSetNotFoundError, PipelineNotFoundError, PythonError } from './errors';
import { Schedule } from './instigation/schedule';
import { pageSize } from './paging';
import type { JobValue } from './repositories/graph';
import { Job, narrowToAssets, Pipeline, partitionKeysOfJob, pipelineNotFound } from './repositories/job';
import { RepositoryOrigin } from './repositories/repository-origin';
import { Repository } from './repositories/repository-value';
import { RunType, runValue } from './runs/run';
import { RunStatusEnum } from './runs/run-status';
import { RunsFilter, toRunFilter } from './runs/runs-filter';

/** Dagster's older name of a job's partitions. */
type PartitionSetValue = Tagged<'PartitionSet', JobValue>;
const PartitionSet = builder.objectRef<PartitionSetValue>('PartitionSet');
const nameOf = ({ job }: JobValue): string => `${job.name}${PARTITION_SET_SUFFIX}`;

/** The partition sets of a location, one for each job that has partitions. */
const partitionSetsOf = (location: string, manifest: Manifest | null | undefined): PartitionSetValue[] =>
  (manifest?.jobs ?? []).flatMap((job) => partitionSetOf(location, job) ?? []);
const partitionSetOf = (location: string, job: JobManifest | undefined): PartitionSetValue | null =>
  job === undefined || job.partitions === null ? null : tag('PartitionSet', { location, job });

const PartitionRunConfig =
  builder.objectRef<Tagged<'PartitionRunConfig', { readonly yaml: string }>>('PartitionRunConfig');
PartitionRunConfig.implement({ fields: (t) => ({ yaml: t.exposeString('yaml') }) });
const PartitionRunConfigOrError = builder.unionType('PartitionRunConfigOrError', {
  types: [PartitionRunConfig, PythonError],
  resolveType: byTypename,
});
const PartitionTags = builder.objectRef<Tagged<'PartitionTags', { readonly tags: Tags }>>('PartitionTags');
PartitionTags.implement({
  fields: (t) => ({ results: t.field({ type: [PipelineTag], resolve: ({ tags }) => tagPairs(tags) }) }),
});
const PartitionTagsOrError = builder.unionType('PartitionTagsOrError', {
  types: [PartitionTags, PythonError],
  resolveType: byTypename,
});

interface PartitionOfJob extends JobValue {
  readonly partition: string;
}
interface JobNames {
  readonly location: string;
  readonly name: string;
}
const NOTHING: PartitionConfig = { config: null, tags: {} };
const loaders = new WeakMap<ApiContext, ArgumentsLoader<string, JobNames, PartitionConfig>>();

/** What its job gives to a run of a partition: of all partitions that a query names, asked for together. */
async function ofPartition({ location, job, partition }: PartitionOfJob, context: ApiContext) {
  if (job.isConfiguredByPartition !== true) return NOTHING;
  const { instance } = context;
  const loader =
    loaders.get(context) ??
    argumentsLoader(async (partitions: readonly string[], of: JobNames) =>
      partitionConfigs(
        instance,
        await findLocation(instance, of.location),
        of,
        partitions.map((each) => [each]),
      ),
    );
  loaders.set(context, loader);
  return loader.load(partition, { location, name: job.name });
}

/** What a run of a partition gets besides what is asked for. */
async function tagsOf(value: PartitionOfJob, context: ApiContext): Promise<Tags> {
  const { job, partition } = value;
  const dimensions =
    job.partitions?.type === 'multi' ? Object.entries(keysByDimension(job.partitions, partition)) : [];
  return {
    ...job.runTags,
    ...(await ofPartition(value, context)).tags,
    [TAG.partition]: partition,
    ...Object.fromEntries(dimensions.map(([name, key]) => [partitionDimensionTag(name), key])),
  };
}
const configOf = (value: PartitionOfJob, context: ApiContext) =>
  orError(async () => {
    const { config } = await ofPartition(value, context);
    return tag('PartitionRunConfig', { yaml: stringify(config ?? value.job.defaultConfig) });
  });
const taggedTagsOf = (value: PartitionOfJob, context: ApiContext) =>
  orError(async () => tag('PartitionTags', { tags: await tagsOf(value, context) }));

const Partition = builder.objectRef<PartitionOfJob>('Partition');
Partition.implement({
  fields: (t) => ({
    name: t.exposeString('partition'),
    partitionSetName: t.string({ resolve: nameOf }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
    mode: t.string({ resolve: () => 'default' }),
    runConfigOrError: t.field({
      type: PartitionRunConfigOrError,
      resolve: (value, _args, context) => configOf(value, context) as never,
    }),
    tagsOrError: t.field({
      type: PartitionTagsOrError,
      resolve: (value, _args, context) => taggedTagsOf(value, context) as never,
    }),
    runs: t.field({
      type: [RunType],
      args: { filter: t.arg({ type: RunsFilter }), cursor: t.arg.string(), limit: t.arg.int() },
      resolve: async (value, { filter, cursor, limit }, { instance }) => {
        const runs = await instance.storage.listRuns({
          filter: runsOf(value, toRunFilter(filter)),
          cursor: cursor ?? undefined,
          limit: pageSize(limit, 25),
        });
        return runs.map(runValue);
      },
    }),
    status: t.field({
      type: RunStatusEnum,
      nullable: true,
      description: 'Of its latest run.',
      resolve: async (value, _args, { instance }) =>
        (await instance.storage.listRuns({ filter: runsOf(value, {}), limit: 1 }))[0]?.status ?? null,
    }),
  }),
});

function runsOf({ location, job, partition }: PartitionOfJob, filter: ReturnType<typeof toRunFilter>) {
  const own = { key: TAG.partition, values: [partition] };
  return { ...filter, location, jobName: job.name, tags: [...(filter.tags ?? []), own] };
}

const Partitions =
  builder.objectRef<Tagged<'Partitions', { readonly partitions: readonly PartitionOfJob[] }>>('Partitions');
Partitions.implement({
  fields: (t) => ({
    results: t.field({ type: [Partition], resolve: ({ partitions }) => [...partitions] }),
  }),
});
const PartitionsOrError = builder.unionType('PartitionsOrError', {
  types: [Partitions, PythonError],
  resolveType: byTypename,
});

PartitionSet.implement({
  fields: (t) => ({
    id: t.id({ resolve: (set) => `${set.location}:${nameOf(set)}` }),
    name: t.string({ resolve: nameOf }),
    pipelineName: t.string({ resolve: ({ job }) => job.name }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
    mode: t.string({ resolve: () => 'default' }),
    partitionsOrError: t.field({
      type: PartitionsOrError,
      args: { cursor: t.arg.string(), limit: t.arg.int(), reverse: t.arg.boolean() },
      resolve: async ({ location, job }, args, context) => {
        const keys = await partitionKeysOfJob({ location, job }, args, context);
        return tag('Partitions', { partitions: keys.map((partition) => ({ location, job, partition })) });
      },
    }),
    partition: t.field({
      type: Partition,
      nullable: true,
      args: { partitionName: t.arg.string({ required: true }) },
      resolve: async ({ location, job }, { partitionName }, context) => {
        const keys = await partitionKeysOfJob({ location, job }, {}, context);
        return keys.includes(partitionName) ? { location, job, partition: partitionName } : null;
      },
    }),
    repositoryOrigin: t.field({ type: RepositoryOrigin, resolve: ({ location }) => ({ location }) }),
    hasLaunchBackfillPermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
    }),
    hasCancelBackfillPermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'launcher'),
    }),
    backfills: t.field({
      type: [PartitionBackfill],
      args: { cursor: t.arg.string(), limit: t.arg.int() },
      resolve: async ({ location, job }, { cursor, limit }, { instance }) => {
        const found = await instance.storage.listBackfills({
          jobName: job.name,
          cursor: cursor ?? undefined,
          limit: pageSize(limit, 25),
        });
        return found
          .filter((each) => each.location === location && each.assetSelection === null)
          .map(backfillValue);
      },
    }),
  }),
});

const PartitionTagsAndConfig = builder.objectRef<PartitionOfJob>('PartitionTagsAndConfig');
PartitionTagsAndConfig.implement({
  fields: (t) => ({
    name: t.exposeString('partition'),
    jobName: t.string({ resolve: ({ job }) => job.name }),
    runConfigOrError: t.field({
      type: PartitionRunConfigOrError,
      resolve: (value, _args, context) => configOf(value, context) as never,
    }),
    tagsOrError: t.field({
      type: PartitionTagsOrError,
      resolve: (value, _args, context) => taggedTagsOf(value, context) as never,
    }),
  }),
});

const PartitionSets =
  builder.objectRef<Tagged<'PartitionSets', { readonly sets: readonly PartitionSetValue[] }>>(
    'PartitionSets',
  );
PartitionSets.implement({
  fields: (t) => ({ results: t.field({ type: [PartitionSet], resolve: ({ sets }) => [...sets] }) }),
});
const PartitionSetsOrError = builder.unionType('PartitionSetsOrError', {
  types: [PartitionSets, PipelineNotFoundError, PythonError],
  resolveType: byTypename,
});
const PartitionSetOrError = builder.unionType('PartitionSetOrError', {
  types: [PartitionSet, PartitionSetNotFoundError, PythonError],
  resolveType: byTypename,
});

for (const ref of [Job, Pipeline]) {
  builder.objectField(ref, 'partition', (t) =>
    t.field({
      type: PartitionTagsAndConfig,
      nullable: true,
      args: {
        partitionName: t.arg.string({ required: true }),
        selectedAssetKeys: t.arg({ type: [AssetKeyInput] }),
      },
      resolve: async (value, { partitionName, selectedAssetKeys }, context) => {
        const { location, job } = narrowToAssets(value, selectedAssetKeys, context);
        const keys = await partitionKeysOfJob({ location, job }, {}, context);
        return keys.includes(partitionName) ? { location, job, partition: partitionName } : null;
      },
    }),
  );
}
builder.objectField(Repository, 'partitionSets', (t) =>
  t.field({
    type: [PartitionSet],
    resolve: ({ location, manifest }) => partitionSetsOf(location, manifest),
  }),
);
builder.objectField(Schedule, 'partitionSet', (t) =>
  t.field({
    type: PartitionSet,
    nullable: true,
    description: 'Of its job, when each tick runs a partition.',
    resolve: ({ location, definition: { jobName, request } }, _args, { workspace }) =>
      request?.partitioned === true ? partitionSetOf(location, workspace.job(location, jobName)) : null,
  }),
);
builder.objectField(PartitionBackfill, 'partitionSet', (t) =>
  t.field({
    type: PartitionSet,
    nullable: true,
    description: 'Of its job; null of a backfill of assets.',
    resolve: ({ assetSelection, location, jobName }, _args, { workspace }) =>
      assetSelection === null ? partitionSetOf(location, workspace.job(location, jobName)) : null,
  }),
);

builder.queryFields((t) => {
  const repositorySelector = t.arg({ type: RepositorySelector, required: true });
  return {
    partitionSetsOrError: t.field({
      type: PartitionSetsOrError,
      args: { repositorySelector, pipelineName: t.arg.string({ required: true }) },
      resolve: (_root, { repositorySelector: selector, pipelineName }, { workspace }) => {
        const location = selector.repositoryLocationName;
        const job = workspace.job(location, pipelineName);
        if (job === undefined) return pipelineNotFound(location, pipelineName);
        const set = partitionSetOf(location, job);
        return tag('PartitionSets', { sets: set === null ? [] : [set] });
      },
    }),
    partitionSetOrError: t.field({
      type: PartitionSetOrError,
      args: { repositorySelector, partitionSetName: t.arg.string() },
      resolve: (_root, { repositorySelector: selector, partitionSetName }, { workspace }) => {
        const { repositoryLocationName: location } = selector;
        const sets = partitionSetsOf(location, workspace.location(location)?.manifest);
        return (
          sets.find((set) => nameOf(set) === partitionSetName) ??
          tag('PartitionSetNotFoundError', {
            partitionSetName: partitionSetName ?? '',
            message: `No job of code location '${location}' has the partitions '${partitionSetName ?? ''}'.`,
          })
        );
      },
    }),
  };
});
