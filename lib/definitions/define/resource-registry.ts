import type { JsonValue } from '../../model/json';
import { namesSecret, passwordsIn } from '../../model/secret-values';
import { DEFAULT_IO_MANAGER, jsonIoManager } from '../default-io-manager';
import type { ExecutableResource } from '../loaded-definitions';
import { isReference, MissingVariableError, mapReferences, type Reference } from '../references';
import type { ResourceDefinition, ResourceRecord } from '../resource';
import { parseConfig } from './config';
import type { MistakeList } from './mistakes';

/** What user code calls a resource → its name in the location. */
export type ResourceAliases = Readonly<Record<string, string>>;

export interface RegisteredResource {
  readonly name: string;
  readonly definition: ResourceDefinition;
  readonly aliases: ResourceAliases;
}

/**
 * Gives each resource of a location its name: the one it was defined with, else its key in `define({ resources })`,
 * else the key under which it is first used.
 */
export class ResourceRegistry {
  private readonly byName = new Map<string, RegisteredResource>();
  private readonly nameOf = new Map<ResourceDefinition, string>();
  private readonly mistakes: MistakeList;

  constructor(explicit: ResourceRecord, mistakes: MistakeList) {
    this.mistakes = mistakes;
    for (const [key, definition] of Object.entries(explicit)) this.register(key, definition, key);
    if (!this.byName.has(DEFAULT_IO_MANAGER))
      this.register(DEFAULT_IO_MANAGER, jsonIoManager, DEFAULT_IO_MANAGER);
  }

  get all(): readonly RegisteredResource[] {
    return [...this.byName.values()];
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  isIoManager(name: string): boolean {
    return this.byName.get(name)?.definition.isIoManager ?? false;
  }

  /** Registers resources under the keys that their user gives them. */
  aliasesOf(resources: ResourceRecord, report: (message: string) => void): ResourceAliases {
    const aliases: Record<string, string> = {};
    for (const [key, definition] of Object.entries(resources)) {
      if (definition?.kind === 'resource') aliases[key] = this.nameFor(key, definition);
      else report(`"${key}" under resources is not a resource: define it with resource({ ... })`);
    }
    return aliases;
  }

  /** The name of a resource, registered under `key` if it is new. */
  nameFor(key: string, definition: ResourceDefinition): string {
    const known = this.nameOf.get(definition);
    return known ?? this.register(key, definition, definition.name ?? key);
  }

  private register(key: string, definition: ResourceDefinition, name: string): string {
    this.nameOf.set(definition, name);
    const other = this.byName.get(name)?.definition;
    const report = this.mistakes.of(`Resource ${name}`, definition.source);
    if (other !== undefined && other !== definition) {
      const { file, line } = other.source;
      report(
        `another resource has this name (${file}:${line}): give one of them a name of its own, resource({ name: '...' })`,
      );
      return name;
    }
    if (!/^[A-Za-z0-9_]+$/.test(name)) report('a name is made of letters, digits and "_"');
    if (key === DEFAULT_IO_MANAGER && !definition.isIoManager)
      report('this name belongs to an IO manager: define it with ioManager({ ... })');
    const aliases = this.aliasesOf(definition.resources, report);
    this.byName.set(name, { name, definition, aliases });
    return name;
  }
}

/** What the host calls to set up a resource. */
export function toExecutableResource({ name, definition, aliases }: RegisteredResource): ExecutableResource {
  return {
    async setUp(context) {
      const settings = mapReferences(definition.settings, (reference) => {
        const found = context.env(reference.name);
        // A default stands in the code for everybody to read.
        if (found !== undefined && (reference.kind === 'secret' || namesSecret(reference.name)))
          context.mask(found);
        for (const password of passwordsIn(found ?? '')) context.mask(password);
        const value = found ?? (reference.kind === 'env' ? reference.defaultValue : undefined);
        if (value === undefined) throw new MissingVariableError(reference.name, name, reference.kind);
        return value;
      });
      const config = parseConfig(definition.configSchema, context.config, `resources.${name}.config`);
      const { run, stepKey, log, artifacts } = context;
      const value = await definition.setUp({
        settings,
        config,
        resources: pickAliased(context.resources, aliases),
        run,
        stepKey,
        log,
        artifacts,
        mask: (secret) => context.mask(secret),
      });
      const { tearDown } = definition;
      return tearDown === null ? { value } : { value, tearDown: async () => tearDown(value) };
    },
  };
}

/** Values under the names that user code gives them. */
export function pickAliased(
  values: Readonly<Record<string, unknown>>,
  aliases: ResourceAliases,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(aliases).map(([alias, name]) => [alias, values[name]]));
}

/** Names of the variables and secrets that settings refer to. */
export function variablesOf(settings: unknown): readonly string[] {
  const names = new Set<string>();
  mapReferences(settings, ({ name }) => names.add(name));
  return [...names];
}

/** Settings as they may be shown: variables and secrets by name, what is no data left out. */
export function shownSettings(settings: unknown): Readonly<Record<string, JsonValue>> {
  const shown = mapReferences(settings, show);
  const data =
    typeof shown === 'object' && shown !== null && !isReference(settings) ? shown : { value: shown };
  return settings === undefined ? {} : (JSON.parse(JSON.stringify(data)) as Record<string, JsonValue>);
}

function show(reference: Reference): JsonValue {
  if (reference.kind === 'secret') return { secret: reference.name };
  const { name, defaultValue } = reference;
  return defaultValue === undefined ? { env: name } : { env: name, default: defaultValue };
}
