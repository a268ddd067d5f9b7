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

export interface ConfigProblem {
  readonly path: ConfigPath;
  readonly message: string;
  /** A value that would do. */
  readonly suggestion?: unknown;
  /** A key that was meant instead of the last one of the path. */
  readonly rename?: string;
}

/** Whether two paths are the same place. */
export function samePath(a: ConfigPath, b: ConfigPath): boolean {
  return a.length === b.length && a.every((part, index) => String(part) === String(b[index]));
}

/** What of a value a schema refuses, as far as a browser can tell; the API has the last word. */
export function findProblems(schema: JsonSchema, value: unknown, path: ConfigPath = []): ConfigProblem[] {
  if (value === null && allowsNull(schema)) return [];
  const inner = withoutNull(schema);
  if (Array.isArray(inner.anyOf) || Array.isArray(inner.oneOf)) return anyOf(inner, value, path);
  const options = optionsOf(inner);
  if (options.length > 0 && inner.type !== 'boolean') return oneOf(options, value, path);
  const wrong = typeProblem(inner.type, value);
  if (wrong) return [{ path, ...wrong }];
  if (typeof value === 'number') return numberProblems(inner, value, path);
  if (typeof value === 'string') return textProblems(inner, value, path);
  if (Array.isArray(value)) {
    const { items, minItems } = inner;
    const few = typeof minItems === 'number' && value.length < minItems;
    return [
      ...(few ? [{ path, message: `At least ${minItems}` }] : []),
      ...(isObject(items) ? value.flatMap((each, at) => findProblems(items, each, [...path, at])) : []),
    ];
  }
  return isObject(value) ? objectProblems(inner, value, path) : [];
}

function allowsNull(schema: JsonSchema): boolean {
  if (schema.type === 'null') return true;
  return Array.isArray(schema.anyOf) && schema.anyOf.some((each) => isObject(each) && each.type === 'null');
}

function anyOf(schema: JsonSchema, value: unknown, path: ConfigPath): ConfigProblem[] {
  const choices = [schema.anyOf, schema.oneOf].flat().filter(isObject);
  const found = choices.map((choice) => findProblems(choice, value, path));
  if (found.some((problems) => problems.length === 0)) return [];
  return found.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function oneOf(options: readonly unknown[], value: unknown, path: ConfigPath): ConfigProblem[] {
  if (options.includes(value)) return [];
  const near = typeof value === 'string' ? nearest(value, options.map(String)) : undefined;
  return [
    {
      path,
      message: `Not one of ${options.join(', ')}`,
      ...(near === undefined ? {} : { suggestion: options.find((each) => String(each) === near) }),
    },
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function typeProblem(type: unknown, value: unknown): Omit<ConfigProblem, 'path'> | undefined {
  if (typeof type !== 'string') return undefined;
  const actual = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (actual === type) return undefined;
  if (type === 'integer' && typeof value === 'number')
    return Number.isInteger(value)
      ? undefined
      : { message: 'Must be a whole number', suggestion: Math.round(value) };
  const message = `Must be ${typeNames[type] ?? type}`;
  if (type === 'string' && (actual === 'number' || actual === 'boolean'))
    return { message, suggestion: String(value) };
  if ((type === 'number' || type === 'integer') && typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (Number.isFinite(number)) return { message, suggestion: number };
  }
  return { message };
}

function numberProblems(schema: JsonSchema, value: number, path: ConfigPath): ConfigProblem[] {
  const { minimum, maximum } = limitsOf(schema);
  const { exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && value < minimum)
    return [{ path, message: `At least ${minimum}`, suggestion: minimum }];
  if (maximum !== undefined && value > maximum)
    return [{ path, message: `At most ${maximum}`, suggestion: maximum }];
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    return [{ path, message: `Must be above ${exclusiveMinimum}` }];
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    return [{ path, message: `Must be below ${exclusiveMaximum}` }];
  return [];
}

function textProblems(schema: JsonSchema, value: string, path: ConfigPath): ConfigProblem[] {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === 'number' && value.length < minLength)
    return [{ path, message: minLength === 1 ? 'Must not be empty' : `At least ${minLength} characters` }];
  if (typeof maxLength === 'number' && value.length > maxLength)
    return [{ path, message: `At most ${maxLength} characters` }];
  if (typeof pattern === 'string' && !matches(pattern, value))
    return [
      {
        path,
        message: typeof schema.format === 'string' ? `Must be a ${schema.format}` : `Must match ${pattern}`,
      },
    ];
  return [];
}

/** A pattern that this browser cannot read refuses nothing: the API will. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function objectProblems(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: ConfigPath,
): ConfigProblem[] {
  const properties = propertiesOf(schema);
  const problems: ConfigProblem[] = [];
  for (const name of requiredOf(schema)) {
    if (value[name] !== undefined) continue;
    problems.push(...missing(properties[name] ?? {}, [...path, name]));
  }
  for (const [name, each] of Object.entries(value)) {
    const at = [...path, name];
    const own = properties[name];
    if (own) {
      // An empty `config:` reads as null; it stands for nothing given.
      const given = each === null && withoutNull(own).type === 'object' ? {} : each;
      problems.push(...findProblems(own, given, at));
    } else if (isObject(schema.additionalProperties)) {
      problems.push(...findProblems(schema.additionalProperties, each, at));
    } else if (schema.additionalProperties === false) {
      const rename = nearest(name, Object.keys(properties));
      problems.push({
        path: at,
        message: rename ? `Nothing is called “${name}” here` : `“${name}” does not belong here`,
        ...(rename ? { rename } : {}),
      });
    }
  }
  return problems;
}

/** What has to be given: the leaf, where an object is required only for what is in it. */
function missing(schema: JsonSchema, path: ConfigPath): ConfigProblem[] {
  const inner = withoutNull(schema);
  const below = [...requiredOf(inner)];
  if (inner.type !== 'object' || below.length === 0) return [{ path, message: 'Required' }];
  return below.flatMap((name) => missing(propertiesOf(inner)[name] ?? {}, [...path, name]));
}

/** The option that a mistyped word was meant to be: at most a third of it differs. */
export function nearest(word: string, options: readonly string[]): string | undefined {
  let best: { option: string; distance: number } | undefined;
  for (const option of options) {
    const distance = editDistance(word.toLowerCase(), option.toLowerCase());
    if (distance <= Math.max(1, Math.floor(option.length / 3)) && distance < (best?.distance ?? 99))
      best = { option, distance };
  }
  return best?.option;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
