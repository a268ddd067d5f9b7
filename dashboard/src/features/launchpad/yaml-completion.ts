import {
  defaultText,
  type JsonSchema,
  optionsOf,
  propertiesOf,
  requiredOf,
  schemaAt,
  withoutNull,
} from './config-schema';

export interface YamlOption {
  readonly label: string;
  /** What is written for it. */
  readonly apply: string;
  readonly kind: 'key' | 'value';
  readonly detail: string;
  readonly info: string;
}

export interface YamlCompletion {
  /** Where the word begins that an option takes the place of. */
  readonly from: number;
  readonly options: readonly YamlOption[];
}

const keyLine = /^(\s*)(?:- )?("[^"]*"|'[^']*'|[^\s:#][^:#]*):(\s|$)/;
const plainKey = /^[A-Za-z_][\w/.-]*$/;

/** What can stand at a place of a YAML text by its schema: keys that are not there yet, or values. */
export function completeYaml(text: string, offset: number, schema: JsonSchema): YamlCompletion | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  if (line.includes('#')) return undefined;
  const above = text.slice(0, start).split('\n').slice(0, -1);
  const keyed = keyLine.exec(line);
  if (keyed) {
    const path = pathOf(above, (keyed[1] ?? '').length);
    const own = schemaAt(schema, [...path, unquote(keyed[2] ?? '')]);
    if (!own) return undefined;
    const typed = /\S*$/.exec(line)?.[0] ?? '';
    return { from: offset - typed.length, options: valueOptions(own) };
  }
  const item = /^(\s*)- (\S*)$/.exec(line);
  if (item) {
    const path = pathOf(above, (item[1] ?? '').length + 1);
    const own = schemaAt(schema, [...path, 0]);
    return own ? { from: offset - (item[2] ?? '').length, options: valueOptions(own) } : undefined;
  }
  const word = /^(\s*)([^\s:]*)$/.exec(line);
  if (!word) return undefined;
  const indent = (word[1] ?? '').length;
  const own = schemaAt(schema, pathOf(above, indent));
  if (!own) return undefined;
  const taken = new Set(siblingKeys(text, start, indent));
  return {
    from: offset - (word[2] ?? '').length,
    options: keyOptions(own, indent).filter((option) => !taken.has(option.label)),
  };
}

/** The keys that a line of this indent is under, from the lines above it. */
function pathOf(above: readonly string[], indent: number): string[] {
  const path: string[] = [];
  let limit = indent;
  for (let index = above.length - 1; index >= 0 && limit > 0; index -= 1) {
    const match = keyLine.exec(above[index] ?? '');
    if (!match || (match[1] ?? '').length >= limit) continue;
    limit = (match[1] ?? '').length;
    path.unshift(unquote(match[2] ?? ''));
  }
  return path;
}

/** Keys of the same object, before and after the line that begins at `start`. */
function* siblingKeys(text: string, start: number, indent: number): Generator<string> {
  const lines = text.split('\n');
  const own = text.slice(0, start).split('\n').length - 1;
  for (const step of [-1, 1]) {
    for (let index = own + step; index >= 0 && index < lines.length; index += step) {
      const line = lines[index] ?? '';
      if (!line.trim()) continue;
      const depth = line.length - line.trimStart().length;
      if (depth < indent) break;
      const match = depth === indent && keyLine.exec(line);
      if (match) yield unquote(match[2] ?? '');
    }
  }
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text.trim();
}

function keyOptions(schema: JsonSchema, indent: number): YamlOption[] {
  const inner = withoutNull(schema);
  const needed = requiredOf(inner);
  return Object.entries(propertiesOf(inner)).map(([name, property]) => {
    const own = withoutNull(property);
    const key = plainKey.test(name) ? name : JSON.stringify(name);
    const isObject = own.type === 'object';
    return {
      label: name,
      apply: isObject ? `${key}:\n${' '.repeat(indent + 2)}` : `${key}: `,
      kind: 'key',
      detail: needed.has(name)
        ? 'required'
        : own.default === undefined
          ? String(own.type ?? '')
          : `default ${defaultText(own.default)}`,
      info: typeof own.description === 'string' ? own.description : '',
    };
  });
}

function valueOptions(schema: JsonSchema): YamlOption[] {
  const inner = withoutNull(schema);
  const values = optionsOf(inner);
  const offered = values.length > 0 || inner.default === undefined ? values : [inner.default];
  return offered
    .filter((value) => typeof value !== 'object')
    .map((value) => ({
      label: String(value),
      apply: typeof value === 'string' && !plainKey.test(value) ? JSON.stringify(value) : String(value),
      kind: 'value',
      detail: value === inner.default ? 'default' : '',
      info: typeof inner.description === 'string' ? inner.description : '',
    }));
}
