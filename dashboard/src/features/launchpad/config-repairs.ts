import { setConfig } from './config-document';
import {
  type ConfigPath,
  isObject,
  type JsonSchema,
  limitsOf,
  optionsOf,
  propertiesOf,
  requiredOf,
  withoutNull,
} from './config-schema';

/** A place of a configuration and what could stand there. */
export type ConfigEntry = readonly [path: ConfigPath, value: unknown];

/** What a schema requires and a value lacks, each with a value of its type to begin with. */
export function missingValues(
  schema: JsonSchema,
  value: unknown,
  path: ConfigPath = [],
): readonly ConfigEntry[] {
  const inner = withoutNull(schema);
  const absent = isObject(value) ? [...requiredOf(inner)].filter((name) => value[name] === undefined) : [];
  return [
    ...absent.map((name): ConfigEntry => [[...path, name], blankOf(propertiesOf(inner)[name] ?? {})]),
    ...childrenOf(inner, value).flatMap(({ name, own, each }) =>
      own ? missingValues(own, each, [...path, name]) : [],
    ),
  ];
}

/** Keys that a schema has no place for. */
export function unknownKeys(
  schema: JsonSchema,
  value: unknown,
  path: ConfigPath = [],
): readonly ConfigPath[] {
  const inner = withoutNull(schema);
  return childrenOf(inner, value).flatMap(({ name, own, each }) => {
    const at = [...path, name];
    if (own) return unknownKeys(own, each, at);
    return inner.additionalProperties === false ? [at] : [];
  });
}

/** Defaults of a schema that a value leaves open. */
export function openDefaults(
  schema: JsonSchema,
  value: unknown,
  path: ConfigPath = [],
): readonly ConfigEntry[] {
  const inner = withoutNull(schema);
  if (inner.default !== undefined && path.length > 0)
    return value === undefined ? [[path, inner.default]] : [];
  const given = isObject(value) ? value : {};
  return Object.entries(propertiesOf(inner)).flatMap(([name, own]) =>
    openDefaults(own, given[name], [...path, name]),
  );
}

/** The text with values at several places. */
export function setValues(text: string, entries: readonly ConfigEntry[]): string {
  return entries.reduce((changed, [path, value]) => setConfig(changed, path, value), text);
}

/** The text without several keys, and without the objects that are empty then. */
export function removeKeys(text: string, paths: readonly ConfigPath[]): string {
  return paths.reduce((changed, path) => setConfig(changed, path, undefined), text);
}

interface Child {
  readonly name: string | number;
  /** Undefined: the schema says nothing of it. */
  readonly own: JsonSchema | undefined;
  readonly each: unknown;
}

/** What is in an object or a list, with the schema of each. */
function childrenOf(schema: JsonSchema, value: unknown): readonly Child[] {
  if (Array.isArray(value)) {
    const own = isObject(schema.items) ? schema.items : undefined;
    return own ? value.map((each: unknown, name) => ({ name, own, each })) : [];
  }
  if (!isObject(value) || schema.anyOf !== undefined || schema.oneOf !== undefined) return [];
  const properties = propertiesOf(schema);
  const others = isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
  return Object.entries(value).map(([name, each]) => {
    const own = properties[name] ?? others;
    // An empty `config:` reads as null; it stands for nothing given.
    return { name, own, each: each === null && own && withoutNull(own).type === 'object' ? {} : each };
  });
}

/** A value of a schema's type that says as little as possible. */
function blankOf(schema: JsonSchema): unknown {
  const inner = withoutNull(schema);
  if (inner.default !== undefined) return inner.default;
  if (inner.type === 'boolean') return false;
  const [option] = optionsOf(inner);
  if (option !== undefined) return option;
  if (inner.type === 'string') return '';
  if (inner.type === 'integer' || inner.type === 'number') return limitsOf(inner).minimum ?? 0;
  if (inner.type === 'array') return [];
  const [choice] = [inner.anyOf, inner.oneOf].flat().filter(isObject);
  if (choice) return blankOf(choice);
  if (inner.type !== 'object') return null;
  const properties = propertiesOf(inner);
  return Object.fromEntries([...requiredOf(inner)].map((name) => [name, blankOf(properties[name] ?? {})]));
}
