import type { Reference } from '../../definitions/references';
import type { JsonValue } from '../../model/json';

/** A setting: the text itself, or `env(...)` or `secret(...)`. Secrets belong into references. */
export type Setting = string | Reference;

/** What a query or path parameter may be; undefined leaves it out, an array repeats it. */
export type ParamValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly (string | number | boolean)[];

/** Parameters by name. One whose name stands in the path as `{name}` goes there, the others into the query. */
export type Params = Readonly<Record<string, ParamValue>>;

/** The value at a dot path, e.g. `user.login`; undefined when there is none. */
export function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as { readonly [key: string]: JsonValue })[name];
  }
  return current;
}

/** Base address, path and parameters as one URL. Throws a TypeError naming what is missing. */
export function buildUrl(baseUrl: string, path: string, params: Params): URL {
  const inPath = new Set<string>();
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`path "${path}" needs a value for {${name}}`);
    inPath.add(name);
    return encodeURIComponent(text(value));
  });
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${filled.replace(/^\/+/, '')}`);
  for (const [name, value] of Object.entries(params)) if (!inPath.has(name)) setParam(url, name, value);
  return url;
}

/** Sets a query parameter, or leaves it out when undefined. */
export function setParam(url: URL, name: string, value: ParamValue): void {
  url.searchParams.delete(name);
  if (value === undefined) return;
  for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, text(item));
}

function text(value: Exclude<ParamValue, undefined>): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
