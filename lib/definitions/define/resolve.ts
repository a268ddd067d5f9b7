import type { AssetKey } from '../../model/asset-key';
import { assetOpName } from '../../model/asset-key';
import type { AssetDetails, Computation } from '../computation';
import type { HookDefinition } from '../hooks';
import type { ResourceDefinition } from '../resource';
import type { ScheduleDefinition } from '../schedule';
import type { SensorDefinition } from '../sensor';
import { type AssetGraph, checkEdges, createAssetGraph } from './asset-graph';
import { checkAssets, checkComputations } from './check-assets';
import { collect, type DefinitionsInput } from './collect';
import { createConfigSchemas, jobConfigProblems } from './job-config';
import { DefinitionsError, MistakeList } from './mistakes';
import { checkSchedules, checkSensors, type Named, nameInstigators } from './resolve-instigators';
import { AssetSelector, type ResolvedJob, resolveJobs } from './resolve-jobs';
import { type ResourceAliases, ResourceRegistry } from './resource-registry';
import type { RunConfigSchema } from './run-config';

/** Definitions with every name found, every selection resolved and nothing wrong with them. */
export interface ResolvedDefinitions {
  readonly graph: AssetGraph;
  /** Of assets, checks and graph jobs; each becomes an op. */
  readonly computations: readonly Computation[];
  readonly jobs: ReadonlyMap<string, ResolvedJob>;
  readonly schedules: readonly Named<ScheduleDefinition>[];
  readonly sensors: readonly Named<SensorDefinition>[];
  readonly sensorAssets: ReadonlyMap<SensorDefinition, readonly AssetKey[]>;
  readonly hooks: ReadonlyMap<string, HookDefinition>;
  readonly registry: ResourceRegistry;
  /** Of everything that uses resources: the user's name for each → its name in the location. */
  readonly aliases: ReadonlyMap<object, ResourceAliases>;
  readonly ioManagers: ReadonlyMap<AssetDetails, string>;
  readonly outputIoManagers: ReadonlyMap<Computation, ReadonlyMap<string, string>>;
  readonly configSchemas: ReadonlyMap<string, RunConfigSchema>;
}

/**
 * Resolves and checks definitions.
 *
 * @throws {DefinitionsError} with everything that is wrong
 */
export function resolve(input: DefinitionsInput): ResolvedDefinitions {
  const mistakes = new MistakeList();
  const collected = collect(input, mistakes);
  const graph = createAssetGraph(collected, mistakes);
  checkAssets(graph, mistakes);
  checkEdges(graph, mistakes);

  const instigators = nameInstigators(collected.schedules, collected.sensors, mistakes);
  const selector = new AssetSelector(graph);
  const definitions = [...collected.jobs, ...instigators.implicitJobs];
  const jobs = resolveJobs(definitions, graph, selector, mistakes);
  checkSchedules(instigators.schedules, jobs, mistakes);
  checkSensors(instigators.sensors, jobs, mistakes);
  const sensorAssets = new Map(
    collected.sensors.map((sensor) => [sensor, followedAssets(sensor, selector, mistakes)] as const),
  );

  const nodeComputations = definitions.flatMap(({ target }) =>
    target.kind === 'graph' ? target.nodes.map(({ op }) => op.computation) : [],
  );
  const computations = [...new Set([...graph.computations, ...nodeComputations])];
  checkComputations(computations.slice(graph.computations.length), mistakes);
  checkSharedNames(computations, mistakes);

  const hooks = new Map(
    definitions.flatMap((job) => (job.hooks ?? []).map((hook) => [hook.name, hook] as const)),
  );
  const registry = new ResourceRegistry(collected.resources, mistakes);
  const aliases = new Map<object, ResourceAliases>();
  for (const user of [...computations, ...collected.schedules, ...collected.sensors, ...hooks.values()]) {
    aliases.set(
      user,
      registry.aliasesOf(user.resources, mistakes.of(`Resources of ${user.name}`, user.source)),
    );
  }
  const ioManagers = new Map<AssetDetails, string>();
  const outputIoManagers = new Map<Computation, ReadonlyMap<string, string>>();
  const nameIoManager = (
    given: string | ResourceDefinition,
    user: string,
    what: string,
    report: (m: string) => void,
  ) => {
    const name = typeof given === 'string' ? given : registry.nameFor(`${user}_io_manager`, given);
    if (!registry.has(name)) report(`${what} "${name}" does not exist: define it in define({ resources })`);
    else if (!registry.isIoManager(name)) report(`${what} "${name}" is a resource, not an IO manager`);
    return name;
  };
  for (const { details } of graph.assets.values()) {
    if (details.ioManager === null) continue;
    const report = mistakes.of(`Asset ${details.key}`, details.source);
    ioManagers.set(details, nameIoManager(details.ioManager, assetOpName(details.key), 'IO manager', report));
  }
  for (const computation of computations) {
    const named = computation.outputs.flatMap(({ name, ioManager }) => {
      if (ioManager === null) return [];
      const report = mistakes.of(`Op ${computation.name}`, computation.source);
      return [
        [name, nameIoManager(ioManager, computation.name, `IO manager of output ${name}`, report)] as const,
      ];
    });
    if (named.length > 0) outputIoManagers.set(computation, new Map(named));
  }

  const configSchemas = createConfigSchemas(jobs, graph, computations, aliases, registry);
  jobConfigProblems(jobs, instigators.schedules, configSchemas, mistakes);
  if (mistakes.all.length > 0) throw new DefinitionsError(mistakes.all);
  return {
    graph,
    computations,
    jobs,
    schedules: instigators.schedules,
    sensors: instigators.sensors,
    sensorAssets,
    hooks,
    registry,
    aliases,
    ioManagers,
    outputIoManagers,
    configSchemas,
  };
}

/** Ops of graphs share names with nothing else. */
function checkSharedNames(computations: readonly Computation[], mistakes: MistakeList): void {
  const graphOps = computations.filter(({ assets, checks }) => assets.length === 0 && checks.length === 0);
  const others = new Set(computations.filter((each) => !graphOps.includes(each)).map(({ name }) => name));
  for (const { name, source } of graphOps) {
    if (others.has(name))
      mistakes.add(`Op ${name}`, source, 'an asset or check has an op of this name; rename one of them');
  }
}

function followedAssets(
  sensor: SensorDefinition,
  selector: AssetSelector,
  mistakes: MistakeList,
): readonly AssetKey[] {
  if (sensor.sensorKind === 'AUTOMATION') {
    return selector.select(sensor.assets, mistakes.of(`Sensor ${sensor.name}`, sensor.source), true);
  }
  // Assets that a sensor follows may be those of another location.
  const list = (Array.isArray(sensor.assets) ? sensor.assets : [sensor.assets]) as readonly (
    | string
    | { key: string }
  )[];
  return list.map((asset) => (typeof asset === 'string' ? asset : asset.key));
}
