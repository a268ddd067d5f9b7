import type { Manifest } from './manifest';

/** What a code location defines, by name; each list sorted. */
export interface DefinitionNames {
  readonly assets: readonly string[];
  readonly assetChecks: readonly string[];
  readonly ops: readonly string[];
  readonly jobs: readonly string[];
  readonly schedules: readonly string[];
  readonly sensors: readonly string[];
  readonly resources: readonly string[];
}

/** The names in a manifest. */
export function definitionNames(manifest: Manifest): DefinitionNames {
  const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name).sort();
  return {
    assets: manifest.assets.map(({ key }) => key).sort(),
    assetChecks: manifest.assetChecks.map(({ asset, name }) => `${asset}:${name}`).sort(),
    ops: names(manifest.ops),
    jobs: names(manifest.jobs),
    schedules: names(manifest.schedules),
    sensors: names(manifest.sensors),
    resources: names(manifest.resources),
  };
}

/** The first difference between what two lists of names say, in words; undefined when there is none. */
export function differenceOf(said: DefinitionNames, found: DefinitionNames): string | undefined {
  for (const kind of Object.keys(said) as (keyof DefinitionNames)[]) {
    const [a, b] = [new Set(said[kind]), new Set(found[kind])];
    const missing = said[kind].find((name) => !b.has(name));
    if (missing !== undefined) return `the manifest has ${missing} among its ${kind}, the code has not`;
    const extra = found[kind].find((name) => !a.has(name));
    if (extra !== undefined) return `the code has ${extra} among its ${kind}, the manifest has not`;
  }
  return undefined;
}
