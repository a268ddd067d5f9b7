import { assetOpName } from '../../model/asset-key';
import type { CodeLocation } from '../../model/code-location';
import type { JobManifest, JobNode, Manifest, OpManifest } from '../../model/manifest';
import { partitionKeySet } from '../../model/partitions';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { dynamicKeysOf } from '../dynamic-keys';
import { mayAct } from '../identity';
import { LATEST_RUNS_PER_JOB } from '../loaders';
import { REPOSITORY } from '../workspace-index';
import {
  AssetKeyInput,
  Permission,
  PipelineTag,
  RepositoryMetadata,
  RepositorySelector,
  tagPairs,
} from './common';
import {
  InvalidSubsetError,
  orError,
  PipelineNotFoundError,
  PythonError,
  RepositoryNotFoundError,
  ScheduleNotFoundError,
  SensorNotFoundError,
} from './errors';
import { Schedule, type ScheduleValue, Sensor, type SensorValue } from './instigation';
import { MetadataEntry, metadataEntries } from './metadata';
import { pageSize, RepositoryOrigin, RunType, runValue } from './runs';

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

export type JobValue = { readonly location: string; readonly job: JobManifest };
const jobId = ({ location, job }: JobValue): string => `${location}:${job.name}`;

const ISolidDefinition = builder.interfaceRef<OpManifest>('ISolidDefinition').implement({
  resolveType: () => 'SolidDefinition',
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    pools: t.stringList({ resolve: (op) => (op.pool === null ? [] : [op.pool]) }),
  }),
});
const SolidDefinition = builder.objectRef<OpManifest>('SolidDefinition');
SolidDefinition.implement({
  interfaces: [ISolidDefinition],
  fields: (t) => ({ pool: t.exposeString('pool', { nullable: true }) }),
});

/** A node of a job's graph: an op, or the computation of assets. */
interface SolidValue {
  readonly name: string;
  readonly op: OpManifest;
  readonly isDynamicMapped: boolean;
  readonly upstream: readonly string[];
  readonly siblings: ReadonlyMap<string, SolidValue>;
}
const Solid = builder.objectRef<SolidValue>('Solid');
const Output = builder.objectRef<{ readonly solid: SolidValue }>('Output');
Output.implement({ fields: (t) => ({ solid: t.expose('solid', { type: Solid }) }) });
const Input = builder.objectRef<{ readonly solid: SolidValue; readonly upstream: readonly SolidValue[] }>(
  'Input',
);
Input.implement({
  fields: (t) => ({
    solid: t.expose('solid', { type: Solid }),
    dependsOn: t.field({ type: [Output], resolve: ({ upstream }) => upstream.map((solid) => ({ solid })) }),
  }),
});
Solid.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    definition: t.field({ type: ISolidDefinition, resolve: ({ op }) => op }),
    inputs: t.field({
      type: [Input],
      resolve: (solid) => {
        const upstream = solid.upstream.flatMap((name) => solid.siblings.get(name) ?? []);
        return upstream.length === 0 ? [] : [{ solid, upstream }];
      },
    }),
    outputs: t.field({ type: [Output], resolve: (solid) => solid.op.outputs.map(() => ({ solid })) }),
    isDynamicMapped: t.exposeBoolean('isDynamicMapped'),
  }),
});

/** The nodes of a job with the nodes each waits for. */
function solidsOf({ location, job }: JobValue, { workspace }: ApiContext): SolidValue[] {
  const siblings = new Map<string, SolidValue>();
  const add = (name: string, opName: string, upstream: readonly string[], isDynamicMapped: boolean): void => {
    const op = workspace.op(location, opName);
    if (op !== undefined)
      siblings.set(name, { name, op, upstream: [...new Set(upstream)], isDynamicMapped, siblings });
  };
  for (const node of job.nodes) add(node.name, node.op, upstreamNodes(node), node.mappedOver !== null);
  const selected = new Set(job.assets ?? []);
  for (const { key, op, dependencies } of workspace.location(location)?.manifest?.assets ?? []) {
    if (op === null || !selected.has(key)) continue;
    const before = dependencies
      .filter((dependency) => selected.has(dependency.key))
      .map((dependency) => workspace.asset(dependency.key)?.definition.op ?? assetOpName(dependency.key))
      .filter((name) => name !== op);
    add(op, op, [...(siblings.get(op)?.upstream ?? []), ...before], false);
  }
  return [...siblings.values()];
}

function upstreamNodes(node: JobNode): string[] {
  return [
    ...node.inputs.flatMap((input) => input.from.map((source) => source.node)),
    ...node.after,
    ...(node.mappedOver === null ? [] : [node.mappedOver.node]),
  ];
}

