import { isMaterializable, saysMoreThan } from '../model/asset-execution';
import type { AssetKey } from '../model/asset-key';
import type { CodeLocation } from '../model/code-location';
import type {
  AssetCheckManifest,
  AssetManifest,
  JobManifest,
  Manifest,
  OpManifest,
  ScheduleManifest,
  SensorManifest,
} from '../model/manifest';

/** Dagster's name of a location's only repository. */
export const REPOSITORY = '__repository__';

/** A definition together with the location that holds it. */
export interface Located<T> {
  readonly location: string;
  readonly definition: T;
}

/** All manifests, indexed for look-ups; built once for each set of manifests. */
export interface Workspace {
  readonly locations: readonly CodeLocation[];
  location(name: string): CodeLocation | undefined;
  /** The materializable definition wins over external ones of other locations. */
  asset(key: AssetKey): Located<AssetManifest> | undefined;
  assets(): readonly Located<AssetManifest>[];
  /** Keys made from this one, anywhere in the deployment. */
  dependents(key: AssetKey): readonly AssetKey[];
  checks(key: AssetKey): readonly Located<AssetCheckManifest>[];
  job(location: string, name: string): JobManifest | undefined;
  jobsOfAsset(location: string, key: AssetKey): readonly string[];
  op(location: string, name: string): OpManifest | undefined;
  schedule(location: string, name: string): ScheduleManifest | undefined;
  sensor(location: string, name: string): SensorManifest | undefined;
  /** Keys defined as materializable in more than one location. */
  collisions(): ReadonlyMap<AssetKey, readonly string[]>;
}

/** Indexes by manifest, kept as long as the manifest itself: a request does not index 10,000 assets again. */
const indexes = new WeakMap<Manifest, ManifestIndex>();
const workspaces = new WeakMap<readonly CodeLocation[], Workspace>();

interface ManifestIndex {
  readonly jobs: ReadonlyMap<string, JobManifest>;
  readonly ops: ReadonlyMap<string, OpManifest>;
  readonly schedules: ReadonlyMap<string, ScheduleManifest>;
  readonly sensors: ReadonlyMap<string, SensorManifest>;
  readonly jobsByAsset: ReadonlyMap<AssetKey, readonly string[]>;
}

function indexOf(manifest: Manifest): ManifestIndex {
  const known = indexes.get(manifest);
  if (known !== undefined) return known;
  const byName = <T extends { readonly name: string }>(items: readonly T[]) =>
    new Map(items.map((item) => [item.name, item]));
  const jobsByAsset = new Map<AssetKey, string[]>();
  for (const job of manifest.jobs) {
    for (const key of job.assets ?? []) {
      const names = jobsByAsset.get(key);
      if (names === undefined) jobsByAsset.set(key, [job.name]);
      else names.push(job.name);
    }
  }
  const index = {
    jobs: byName(manifest.jobs),
    ops: byName(manifest.ops),
    schedules: byName(manifest.schedules),
    sensors: byName(manifest.sensors),
    jobsByAsset,
  };
  indexes.set(manifest, index);
  return index;
}

/** The look-ups over a set of locations; cheap to ask for again with the same array. */
export function indexWorkspace(locations: readonly CodeLocation[]): Workspace {
  const known = workspaces.get(locations);
  if (known !== undefined) return known;
  const built = buildWorkspace(locations);
  workspaces.set(locations, built);
  return built;
}

function buildWorkspace(locations: readonly CodeLocation[]): Workspace {
  const byName = new Map(locations.map((location) => [location.name, location]));
  const assets = new Map<AssetKey, Located<AssetManifest>>();
  const dependents = new Map<AssetKey, AssetKey[]>();
  const checks = new Map<AssetKey, Located<AssetCheckManifest>[]>();
  const owners = new Map<AssetKey, string[]>();
  for (const { name: location, manifest } of locations) {
    if (manifest === null) continue;
    for (const definition of manifest.assets) {
      const present = assets.get(definition.key);
      if (present === undefined || saysMoreThan(definition, present.definition)) {
        assets.set(definition.key, { location, definition });
      }
      if (isMaterializable(definition)) push(owners, definition.key, location);
      for (const { key } of definition.dependencies) push(dependents, key, definition.key);
    }
    for (const definition of manifest.assetChecks) push(checks, definition.asset, { location, definition });
  }
  const manifestIndex = (location: string): ManifestIndex | undefined => {
    const manifest = byName.get(location)?.manifest;
    return manifest ? indexOf(manifest) : undefined;
  };
  const all = [...assets.values()].sort((a, b) => (a.definition.key < b.definition.key ? -1 : 1));
  return {
    locations,
    location: (name) => byName.get(name),
    asset: (key) => assets.get(key),
    assets: () => all,
    dependents: (key) => dependents.get(key) ?? [],
    checks: (key) => checks.get(key) ?? [],
    job: (location, name) => manifestIndex(location)?.jobs.get(name),
    jobsOfAsset: (location, key) => manifestIndex(location)?.jobsByAsset.get(key) ?? [],
    op: (location, name) => manifestIndex(location)?.ops.get(name),
    schedule: (location, name) => manifestIndex(location)?.schedules.get(name),
    sensor: (location, name) => manifestIndex(location)?.sensors.get(name),
    collisions: () => new Map([...owners].filter(([, names]) => names.length > 1)),
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
