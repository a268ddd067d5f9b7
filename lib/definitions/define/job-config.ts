import type { Computation } from '../computation';
import type { ScheduleDefinition } from '../schedule';
import type { AssetGraph } from './asset-graph';
import type { MistakeList } from './mistakes';
import type { Named } from './resolve-instigators';
import type { ResolvedJob } from './resolve-jobs';
import type { ResourceAliases, ResourceRegistry } from './resource-registry';
import { createRunConfigSchema, type RunConfigSchema, validateRunConfig } from './run-config';

/** The run config schema of each job. */
export function createConfigSchemas(
  jobs: ReadonlyMap<string, ResolvedJob>,
  graph: AssetGraph,
  computations: readonly Computation[],
  aliases: ReadonlyMap<object, ResourceAliases>,
  registry: ResourceRegistry,
): ReadonlyMap<string, RunConfigSchema> {
  const byName = new Map(computations.map((computation) => [computation.name, computation]));
  const closures = resourceClosures(registry);
  const schemas = new Map<string, RunConfigSchema>();
  for (const [name, job] of jobs) {
    const nodes = nodesOf(job, graph, byName);
    const used = new Set<string>();
    for (const computation of new Set(nodes.values())) {
      for (const resource of Object.values(aliases.get(computation) ?? {})) {
        for (const each of closures.get(resource) ?? []) used.add(each);
      }
    }
    schemas.set(name, createRunConfigSchema(name, nodes, used, registry));
  }
  return schemas;
}

function nodesOf(
  { definition, assets }: ResolvedJob,
  graph: AssetGraph,
  byName: ReadonlyMap<string, Computation>,
): ReadonlyMap<string, Computation> {
  const { target } = definition;
  if (target.kind === 'graph') return new Map(target.nodes.map(({ name, op }) => [name, op.computation]));
  const chosen = new Set(assets);
  const ops = new Set<string>();
  for (const key of chosen) {
    const op = graph.assets.get(key)?.op ?? null;
    if (op !== null) ops.add(op);
  }
  for (const { details, op } of graph.checks) if (chosen.has(details.asset)) ops.add(op);
  return new Map(
    [...ops].flatMap((op) => {
      const computation = byName.get(op);
      return computation === undefined ? [] : [[op, computation] as const];
    }),
  );
}

/** Each resource with all that it needs, itself included. */
function resourceClosures(registry: ResourceRegistry): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map(registry.all.map(({ name, aliases }) => [name, Object.values(aliases)]));
  const closures = new Map<string, ReadonlySet<string>>();
  for (const name of direct.keys()) {
    const closure = new Set([name]);
    for (const each of closure) for (const next of direct.get(each) ?? []) closure.add(next);
    closures.set(name, closure);
  }
  return closures;
}

/** Reports run config that jobs and schedules bring and that does not fit; required fields may come later. */
export function jobConfigProblems(
  jobs: ReadonlyMap<string, ResolvedJob>,
  schedules: readonly Named<ScheduleDefinition>[],
  schemas: ReadonlyMap<string, RunConfigSchema>,
  mistakes: MistakeList,
): void {
  const problems = (name: string, config: Parameters<typeof validateRunConfig>[1]) => {
    const schema = schemas.get(name);
    const result = schema === undefined ? undefined : validateRunConfig(schema, config);
    const errors = result === undefined || result.ok ? [] : result.errors;
    return errors.filter(({ reason }) => reason !== 'MISSING_REQUIRED_FIELD');
  };
  for (const [name, { definition }] of jobs) {
    for (const { path, message } of problems(name, definition.config ?? {})) {
      mistakes.add(`Job ${name}`, definition.source, `config ${path.join('.')}: ${message}`);
    }
  }
  for (const { definition, name, jobNames } of schedules) {
    for (const { path, message } of problems(jobNames[0] ?? '', definition.config)) {
      mistakes.add(`Schedule ${name}`, definition.source, `config ${path.join('.')}: ${message}`);
    }
  }
}
