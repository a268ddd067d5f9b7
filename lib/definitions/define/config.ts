import {
  type core,
  toJSONSchema,
  ZodArray,
  ZodCatch,
  ZodDefault,
  ZodNonOptional,
  ZodNullable,
  ZodObject,
  ZodOptional,
  ZodPrefault,
  ZodReadonly,
  ZodRecord,
  type ZodType,
  ZodUnion,
} from 'zod';
import type { ConfigError } from '../../model/code-location';
import type { JsonObject, JsonValue } from '../../model/json';

/** Config does not fit the schema of the op or resource that it is for. */
export class ConfigValidationError extends Error {
  override readonly name = 'ConfigValidationError';
  readonly errors: readonly ConfigError[];

  constructor(errors: readonly ConfigError[]) {
    super(
      `Config is not valid:\n${errors.map(({ path, message }) => `  ${path.join('.')}: ${message}`).join('\n')}`,
    );
    this.errors = errors;
  }
}

/**
 * Config as user code sees it, or undefined where there is no schema.
 *
 * @throws {ConfigValidationError}
 */
export function parseConfig(schema: ZodType | null, config: unknown, path: string): unknown {
  if (schema === null) return undefined;
  const result = strict(schema).safeParse(config ?? {});
  if (result.success) return result.data;
  throw new ConfigValidationError(toConfigErrors(result.error.issues, path.split('.'), config));
}

const schemas = new WeakMap<ZodType, JsonObject>();
const stricts = new WeakMap<ZodType, ZodType>();

/** JSON schema of what may be written (defaults make a field optional); once per zod schema. */
export function jsonSchemaOf(schema: ZodType): JsonObject {
  let json = schemas.get(schema);
  if (json === undefined) {
    const { $schema: _, ...rest } = toJSONSchema(strict(schema), { io: 'input', unrepresentable: 'any' });
    json = JSON.parse(JSON.stringify(rest)) as JsonObject;
    schemas.set(schema, json);
  }
  return json;
}

/** What is wrong with a config for a schema. */
export function configErrors(
  schema: ZodType,
  config: JsonValue | undefined,
  path: readonly (string | number)[],
): readonly ConfigError[] {
  const result = strict(schema).safeParse(config ?? {});
  return result.success ? [] : toConfigErrors(result.error.issues, path, config);
}

/** The config with the defaults of its JSON schema where it says nothing. */
export function withDefaults(schema: JsonObject, config: JsonValue | undefined): JsonValue | undefined {
  if (config === undefined && schema.default !== undefined) return schema.default;
  const properties = schema.properties;
  if (!isObject(properties) || (config !== undefined && !isObject(config))) return config;
  const filled: Record<string, JsonValue> = { ...config };
  for (const [key, property] of Object.entries(properties)) {
    const value = isObject(property) ? withDefaults(property, filled[key]) : filled[key];
    if (value !== undefined) filled[key] = value;
  }
  return config === undefined && Object.keys(filled).length === 0 ? undefined : filled;
}

/** Whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects refuse unknown fields, at any depth, unless their schema says what to do with them. */
function strict(schema: ZodType): ZodType {
  let made = stricts.get(schema);
  if (made === undefined) {
    made = toStrict(schema);
    // A copy is none of what zod knows descriptions of.
    const { id: _, ...said } = schema.meta() ?? {};
    if (made !== schema && Object.keys(said).length > 0) made = made.meta(said);
    stricts.set(schema, made);
  }
  return made;
}

/** What wraps one other schema without looking into it. Pipes, transforms and lazy schemas stay as they are. */
const WRAPPERS = [ZodOptional, ZodNullable, ZodDefault, ZodPrefault, ZodReadonly, ZodCatch, ZodNonOptional];

function toStrict(schema: ZodType): ZodType {
  const inner = (type: unknown): ZodType => strict(type as ZodType);
  if (schema instanceof ZodObject) {
    const { def } = schema;
    const shape = Object.fromEntries(Object.entries(def.shape).map(([key, type]) => [key, inner(type)]));
    const made = schema.clone({ ...def, shape } as typeof def);
    return def.catchall === undefined ? made.strict() : made;
  }
  if (schema instanceof ZodArray) return schema.clone({ ...schema.def, element: inner(schema.def.element) });
  if (schema instanceof ZodRecord)
    return schema.clone({ ...schema.def, valueType: inner(schema.def.valueType) });
  if (schema instanceof ZodUnion)
    return schema.clone({ ...schema.def, options: schema.def.options.map(inner) });
  for (const Wrapper of WRAPPERS) {
    if (schema instanceof Wrapper) {
      const def = { ...schema.def, innerType: inner(schema.def.innerType) };
      return (schema as ZodType & { clone(def: unknown): ZodType }).clone(def);
    }
  }
  return schema;
}

function toConfigErrors(
  issues: readonly core.$ZodIssue[],
  root: readonly (string | number)[],
  config: unknown,
): ConfigError[] {
  return issues.flatMap((issue): ConfigError[] => {
    const path = [...root, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key],
        reason: 'FIELD_NOT_DEFINED',
        message: `There is no field "${key}" here.`,
      }));
    }
    if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
      return [{ path, reason: 'SELECTOR_FIELD_ERROR', message: issue.message }];
    }
    if (issue.path.length > 0 && valueAt(config, issue.path) === undefined) {
      const message = `The field "${String(path.at(-1))}" is required.`;
      return [{ path, reason: 'MISSING_REQUIRED_FIELD', message }];
    }
    return [{ path, reason: 'RUNTIME_TYPE_MISMATCH', message: issue.message }];
  });
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[part],
    config,
  );
}
