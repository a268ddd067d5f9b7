import { type Document, isMap, isNode, isScalar, LineCounter, parse, parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean, nearMisses } from '../model/near-misses';
import { knownKeys } from './known-keys';
import { SettingsError, type SettingsProblem } from './settings-error';

export interface SettingsSource {
  /** For messages, e.g. `headrace.yaml`. */
  readonly file: string;
  readonly text: string;
  /** Looks up `{env: NAME}`; undefined = not set. */
  environment(name: string): string | undefined;
}

type Path = readonly PropertyKey[];

/**
 * Reads a YAML file against a schema. Any value may be written `{env: NAME}`: it is taken from the environment, and
 * never shown in messages.
 *
 * @throws {SettingsError} with every problem, its line, and what a misspelt key may have meant
 */
export function readSettings<S extends z.ZodType>(schema: S, source: SettingsSource): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new SettingsError(
      source.file,
      document.errors.map((error) => ({
        path: '',
        line: error.linePos?.[0].line ?? null,
        message: error.message.split('\n')[0] ?? error.message,
      })),
    );
  }
  const lineOf = (path: Path, key?: string): number | null => {
    const offset = offsetOf(document, path, key);
    return offset === null ? null : lines.linePos(offset).line;
  };
  const resolver = new EnvironmentResolver(source, lineOf);
  const data = resolver.resolve(plainData(document, source.file) ?? {}, []);
  const result = schema.safeParse(data);
  const problems = [...resolver.problems];
  if (!result.success) {
    for (const issue of result.error.issues) {
      problems.push(...describe(issue, { schema, data, lineOf, isSecret: (path) => resolver.covers(path) }));
    }
  }
  if (problems.length > 0) throw new SettingsError(source.file, problems);
  return result.data as z.output<S>;
}

/** @throws {SettingsError} aliases that name nothing, or of which far too many stand within one another */
function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError(file, [{ path: '', line: null, message }], { cause });
  }
}

/** Puts the environment's values in the place of `{env: NAME}`. */
class EnvironmentResolver {
  readonly problems: SettingsProblem[] = [];
  private readonly source: SettingsSource;
  private readonly lineOf: (path: Path) => number | null;
  private readonly resolved = new Set<string>();

  constructor(source: SettingsSource, lineOf: (path: Path) => number | null) {
    this.source = source;
    this.lineOf = lineOf;
  }

  resolve(value: unknown, path: Path): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.resolve(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only !== undefined && entries.length === 1 && only[0] === 'env' && typeof only[1] === 'string') {
      return this.lookUp(only[1], path);
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item, [...path, key])]));
  }

  /** Whether a value came from the environment, or holds one that did. */
  covers(path: Path): boolean {
    const dotted = path.join('.');
    return [...this.resolved].some((each) => each === dotted || each.startsWith(`${dotted}.`));
  }

  private lookUp(name: string, path: Path): unknown {
    this.resolved.add(path.join('.'));
    const text = this.source.environment(name);
    if (text === undefined) {
      const message = `the environment variable ${name} is not set; set it in the shell or in .env`;
      this.problems.push({ path: path.join('.'), line: this.lineOf(path), message });
      return undefined;
    }
    // `10` and `true` are what they would be if they stood in the file; all else is text.
    const value = parse(text, { logLevel: 'silent' }) as unknown;
    return typeof value === 'number' || typeof value === 'boolean' ? value : text;
  }
}

interface IssueContext {
  readonly schema: z.ZodType;
  readonly data: unknown;
  lineOf(path: Path, key?: string): number | null;
  isSecret(path: Path): boolean;
}

function describe(issue: z.core.$ZodIssue, context: IssueContext): SettingsProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      line: context.lineOf(path, key),
      message: `is not a setting.${didYouMean(nearMisses(key, knownKeys(context.schema, path)))}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that got furthest says best what is wrong.
    const [closest] = issue.errors
      .filter((issues) =>
        issues.every((nested) => nested.path.length > 0 || nested.code === 'unrecognized_keys'),
      )
      .sort((a, b) => a.length - b.length);
    if (closest !== undefined) {
      return closest.flatMap((nested) => describe({ ...nested, path: [...path, ...nested.path] }, context));
    }
  }
  const value = valueAt(context.data, path);
  const isShown = value !== undefined && typeof value !== 'object' && !context.isSecret(path);
  const got = isShown ? ` (it is ${JSON.stringify(value)})` : '';
  const message =
    value === undefined && issue.code === 'invalid_type' ? 'is missing' : `${issue.message}${got}`;
  return [{ path: path.join('.'), line: context.lineOf(path), message }];
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Where a path stands in the file, or what is nearest above it. */
function offsetOf(document: Document, path: Path, key?: string): number | null {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    if (length === path.length && key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? null;
    }
    // The key's line says more than the first line of the block below it.
    const parent = length === 0 ? undefined : document.getIn(path.slice(0, length - 1), true);
    const holder = length === 1 ? document.contents : parent;
    if (isMap(holder)) {
      const pair = holder.items.find((item) => isScalar(item.key) && item.key.value === path[length - 1]);
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? null;
    }
    return node.range?.[0] ?? null;
  }
  return null;
}
