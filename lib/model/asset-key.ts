/**
 * An asset's identity, unique in the whole deployment: non-empty parts joined by `/`, e.g. `raw/earthquakes`.
 * Dagster's list form is `toPath(key)`.
 */
export type AssetKey = string;

const PART = /^[A-Za-z0-9_.-]+$/;

/** `raw/earthquakes` → `['raw', 'earthquakes']`, the shape GraphQL speaks. */
export function toPath(key: AssetKey): string[] {
  return key.split('/');
}

/** `['raw', 'earthquakes']` → `raw/earthquakes`. */
export function fromPath(path: readonly string[]): AssetKey {
  return path.join('/');
}

/** Whether every part is non-empty and made of letters, digits, `_`, `-` and `.`. */
export function isAssetKey(key: string): boolean {
  return key.split('/').every((part) => PART.test(part));
}

/** The op and step name that an asset's computation gets, as in Dagster: parts joined by `__`. */
export function assetOpName(key: AssetKey): string {
  return key.replaceAll('/', '__').replaceAll(/[^A-Za-z0-9_]/g, '_');
}