const PartitionKeys = builder.objectRef<{ readonly keys: readonly string[] }>('PartitionKeys');
PartitionKeys.implement({
  fields: (t) => ({ partitionKeys: t.stringList({ resolve: ({ keys }) => [...keys] }) }),
});

async function partitionKeysOfJob(
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
    await dynamicKeysOf(job.partitions, location, context.instance.storage),
  );
  const size = limit === null || limit === undefined ? keys.count : pageSize(limit, 100);
  const index = cursor ? keys.indexOf(cursor) : -1;
  const first = reverse === true ? keys.count - 1 - (index < 0 ? 0 : keys.count - index) : index + 1;
  const step = reverse === true ? -1 : 1;
  const count = Math.min(size, reverse === true ? first + 1 : keys.count - first);
  return Array.from({ length: Math.max(0, count) }, (_, i) => keys.keyAt(first + i * step));
}

/** `Job` and `Pipeline` are the same thing under two names. */
const IPipelineSnapshot = builder.interfaceRef<JobValue>('IPipelineSnapshot').implement({
  resolveType: () => 'Pipeline',
  fields: (t) => ({
    name: t.string({ resolve: ({ job }) => job.name }),
    description: t.string({ nullable: true, resolve: ({ job }) => job.description }),
    pipelineSnapshotId: t.string({
      resolve: (value, _args, { workspace }) =>
        `${workspace.location(value.location)?.bundleHash ?? ''}:${value.job.name}`,
    }),
    solids: t.field({ type: [Solid], resolve: (value, _args, context) => solidsOf(value, context) }),
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

export const taggedSchedule = (location: string, definition: ScheduleValue['definition']): ScheduleValue =>
  tag('Schedule', { kind: 'schedule', location, definition });
export const taggedSensor = (location: string, definition: SensorValue['definition']): SensorValue =>
  tag('Sensor', { kind: 'sensor', location, definition });

export const Repository = builder.objectRef<TaggedRepository>('Repository');
export const RepositoryLocation =
  builder.objectRef<Tagged<'RepositoryLocation', { readonly location: CodeLocation }>>('RepositoryLocation');

function jobType<N extends 'Job' | 'Pipeline'>(name: N) {
  const ref = builder.objectRef<Tagged<N, JobValue>>(name);
  ref.implement({
    interfaces: [IPipelineSnapshot],
    fields: (t) => ({
      id: t.id({ resolve: (value) => jobId(value) }),
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
        resolve: async (value, args, context) => ({ keys: await partitionKeysOfJob(value, args, context) }),
      }),
      hasLaunchExecutionPermission: t.boolean({
        resolve: (_job, _args, { identity }) => mayAct(identity.role, 'launcher'),
      }),
      hasLaunchReexecutionPermission: t.boolean({
        resolve: (_job, _args, { identity }) => mayAct(identity.role, 'launcher'),
      }),
    }),
  });
  return ref;
}
export const Job = jobType('Job');
export const Pipeline = jobType('Pipeline');

function repositoryOf(name: string, { workspace }: ApiContext): TaggedRepository {
  const location = workspace.location(name);
  const repository = location === undefined ? undefined : repositoryValue(location);
  if (repository === undefined)
    throw new Error(
      `Code location '${name}' has no definitions any more: it was unloaded meanwhile. Reload the page.`,
    );
  return repository;
}

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
      resolve: ({ location, manifest }) =>
        manifest.sensors.map((definition) => taggedSensor(location, definition)),
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

const LoadStatus = builder.enumType('RepositoryLocationLoadStatus', {
  values: ['LOADING', 'LOADED'] as const,
});
const RepositoryLocationOrLoadError = builder.unionType('RepositoryLocationOrLoadError', {
  types: [RepositoryLocation, PythonError],
  resolveType: byTypename,
});

export type LocationEntryValue = Tagged<'WorkspaceLocationEntry', { readonly location: CodeLocation }>;
export const locationEntry = (location: CodeLocation): LocationEntryValue =>
  tag('WorkspaceLocationEntry', { location });
const versionKey = (location: CodeLocation): string => location.bundleHash ?? '';

export const WorkspaceLocationEntry = builder.objectRef<LocationEntryValue>('WorkspaceLocationEntry');
WorkspaceLocationEntry.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ location }) => location.name }),
    name: t.string({ resolve: ({ location }) => location.name }),
    loadStatus: t.field({ type: LoadStatus, resolve: ({ location }) => location.status }),
    locationOrLoadError: t.field({
      type: RepositoryLocationOrLoadError,
      nullable: true,
      resolve: ({ location }) => {
        if (location.error !== null) return tag('PythonError', location.error);
        return location.manifest === null ? null : tag('RepositoryLocation', { location });
      },
    }),
    lastGoodLocation: t.field({
      type: RepositoryLocation,
      nullable: true,
      description: 'What is served while the newest code does not load.',
      resolve: ({ location }) =>
        location.manifest === null ? null : tag('RepositoryLocation', { location }),
    }),
    displayMetadata: t.field({
      type: [RepositoryMetadata],
      resolve: ({ location }) =>
        location.bundleHash === null ? [] : [{ key: 'bundle', value: location.bundleHash }],
    }),
    updatedTimestamp: t.float({ resolve: ({ location }) => location.updatedAt / 1000 }),
    versionKey: t.string({ resolve: ({ location }) => versionKey(location) }),
    permissions: t.field({
      type: [Permission],
      resolve: (_entry, _args, { identity }) => permissionsOf(identity.role),
    }),
  }),
});

