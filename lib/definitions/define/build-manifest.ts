import type { AssetKey } from '../../model/asset-key';
import {
  API_VERSION,
  type AssetCheckManifest,
  type AssetManifest,
  type JobManifest,
  type Manifest,
  type OpManifest,
  type ResourceManifest,
  type ScheduleManifest,
  type SensorManifest,
  type SourcePosition,
} from '../../model/manifest';
import { toMetadata } from '../../model/metadata';
import { ASSET_JOB } from '../../model/run';
import { DEFAULT_EVENT_RETRY } from '../../model/sensor-event';
import { toConditionSpec } from '../asset-details';
import { assetOutputName, type Computation } from '../computation';
import { DEFAULT_IO_MANAGER } from '../default-io-manager';
import { toSeconds } from '../duration';
import { toRetryPolicy } from '../retry';
import { DEFAULT_AUTOMATION_SENSOR, type SensorDefinition } from '../sensor';
import { type CapturedSource, UNKNOWN_SOURCE } from '../source-capture';
import type { AssetGraph, GraphAsset, GraphCheck } from './asset-graph';
import { jsonSchemaOf } from './config';
import type { ResolvedDefinitions } from './resolve';
import { cronOf } from './resolve-instigators';
import type { ResolvedJob } from './resolve-jobs';
import { shownSettings, variablesOf } from './resource-registry';
import { toJsonSchema } from './run-config';

/** Turns the position of running code into one of the user's source. */
export type LocateSource = (source: CapturedSource) => SourcePosition;

const ignore = (): void => {};

/** Everything that is defined, as plain data. */
export function buildManifest(
  resolved: ResolvedDefinitions,
  location: string,
  locate: LocateSource,
): Manifest {
  const { graph } = resolved;
  return {
    apiVersion: API_VERSION,
    location,
    assets: [...graph.assets.values()].map((asset) => toAsset(resolved, asset, locate)),
    assetChecks: graph.checks.map((check) => toCheck(check, locate)),
    ops: resolved.computations.map((computation) => toOp(resolved, computation, locate)),
    jobs: [...resolved.jobs.values()].map((job) => toJob(resolved, job, locate)),
    schedules: toSchedules(resolved, locate),
    sensors: toSensors(resolved, locate),
    resources: resolved.registry.all.map(
      ({ name, definition, aliases }): ResourceManifest => ({
        name,
        description: definition.description,
        configSchema: definition.configSchema === null ? null : jsonSchemaOf(definition.configSchema),
        config: shownSettings(definition.settings),
        environment: variablesOf(definition.settings),
        dependencies: [...new Set(Object.values(aliases))],
        isIoManager: definition.isIoManager,
        source: locate(definition.source),
      }),
    ),
  };
}

function toAsset(
  resolved: ResolvedDefinitions,
  { details, op }: GraphAsset,
  locate: LocateSource,
): AssetManifest {
  return {
    key: details.key,
    op,
    ...(details.isObservable === true ? { isObservable: true as const } : {}),
    dependencies: details.edges.map(({ key, input, mapping }) => ({
      key,
      kind: input === null ? ('ordering' as const) : ('data' as const),
      input,
      mapping,
    })),
    group: details.group,
    description: details.description,
    tags: details.tags,
    kinds: details.kinds,
    owners: details.owners,
    metadata: toMetadata(details.metadata),
    codeVersion: details.codeVersion,
    partitions: details.partitions,
    automationCondition: details.automation,
    freshnessPolicy: details.freshness,
    backfillPolicy: details.backfill,
    ioManager: resolved.ioManagers.get(details) ?? DEFAULT_IO_MANAGER,
    source: locate(details.source),
  };
}

function toCheck({ details, op }: GraphCheck, locate: LocateSource): AssetCheckManifest {
  return {
    asset: details.asset,
    name: details.name,
    op,
    blocking: details.blocking,
    description: details.description,
    metadata: toMetadata(details.metadata),
    ...(details.automation === undefined ? {} : { automationCondition: details.automation }),
    source: locate(details.source),
  };
}

function toOp(resolved: ResolvedDefinitions, computation: Computation, locate: LocateSource): OpManifest {
  const { assets } = computation;
  const outputs = [
    ...computation.outputs.map(({ name, description, isDynamic, isRequired, ioManager: _, ...output }) => ({
      ...output,
      name,
      description,
      isDynamic,
      isRequired,
      ioManager: resolved.outputIoManagers.get(computation)?.get(name) ?? DEFAULT_IO_MANAGER,
    })),
    ...assets.map((details) => ({
      name: assetOutputName(computation, details.key),
      description: details.description,
      isDynamic: false,
      // What is observed yields no value.
      isRequired: !details.isOptional && details.isObservable !== true,
      ioManager: resolved.ioManagers.get(details) ?? DEFAULT_IO_MANAGER,
    })),
  ];
  return {
    name: computation.name,
    description: computation.description,
    inputs: computation.inputs.map(({ name, description }) => ({ name, description, hasValue: true })),
    outputs,
    configSchema: computation.config === null ? null : jsonSchemaOf(computation.config),
    resources: [...new Set(Object.values(resolved.aliases.get(computation) ?? {}))],
    retryPolicy: toRetryPolicy(computation.retry ?? undefined, ignore),
    pool: computation.pool,
    tags: computation.tags,
    codeVersion: computation.codeVersion,
    assets: assets.map(({ key }) => key),
    checks: computation.checks.map(({ name }) => name),
    canSubset: computation.canSubset,
    isolation: computation.isolation,
    source: locate(computation.source),
  };
}

