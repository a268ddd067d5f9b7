import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../model/json';
import { builder } from '../builder';

/** Dagster's kinds of config type, made from the JSON schema that a definition has. */
type Kind = 'regular' | 'enum' | 'composite' | 'array' | 'map' | 'nullable';

export interface ConfigTypeValue {
  readonly kind: Kind;
  /** The same for schemas that say the same. */
  readonly key: string;
  readonly schema: JsonObject;
}
interface FieldValue {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

const TYPE_OF_KIND: Readonly<Record<Kind, string>> = {
  regular: 'RegularConfigType',
  enum: 'EnumConfigType',
  composite: 'CompositeConfigType',
  array: 'ArrayConfigType',
  map: 'MapConfigType',
  nullable: 'NullableConfigType',
};
const SCALARS: Readonly<Record<string, string>> = {
  string: 'String',
  integer: 'Int',
  number: 'Float',
  boolean: 'Bool',
};

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const isNull = ({ type }: JsonObject): boolean => type === 'null';

/** What remains of a choice between something and null. */
function nonNull(schema: JsonObject): JsonObject | undefined {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const [type, ...others] = schema.type.filter((each) => each !== 'null');
    return type === undefined || others.length > 0 ? undefined : { ...schema, type };
  }
  const options = objects(schema.anyOf ?? schema.oneOf);
  const rest = options.filter((option) => !isNull(option));
  return options.length > rest.length && rest.length === 1 ? rest[0] : undefined;
}

function kindOf(schema: JsonObject): Kind {
  if (nonNull(schema) !== undefined) return 'nullable';
  if (Array.isArray(schema.enum) || schema.const !== undefined) return 'enum';
  if (schema.type === 'array') return 'array';
  if (isObject(schema.properties)) return 'composite';
  return isObject(schema.additionalProperties) ? 'map' : 'regular';
}

export function configType(schema: JsonObject): ConfigTypeValue {
  const kind = kindOf(schema);
  const key =
    kind === 'regular'
      ? scalarName(schema)
      : `${kind}.${createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 16)}`;
  return { kind, key, schema };
}

/** What JSON schema can say and Dagster's config types cannot, such as a choice of several, is anything. */
const scalarName = ({ type }: JsonObject): string => SCALARS[String(type)] ?? 'Any';

/** Types that a type has in it, one level down. */
function inner({ kind, schema }: ConfigTypeValue): ConfigTypeValue[] {
  switch (kind) {
    case 'composite':
      return fieldsOf(schema).map((field) => configType(field.schema));
    case 'array':
      return [configType(isObject(schema.items) ? schema.items : {})];
    case 'map':
      return [configType({ type: 'string' }), configType(schema.additionalProperties as JsonObject)];
    case 'nullable':
      return [configType(nonNull(schema) ?? {})];
    default:
      return [];
  }
}

/** A type with all types in it, each once, itself first. */
export function typesWithin(type: ConfigTypeValue): ConfigTypeValue[] {
  const found = new Map<string, ConfigTypeValue>();
  const visit = (each: ConfigTypeValue): void => {
    if (found.has(each.key)) return;
    found.set(each.key, each);
    for (const part of inner(each)) visit(part);
  };
  visit(type);
  return [...found.values()];
}

function fieldsOf(schema: JsonObject): FieldValue[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(isObject(schema.properties) ? schema.properties : {}).map(([name, field]) => ({
    name,
    schema: isObject(field) ? field : {},
    isRequired: required.has(name) && !(isObject(field) && field.default !== undefined),
  }));
}

/** A field with a schema, as `config` of an op is. */
export const configField = (name: string, schema: JsonObject): FieldValue => ({
  name,
  schema,
  isRequired: Array.isArray(schema.required) && schema.required.length > 0,
});

/** The fields of an object's schema. */
export const configFields = (schema: JsonObject | null): FieldValue[] =>
  schema === null ? [] : fieldsOf(schema);

const descriptionOf = ({ description }: JsonObject): string | null =>
  typeof description === 'string' ? description : null;

export const ConfigType = builder.interfaceRef<ConfigTypeValue>('ConfigType');
ConfigType.implement({
  resolveType: ({ kind }) => TYPE_OF_KIND[kind],
  fields: (t) => ({
    key: t.exposeString('key'),
    description: t.string({ nullable: true, resolve: ({ schema }) => descriptionOf(schema) }),
    recursiveConfigTypes: t.field({
      type: [ConfigType],
      resolve: (type): ConfigTypeValue[] => typesWithin(type).slice(1),
    }),
    typeParamKeys: t.stringList({
      resolve: (type) => (type.kind === 'composite' ? [] : inner(type).map(({ key }) => key)),
    }),
    isSelector: t.boolean({ resolve: () => false }),
  }),
});

export const ConfigTypeField = builder.objectRef<FieldValue>('ConfigTypeField');
ConfigTypeField.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.string({ nullable: true, resolve: ({ schema }) => descriptionOf(schema) }),
    configType: t.field({ type: ConfigType, resolve: ({ schema }) => configType(schema) }),
    configTypeKey: t.string({ resolve: ({ schema }) => configType(schema).key }),
    isRequired: t.exposeBoolean('isRequired'),
    isSecret: t.boolean({ resolve: () => false }),
    defaultValueAsJson: t.string({
      nullable: true,
      resolve: ({ schema }) => (schema.default === undefined ? null : JSON.stringify(schema.default)),
    }),
  }),
});

const EnumConfigValue = builder.objectRef<JsonValue>('EnumConfigValue');
EnumConfigValue.implement({
  fields: (t) => ({
    value: t.string({ resolve: (value) => String(value) }),
    description: t.string({ nullable: true, resolve: () => null }),
  }),
});

builder.objectRef<ConfigTypeValue>('RegularConfigType').implement({
  interfaces: [ConfigType],
  fields: (t) => ({ givenName: t.exposeString('key') }),
});
builder.objectRef<ConfigTypeValue>('EnumConfigType').implement({
  interfaces: [ConfigType],
  fields: (t) => ({
    givenName: t.exposeString('key'),
    values: t.field({
      type: [EnumConfigValue],
      resolve: ({ schema }) =>
        schema.const === undefined ? ((schema.enum ?? []) as JsonValue[]) : [schema.const],
    }),
  }),
});
builder.objectRef<ConfigTypeValue>('CompositeConfigType').implement({
  interfaces: [ConfigType],
  fields: (t) => ({
    fields: t.field({ type: [ConfigTypeField], resolve: ({ schema }) => fieldsOf(schema) }),
  }),
});

const WrappingConfigType = builder.interfaceRef<ConfigTypeValue>('WrappingConfigType').implement({
  resolveType: ({ kind }) => TYPE_OF_KIND[kind],
  fields: (t) => ({
    ofType: t.field({ type: ConfigType, resolve: (type) => inner(type)[0] ?? configType({}) }),
  }),
});
for (const name of ['ArrayConfigType', 'NullableConfigType']) {
  builder
    .objectRef<ConfigTypeValue>(name)
    .implement({ interfaces: [ConfigType, WrappingConfigType], fields: () => ({}) });
}
builder.objectRef<ConfigTypeValue>('MapConfigType').implement({
  interfaces: [ConfigType],
  fields: (t) => ({
    keyType: t.field({ type: ConfigType, resolve: (type) => inner(type)[0] ?? configType({}) }),
    valueType: t.field({ type: ConfigType, resolve: (type) => inner(type)[1] ?? configType({}) }),
    keyLabelName: t.string({ nullable: true, resolve: () => null }),
  }),
});