/** Dagster's permission names and the role that each needs here. */
const PERMISSIONS = {
  launch_pipeline_execution: 'launcher',
  launch_pipeline_reexecution: 'launcher',
  terminate_pipeline_execution: 'launcher',
  start_schedule: 'editor',
  stop_running_schedule: 'editor',
  edit_sensor: 'editor',
  update_sensor_cursor: 'editor',
  delete_pipeline_run: 'editor',
  wipe_assets: 'editor',
  report_runless_asset_events: 'editor',
  edit_dynamic_partitions: 'editor',
  launch_partition_backfill: 'launcher',
  reload_repository_location: 'editor',
  reload_workspace: 'editor',
  edit_concurrency_limit: 'admin',
} as const;

function permissionsOf(role: ApiContext['identity']['role']) {
  return Object.entries(PERMISSIONS).map(([permission, needed]) => {
    const value = mayAct(role, needed);
    return { permission, value, disabledReason: value ? null : `needs the role ${needed}` };
  });
}

const Workspace = builder.objectRef<Tagged<'Workspace', object>>('Workspace');
Workspace.implement({
  fields: (t) => ({
    id: t.string({ resolve: () => 'workspace' }),
    locationEntries: t.field({
      type: [WorkspaceLocationEntry],
      resolve: (_workspace, _args, { workspace }) => workspace.locations.map(locationEntry),
    }),
  }),
});
export const WorkspaceType = Workspace;
const WorkspaceOrError = builder.unionType('WorkspaceOrError', {
  types: [Workspace, PythonError],
  resolveType: byTypename,
});
const WorkspaceLocationEntryOrError = builder.unionType('WorkspaceLocationEntryOrError', {
  types: [WorkspaceLocationEntry, PythonError],
  resolveType: byTypename,
});

const StatusEntry = builder.objectRef<CodeLocation>('WorkspaceLocationStatusEntry');
StatusEntry.implement({
  fields: (t) => ({
    id: t.id({ resolve: (location) => location.name }),
    name: t.exposeString('name'),
    loadStatus: t.field({ type: LoadStatus, resolve: (location) => location.status }),
    updateTimestamp: t.float({ resolve: (location) => location.updatedAt / 1000 }),
    versionKey: t.string({ resolve: versionKey }),
    permissions: t.field({
      type: [Permission],
      resolve: (_entry, _args, { identity }) => permissionsOf(identity.role),
    }),
  }),
});
const StatusEntries = builder.objectRef<Tagged<'WorkspaceLocationStatusEntries', object>>(
  'WorkspaceLocationStatusEntries',
);
StatusEntries.implement({
  fields: (t) => ({
    entries: t.field({
      type: [StatusEntry],
      resolve: (_e, _args, { workspace }) => [...workspace.locations],
    }),
  }),
});
const StatusEntriesOrError = builder.unionType('WorkspaceLocationStatusEntriesOrError', {
  types: [StatusEntries, PythonError],
  resolveType: byTypename,
});

export const PipelineSelector = builder.inputType('PipelineSelector', {
  fields: (t) => ({
    pipelineName: t.string({ required: true }),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    solidSelection: t.stringList(),
    assetSelection: t.field({ type: [AssetKeyInput] }),
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

const repositoryNotFound = (location: string) =>
  tag('RepositoryNotFoundError', {
    repositoryName: REPOSITORY,
    repositoryLocationName: location,
    message: `There is no code location '${location}', or it has no definitions.`,
  });

const ScheduleSelectorInput = builder.inputType('ScheduleSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    scheduleName: t.string({ required: true }),
  }),
});
const SensorSelectorInput = builder.inputType('SensorSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    sensorName: t.string({ required: true }),
  }),
});
export const ScheduleSelector = ScheduleSelectorInput;
export const SensorSelector = SensorSelectorInput;