function toJob(resolved: ResolvedDefinitions, job: ResolvedJob, locate: LocateSource): JobManifest {
  const { definition, assets, partitions } = job;
  const chosen = new Set(assets);
  const schema = resolved.configSchemas.get(definition.name);
  const { target } = definition;
  const automation = toConditionSpec(definition.automation);
  return {
    name: definition.name,
    description: definition.description ?? null,
    tags: definition.tags ?? {},
    runTags: definition.runTags ?? {},
    metadata: toMetadata(definition.metadata ?? {}),
    partitions,
    owners: definition.owners ?? [],
    configSchema: schema === undefined ? {} : toJsonSchema(schema),
    defaultConfig: definition.config ?? {},
    ...(Object.keys(definition.ofPartition).length === 0 ? {} : { isConfiguredByPartition: true as const }),
    hooks: (definition.hooks ?? []).map(({ name }) => name),
    maxConcurrentSteps: definition.maxConcurrentSteps ?? null,
    assets,
    assetChecks: assets === null ? null : checksOf(resolved.graph, chosen),
    nodes:
      target.kind === 'assets'
        ? []
        : target.nodes.map(({ op, retry, ...node }) => ({
            ...node,
            op: op.computation.name,
            retryPolicy: toRetryPolicy(retry ?? undefined, ignore),
          })),
    ...(automation === null ? {} : { automationCondition: automation }),
    source: definition.name === ASSET_JOB ? { file: '', line: 0 } : locate(definition.source),
  };
}

function checksOf({ checks }: AssetGraph, chosen: ReadonlySet<AssetKey>): JobManifest['assetChecks'] {
  return checks.flatMap(({ details: { asset, name } }) => (chosen.has(asset) ? [{ asset, name }] : []));
}

function toSchedules(resolved: ResolvedDefinitions, locate: LocateSource): ScheduleManifest[] {
  return resolved.schedules.map((schedule) => {
    const { definition, name, jobNames } = schedule;
    const [jobName = ''] = jobNames;
    const request: ScheduleManifest['request'] =
      definition.evaluate === null
        ? {
            config: definition.config,
            tags: definition.runTags,
            partitioned: resolved.jobs.get(jobName)?.partitions?.type === 'time_window',
          }
        : null;
    return {
      name,
      description: definition.description,
      ...cronOf(schedule, resolved.jobs),
      jobName,
      defaultStatus: definition.defaultStatus,
      request,
      tags: definition.tags,
      metadata: toMetadata(definition.metadata),
      source: locate(definition.source),
    };
  });
}

function toSensors(resolved: ResolvedDefinitions, locate: LocateSource): SensorManifest[] {
  const sensors = resolved.sensors.map(
    ({ definition, name, jobNames }): SensorManifest => ({
      name,
      description: definition.description,
      kind: definition.sensorKind,
      jobNames,
      minimumIntervalSeconds: toSeconds(definition.minimumInterval) ?? 0,
      defaultStatus: definition.defaultStatus,
      runStatus: definition.runStatus,
      assets: resolved.sensorAssets.get(definition) ?? [],
      ...eventSourceOf(definition),
      ...(definition.maxConsecutiveFailures === null
        ? {}
        : { maxConsecutiveFailures: definition.maxConsecutiveFailures }),
      tags: definition.tags,
      metadata: toMetadata(definition.metadata),
      source: locate(definition.source),
    }),
  );
  const { assets, checks } = resolved.graph;
  const jobs = [...resolved.jobs.values()].filter(({ definition }) => definition.automation !== undefined);
  const automated = [
    ...new Set([
      ...[...assets.values()].flatMap(({ details }) => (details.automation === null ? [] : [details.key])),
      ...checks.flatMap(({ details }) => (details.automation === undefined ? [] : [details.asset])),
      ...jobs.flatMap((job) => job.assets ?? []),
    ]),
  ];
  const isAutomated = automated.length > 0 || jobs.length > 0;
  if (!isAutomated || sensors.some(({ kind }) => kind === 'AUTOMATION')) return sensors;
  return [...sensors, defaultAutomationSensor(automated)];
}

function eventSourceOf({ on, retry }: SensorDefinition): Pick<SensorManifest, 'eventSource'> {
  if (on === null) return {};
  const retryPolicy = toRetryPolicy(retry ?? undefined, ignore) ?? DEFAULT_EVENT_RETRY;
  return { eventSource: { ...on.spec, retryPolicy } };
}

function defaultAutomationSensor(assets: readonly AssetKey[]): SensorManifest {
  return {
    name: DEFAULT_AUTOMATION_SENSOR,
    description: 'Evaluates the automation conditions of all assets, checks and jobs.',
    kind: 'AUTOMATION',
    jobNames: [],
    minimumIntervalSeconds: 30,
    defaultStatus: 'STOPPED',
    runStatus: null,
    assets,
    tags: {},
    metadata: {},
    source: { file: UNKNOWN_SOURCE.file, line: UNKNOWN_SOURCE.line },
  };
}
