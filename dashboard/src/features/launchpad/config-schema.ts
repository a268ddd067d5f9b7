/** A JSON schema, as the API gives it for a run's configuration. */
export type JsonSchema = Readonly<Record<string, unknown>>;
export type ConfigPath = readonly (string | number)[];

export interface ConfigField {
  readonly path: ConfigPath;
  /** Its name in its group: `since`, or `window.start` for one in an object. */
  readonly label: string;
  /** `other` is edited as YAML. */
  readonly kind: 'text' | 'number' | 'switch' | 'choice' | 'list' | 'other';
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly options: readonly string[];
  readonly hint: string;
}

export interface ConfigGroup {
  readonly path: ConfigPath;
  readonly title: string;
  readonly detail: string;
  readonly fields: readonly ConfigField[];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema without what only says that null may stand there too. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const choices = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject) : [];
  const [only, ...rest] = choices.filter((choice) => choice.type !== 'null');
  return only && rest.length === 0 && choices.length === 2 ? { ...only, ...omitAnyOf(schema) } : schema;
}

function omitAnyOf({ anyOf: _, ...rest }: JsonSchema): JsonSchema {
  return rest;
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isObject(schema.properties) ? (schema.properties as Readonly<Record<string, JsonSchema>>) : {};
}

export function requiredOf(schema: JsonSchema): ReadonlySet<string> {
  return new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
}

/** The values that may stand there, if they are listed. */
export function optionsOf(schema: JsonSchema): readonly unknown[] {
  const inner = withoutNull(schema);
  if (Array.isArray(inner.enum)) return inner.enum;
  if (inner.const !== undefined) return [inner.const];
  if (inner.type === 'boolean') return [true, false];
  return [];
}

/** The schema at a path; undefined where the schema says nothing of it. */
export function schemaAt(schema: JsonSchema, path: ConfigPath): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema;
  for (const part of path) {
    if (at === undefined) return undefined;
    const inner = withoutNull(at);
    if (typeof part === 'number') at = isObject(inner.items) ? inner.items : undefined;
    else
      at =
        propertiesOf(inner)[part] ??
        (isObject(inner.additionalProperties) ? inner.additionalProperties : undefined);
  }
  return at;
}

const sections = [
  ['ops', 'op config'],
  ['resources', 'resource'],
] as const;

/** What the form shows: one group per op and resource with config, then how the run executes. */
export function configGroups(schema: JsonSchema): readonly ConfigGroup[] {
  const groups: ConfigGroup[] = [];
  for (const [section, detail] of sections) {
    for (const [name, entry] of Object.entries(propertiesOf(schemaAt(schema, [section]) ?? {}))) {
      const config = propertiesOf(entry).config;
      if (!config) continue;
      const path = [section, name, 'config'];
      groups.push({
        path,
        title: name,
        detail,
        fields: fieldsOf(config, path, requiredOf(entry).has('config')),
      });
    }
  }
  const execution = schemaAt(schema, ['execution', 'config']);
  if (execution) {
    const path = ['execution', 'config'];
    groups.push({ path, title: 'execution', detail: 'this run', fields: fieldsOf(execution, path, false) });
  }
  return groups.filter((group) => group.fields.length > 0);
}

function fieldsOf(schema: JsonSchema, path: ConfigPath, required: boolean): ConfigField[] {
  const inner = withoutNull(schema);
  const properties = Object.entries(propertiesOf(inner));
  if (properties.length === 0) return [toField(schema, path, String(path.at(-1)), required)];
  const needed = requiredOf(inner);
  return properties.flatMap(([name, property]) => {
    const at = [...path, name];
    const below = withoutNull(property);
    if (below.type !== 'object' || Object.keys(propertiesOf(below)).length === 0)
      return [toField(property, at, name, needed.has(name))];
    return fieldsOf(below, at, needed.has(name)).map((field) => ({
      ...field,
      label: `${name}.${field.label}`,
    }));
  });
}

function toField(schema: JsonSchema, path: ConfigPath, label: string, required: boolean): ConfigField {
  const inner = withoutNull(schema);
  const options = optionsOf(schema);
  const kind = kindOf(inner, options);
  return { path, label, kind, schema, required, options: options.map(String), hint: hintOf(inner, kind) };
}

function kindOf(schema: JsonSchema, options: readonly unknown[]): ConfigField['kind'] {
  if (schema.type === 'boolean') return 'switch';
  if (options.length > 0) return options.every((each) => typeof each === 'string') ? 'choice' : 'other';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'string') return 'text';
  if (schema.type === 'array' && isObject(schema.items) && withoutNull(schema.items).type === 'string')
    return 'list';
  return 'other';
}

/** What a number may be, in words; empty without limits. */
export function limitsText(schema: JsonSchema): string {
  const { minimum, maximum } = limitsOf(schema);
  if (minimum !== undefined && maximum !== undefined) return `${minimum} … ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? '' : `at most ${maximum}`;
}

/** What may stand in a field, in a line: description, limits, default. */
function hintOf(schema: JsonSchema, kind: ConfigField['kind']): string {
  const isShown = kind === 'choice' || kind === 'switch' || schema.default === undefined;
  const fallback = isShown ? '' : `default ${defaultText(schema.default)}`;
  const description = typeof schema.description === 'string' ? schema.description : '';
  const form = kind === 'other' ? 'YAML' : typeof schema.format === 'string' ? schema.format : '';
  return [description.replace(/\.$/, ''), limitsText(schema), form, fallback].filter(Boolean).join(' · ');
}

export function defaultText(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.join(', ') || '[]';
  return typeof value === 'string' ? value || '“”' : JSON.stringify(value);
}

/** Limits that mean something: zod writes the range of safe integers for every integer. */
export function limitsOf(schema: JsonSchema): { minimum: number | undefined; maximum: number | undefined } {
  const number = (value: unknown) =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  return { minimum: number(schema.minimum), maximum: number(schema.maximum) };
}