const Schedules =
  builder.objectRef<Tagged<'Schedules', { readonly results: readonly ScheduleValue[] }>>('Schedules');
Schedules.implement({
  fields: (t) => ({ results: t.field({ type: [Schedule], resolve: ({ results }) => [...results] }) }),
});
const Sensors = builder.objectRef<Tagged<'Sensors', { readonly results: readonly SensorValue[] }>>('Sensors');
Sensors.implement({
  fields: (t) => ({ results: t.field({ type: [Sensor], resolve: ({ results }) => [...results] }) }),
});
const SchedulesOrError = builder.unionType('SchedulesOrError', {
  types: [Schedules, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const SensorsOrError = builder.unionType('SensorsOrError', {
  types: [Sensors, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const ScheduleOrError = builder.unionType('ScheduleOrError', {
  types: [Schedule, ScheduleNotFoundError, PythonError],
  resolveType: byTypename,
});
const SensorOrError = builder.unionType('SensorOrError', {
  types: [Sensor, SensorNotFoundError, PythonError],
  resolveType: byTypename,
});

export const scheduleNotFound = (name: string) =>
  tag('ScheduleNotFoundError', { scheduleName: name, message: `There is no schedule '${name}'.` });
export const sensorNotFound = (name: string) =>
  tag('SensorNotFoundError', { sensorName: name, message: `There is no sensor '${name}'.` });

builder.queryFields((t) => ({
  version: t.string({ resolve: (_root, _args, { options }) => options.version }),
  permissions: t.field({
    type: [Permission],
    resolve: (_root, _args, { identity }) => permissionsOf(identity.role),
  }),
  workspaceOrError: t.field({ type: WorkspaceOrError, resolve: () => tag('Workspace', {}) }),
  workspaceLocationEntryOrError: t.field({
    type: WorkspaceLocationEntryOrError,
    nullable: true,
    args: { name: t.arg.string({ required: true }) },
    resolve: (_root, { name }, { workspace }) => {
      const location = workspace.location(name);
      return location === undefined ? null : locationEntry(location);
    },
  }),
  locationStatusesOrError: t.field({
    type: StatusEntriesOrError,
    resolve: () => tag('WorkspaceLocationStatusEntries', {}),
  }),
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
  pipelineOrError: t.field({
    type: PipelineOrError,
    args: { params: t.arg({ type: PipelineSelector, required: true }) },
    resolve: (_root, { params }, { workspace }) =>
      orError(() => {
        const job = workspace.job(params.repositoryLocationName, params.pipelineName);
        return job === undefined
          ? pipelineNotFound(params.repositoryLocationName, params.pipelineName)
          : tag('Pipeline', { location: params.repositoryLocationName, job });
      }),
  }),
  schedulesOrError: t.field({
    type: SchedulesOrError,
    args: { repositorySelector: t.arg({ type: RepositorySelector }) },
    resolve: (_root, { repositorySelector }, { workspace }) =>
      tag('Schedules', {
        results: located(workspace.locations, repositorySelector?.repositoryLocationName).flatMap(
          ({ location, manifest }) =>
            manifest.schedules.map((definition) => taggedSchedule(location, definition)),
        ),
      }),
  }),
  sensorsOrError: t.field({
    type: SensorsOrError,
    args: { repositorySelector: t.arg({ type: RepositorySelector }) },
    resolve: (_root, { repositorySelector }, { workspace }) =>
      tag('Sensors', {
        results: located(workspace.locations, repositorySelector?.repositoryLocationName).flatMap(
          ({ location, manifest }) =>
            manifest.sensors.map((definition) => taggedSensor(location, definition)),
        ),
      }),
  }),
  scheduleOrError: t.field({
    type: ScheduleOrError,
    args: { scheduleSelector: t.arg({ type: ScheduleSelectorInput, required: true }) },
    resolve: (
      _root,
      { scheduleSelector: { repositoryLocationName: location, scheduleName } },
      { workspace },
    ) => {
      const found = workspace.schedule(location, scheduleName);
      return found === undefined ? scheduleNotFound(scheduleName) : taggedSchedule(location, found);
    },
  }),
  sensorOrError: t.field({
    type: SensorOrError,
    args: { sensorSelector: t.arg({ type: SensorSelectorInput, required: true }) },
    resolve: (_root, { sensorSelector: { repositoryLocationName: location, sensorName } }, { workspace }) => {
      const found = workspace.sensor(location, sensorName);
      return found === undefined ? sensorNotFound(sensorName) : taggedSensor(location, found);
    },
  }),
}));

function located(locations: readonly CodeLocation[], only: string | null | undefined): RepositoryValue[] {
  return locations.flatMap((location) =>
    only && location.name !== only ? [] : (repositoryValue(location) ?? []),
  );
}
