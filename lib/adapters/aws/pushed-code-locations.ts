import type { CodeLocation } from '../../model/code-location';
import { API_VERSION, type Manifest } from '../../model/manifest';
import {
  bundleObject,
  CODE_LOCATION_NAMESPACE,
  type PushedCodeLocation,
} from '../../model/pushed-code-location';
import { type SerializableError, toSerializableError } from '../../model/serializable-error';
import type { CodeLocationRegistry } from '../../ports/code-location-registry';
import { PortError } from '../../ports/errors';
import type { KeyValueStorage } from '../../ports/key-value-storage';
import type { ObjectStore } from '../../ports/object-store';

export interface PushedCodeLocationsOptions {
  readonly storage: KeyValueStorage;
  readonly objectStore: ObjectStore;
  /** Names of the locations that are deployed, pushed or not. */
  readonly names: readonly string[];
}

/**
 * The locations of a deployment: which version of each is in force is in storage, manifests are in the object store
 * beside their bundles. A manifest never changes under its hash, so it is read once for each process.
 */
export class PushedCodeLocations implements CodeLocationRegistry {
  private readonly options: PushedCodeLocationsOptions;
  private readonly manifests = new Map<string, Manifest>();

  constructor(options: PushedCodeLocationsOptions) {
    this.options = options;
  }

  async list(): Promise<readonly CodeLocation[]> {
    const { storage, names } = this.options;
    const stored = new Map(
      (await storage.listValues(CODE_LOCATION_NAMESPACE)).map(({ key, value }) => [
        key,
        value as PushedCodeLocation,
      ]),
    );
    const locations = await Promise.all([...names].sort().map((name) => this.load(name, stored.get(name))));
    const inForce = new Set(locations.map(({ bundleHash }) => bundleHash));
    for (const hash of this.manifests.keys()) if (!inForce.has(hash)) this.manifests.delete(hash);
    return locations;
  }

  async get(name: string): Promise<CodeLocation | undefined> {
    const { storage, names } = this.options;
    if (!names.includes(name)) return undefined;
    return this.load(
      name,
      (await storage.getValue(CODE_LOCATION_NAMESPACE, name)) as PushedCodeLocation | undefined,
    );
  }

  reload(name: string): Promise<CodeLocation | undefined> {
    return this.get(name);
  }

  private async load(name: string, stored: PushedCodeLocation | undefined): Promise<CodeLocation> {
    const updatedAt = stored?.updatedAt ?? 0;
    if (stored === undefined || stored.bundleHash === null) {
      const error = stored?.error ?? notPushed(name);
      return { name, status: 'LOADED', manifest: null, bundleHash: null, error, updatedAt };
    }
    const { bundleHash } = stored;
    try {
      const manifest = await this.manifestOf(name, bundleHash);
      return { name, status: 'LOADED', manifest, bundleHash, error: stored.error, updatedAt };
    } catch (error) {
      // Its ticks and runs wait; the other locations go on.
      return {
        name,
        status: 'LOADED',
        manifest: null,
        bundleHash,
        error: toSerializableError(error),
        updatedAt,
      };
    }
  }

  private async manifestOf(name: string, bundleHash: string): Promise<Manifest> {
    const known = this.manifests.get(bundleHash);
    if (known !== undefined) return known;
    const key = bundleObject.manifest(bundleHash);
    const body = await this.options.objectStore.get(key);
    if (body === undefined) {
      throw new PortError(
        'permanent',
        `The manifest ${key} of code location '${name}' is gone. Push the location again: headrace push ${name}.`,
      );
    }
    const manifest = JSON.parse(new TextDecoder().decode(body)) as Manifest;
    if (manifest.apiVersion > API_VERSION) {
      throw new PortError(
        'permanent',
        `Code location '${name}' was built for version ${manifest.apiVersion} of the interface; this deployment knows ${API_VERSION}. Deploy the newer Headrace, or push with the older one.`,
      );
    }
    this.manifests.set(bundleHash, manifest);
    return manifest;
  }
}

const notPushed = (name: string): SerializableError =>
  toSerializableError(
    new PortError('permanent', `Code location '${name}' has no code yet. Push it: headrace push ${name}.`),
  );
