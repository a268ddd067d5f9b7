import type { LoadedDefinitions } from '../definitions/loaded-definitions';
import { checkId } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { AssetCheckManifest, AssetManifest, JobManifest, Manifest, OpManifest } from '../model/manifest';
import { DefinitionNotFoundError } from './errors';

/** A loaded location's manifest, by name: made once per process. */
export interface ManifestIndex {
  readonly manifest: Manifest;
  readonly ops: ReadonlyMap<string, OpManifest>;
  readonly assets: ReadonlyMap<AssetKey, AssetManifest>;
  readonly checks: ReadonlyMap<string, AssetCheckManifest>;
  readonly jobs: ReadonlyMap<string, JobManifest>;
  /** Variables and secrets that each resource names. */
  readonly environment: ReadonlyMap<string, readonly string[]>;
  readonly resourceDependencies: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<LoadedDefinitions, ManifestIndex>();

/** The index of a location's manifest; made at the first call. */
export function indexManifest(definitions: LoadedDefinitions, location: string): ManifestIndex {
  const known = indexes.get(definitions);
  if (known !== undefined && known.manifest.location === location) return known;
  const manifest = definitions.manifest(location);
  const index: ManifestIndex = {
    manifest,
    ops: new Map(manifest.ops.map((op) => [op.name, op])),
    assets: new Map(manifest.assets.map((asset) => [asset.key, asset])),
    checks: new Map(manifest.assetChecks.map((check) => [checkId(check), check])),
    jobs: new Map(manifest.jobs.map((job) => [job.name, job])),
    environment: new Map(manifest.resources.map((resource) => [resource.name, resource.environment])),
    resourceDependencies: new Map(
      manifest.resources.map((resource) => [resource.name, resource.dependencies]),
    ),
  };
  indexes.set(definitions, index);
  return index;
}

/** @throws {DefinitionNotFoundError} */
export function opOf(index: ManifestIndex, name: string): OpManifest {
  const op = index.ops.get(name);
  if (op === undefined) throw new DefinitionNotFoundError('op', name, [...index.ops.keys()]);
  return op;
}
