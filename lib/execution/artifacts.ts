import type { ArtifactStore } from '../definitions/loaded-definitions';
import type { ObjectStore } from '../ports/object-store';

/** Prefix of the object keys under which resources and IO managers keep what they store. */
export const ARTIFACT_PREFIX = 'artifacts/';

/** The part of an object store that user code may write to. */
export function prefixedArtifacts(objectStore: Pick<ObjectStore, 'put' | 'get'>): ArtifactStore {
  return {
    put: (key, body) => objectStore.put(ARTIFACT_PREFIX + key, body),
    get: (key) => objectStore.get(ARTIFACT_PREFIX + key),
  };
}
