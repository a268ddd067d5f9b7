import type { CodeLocationResponses, ConfigError } from '../../model/code-location';
import type { JsonObject, JsonValue } from '../../model/json';
import { ASSET_JOB } from '../../model/run';
import type { Computation } from '../computation';
import { configErrors, isObject, jsonSchemaOf, withDefaults } from './config';
import type { RegisteredResource, ResourceRegistry } from './resource-registry';

/** What the run config of one job may hold: `ops.<node>.config`, `resources.<name>.config`, `execution`. */
export interface RunConfigSchema {
  /** Node (in a graph job) or op → its computation, those with config only. */
  readonly ops: ReadonlyMap<string, Computation>;
  /** Resources that the job's ops use, directly or not, those with config only. */
  readonly resources: ReadonlyMap<string, RegisteredResource>;
  /** Every node or op of the job. */
  readonly nodeNames: ReadonlySet<string>;
  /** Whether a run may leave out ops, and with them config that they need. */
  readonly isPartial: boolean;
}

/** The schema of a job from its nodes: name → computation. */
export function createRunConfigSchema(
  job: string,
  nodes: ReadonlyMap<string, Computation>,
  usedResources: ReadonlySet<string>,
  registry: ResourceRegistry,
): RunConfigSchema {
  const resources = registry.all.filter(
    ({ name, definition }) => definition.configSchema !== null && usedResources.has(name),
  );
  return {
    ops: new Map([...nodes].filter(([, { config }]) => config !== null)),
    resources: new Map(resources.map((resource) => [resource.name, resource])),
    nodeNames: new Set(nodes.keys()),
    isPartial: job === ASSET_JOB,
  };
}

const EXECUTION: JsonObject = {
  type: 'object',
  description: 'How the run is executed.',
  properties: {
    config: {
      type: 'object',
      properties: {
        maxConcurrentSteps: { type: 'integer', minimum: 1, description: 'Steps at once in this run.' },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

/** JSON schema of the whole run config. */
export function toJsonSchema({ ops, resources, isPartial }: RunConfigSchema): JsonObject {
  const opEntries = [...ops].map(([name, { config }]) => [name, entrySchema(config, isPartial)] as const);
  const resourceEntries = [...resources].map(
    ([name, { definition }]) => [name, entrySchema(definition.configSchema, false)] as const,
  );
  return root({
    ops: root(Object.fromEntries(opEntries)),
    resources: root(Object.fromEntries(resourceEntries)),
    execution: EXECUTION,
  });
}

function entrySchema(schema: Computation['config'], isPartial: boolean): JsonObject {
  const config: JsonObject = schema === null ? {} : jsonSchemaOf(schema);
  const isRequired = !isPartial && schema !== null && configErrors(schema, undefined, []).length > 0;
  return {
    type: 'object',
    properties: { config },
    required: isRequired ? ['config'] : [],
    additionalProperties: false,
  };
}

function root(properties: JsonObject): JsonObject {
  const required = Object.entries(properties).flatMap(([name, property]) =>
    isObject(property) && Array.isArray(property.required) && property.required.length > 0 ? [name] : [],
  );
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Checks a run config and fills in defaults. `provided`: config that the job itself brings. */
export function validateRunConfig(
  schema: RunConfigSchema,
  config: JsonObject,
): CodeLocationResponses['validate-config'] {
  const errors: ConfigError[] = [];
  const roots = ['ops', 'resources', 'execution'];
  for (const key of Object.keys(config)) {
    if (!roots.includes(key))
      errors.push(notDefined([key], `The run config has ops, resources and execution.`));
  }
  const ops = section(config, 'ops', schema.nodeNames, errors, (name) => {
    const { config: own = null } = schema.ops.get(name) ?? {};
    return own;
  });
  const filledOps = fill(ops, [...schema.ops.keys()], (name, value, isGiven) => {
    const own = schema.ops.get(name)?.config ?? null;
    if (own === null || (schema.isPartial && !isGiven)) return value;
    errors.push(...configErrors(own, value, ['ops', name, 'config']));
    return withDefaults(jsonSchemaOf(own), value);
  });
  const resources = section(
    config,
    'resources',
    new Set(schema.resources.keys()),
    errors,
    (name) => schema.resources.get(name)?.definition.configSchema ?? null,
  );
  const filledResources = fill(resources, [...schema.resources.keys()], (name, value) => {
    const own = schema.resources.get(name)?.definition.configSchema ?? null;
    if (own === null) return value;
    errors.push(...configErrors(own, value, ['resources', name, 'config']));
    return withDefaults(jsonSchemaOf(own), value);
  });
  errors.push(...executionErrors(config.execution));
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    config: {
      ...config,
      ...(filledOps === undefined ? {} : { ops: filledOps }),
      ...(filledResources === undefined ? {} : { resources: filledResources }),
    },
  };
}

/** One root of the config, with what does not belong there reported. */
function section(
  config: JsonObject,
  name: string,
  known: ReadonlySet<string>,
  errors: ConfigError[],
  schemaOf: (entry: string) => Computation['config'],
): JsonObject {
  const given = config[name];
  if (given === undefined || given === null) return {};
  if (!isObject(given)) {
    errors.push({ path: [name], reason: 'RUNTIME_TYPE_MISMATCH', message: `"${name}" must be an object.` });
    return {};
  }
  for (const [entry, value] of Object.entries(given)) {
    const path = [name, entry];
    if (!known.has(entry)) {
      errors.push(
        notDefined(path, `This job has no ${name === 'ops' ? 'op' : 'resource with config'} "${entry}".`),
      );
    } else if (!isObject(value)) {
      errors.push({ path, reason: 'RUNTIME_TYPE_MISMATCH', message: 'It must be an object with "config".' });
    } else {
      for (const key of Object.keys(value)) {
        if (key !== 'config') errors.push(notDefined([...path, key], `Only "config" can stand here.`));
        else if (schemaOf(entry) === null)
          errors.push(notDefined([...path, key], `"${entry}" takes no config.`));
      }
    }
  }
  return given;
}

function fill(
  given: JsonObject,
  names: readonly string[],
  each: (name: string, value: JsonValue | undefined, isGiven: boolean) => JsonValue | undefined,
): JsonObject | undefined {
  const filled: Record<string, JsonValue> = { ...given };
  for (const name of names) {
    const entry = given[name];
    const value = each(name, isObject(entry) ? entry.config : undefined, entry !== undefined);
    if (value !== undefined) filled[name] = { config: value };
  }
  return Object.keys(filled).length === 0 ? undefined : filled;
}

function executionErrors(given: JsonValue | undefined): ConfigError[] {
  if (given === undefined) return [];
  const config = isObject(given) ? given.config : null;
  if (!isObject(config)) {
    return config === undefined
      ? []
      : [
          {
            path: ['execution'],
            reason: 'RUNTIME_TYPE_MISMATCH',
            message: 'It must be an object with "config".',
          },
        ];
  }
  return Object.entries(config).flatMap(([key, value]): ConfigError[] => {
    const path = ['execution', 'config', key];
    if (key !== 'maxConcurrentSteps') return [notDefined(path, 'Only "maxConcurrentSteps" can stand here.')];
    return Number.isInteger(value) && Number(value) >= 1
      ? []
      : [{ path, reason: 'RUNTIME_TYPE_MISMATCH', message: 'It must be an integer of at least 1.' }];
  });
}

function notDefined(path: readonly string[], message: string): ConfigError {
  return { path, reason: 'FIELD_NOT_DEFINED', message };
}
