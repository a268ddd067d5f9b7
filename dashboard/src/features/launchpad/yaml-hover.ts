import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import {
  type ConfigPath,
  defaultText,
  type JsonSchema,
  limitsText,
  optionsOf,
  requiredOf,
  schemaAt,
  withoutNull,
} from './config-schema';

/** What is said of a key while the pointer rests on it. */
export interface KeyNote {
  readonly from: number;
  readonly to: number;
  readonly key: string;
  /** Type, limits, options and default. */
  readonly facts: readonly string[];
  readonly description: string;
}

interface FoundKey {
  readonly path: ConfigPath;
  readonly from: number;
  readonly to: number;
}

/** What the schema says of the key at an offset of a YAML text. */
export function describeKey(text: string, offset: number, schema: JsonSchema): KeyNote | undefined {
  const found = keyAt(parseDocument(text).contents, offset, []);
  const own = found && schemaAt(schema, found.path);
  if (!found || !own) return undefined;
  const parent = schemaAt(schema, found.path.slice(0, -1));
  const key = String(found.path.at(-1));
  const inner = withoutNull(own);
  const options = inner.type === 'boolean' ? [] : optionsOf(inner);
  return {
    from: found.from,
    to: found.to,
    key,
    facts: [
      typeText(inner),
      parent && requiredOf(withoutNull(parent)).has(key) ? 'required' : '',
      limitsText(inner),
      options.length > 0 ? `one of ${options.map(defaultText).join(', ')}` : '',
      inner.default === undefined ? '' : `default ${defaultText(inner.default)}`,
    ].filter(Boolean),
    description: typeof inner.description === 'string' ? inner.description : '',
  };
}

function keyAt(node: unknown, offset: number, path: ConfigPath): FoundKey | undefined {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = keyAt(item, offset, [...path, index]);
      if (found) return found;
    }
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    if (!isScalar(key) || !key.range) continue;
    const [from, to] = key.range;
    const at = [...path, String(key.value)];
    if (offset >= from && offset <= to) return { path: at, from, to };
    const found = keyAt(value, offset, at);
    if (found) return found;
  }
  return undefined;
}

function typeText({ type, format, items }: JsonSchema): string {
  const name = typeof format === 'string' ? format : typeof type === 'string' ? type : '';
  const item = typeof items === 'object' && items !== null ? (items as JsonSchema).type : undefined;
  return name === 'array' && typeof item === 'string' ? `array of ${item}` : name;
}
