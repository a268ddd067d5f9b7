import type { NewEvent } from '../model/event';
import type { PastMaterialization } from '../model/past-materialization';
import type { ObjectStore } from '../ports/object-store';
import type { StoredMaterialization } from '../ports/worker-storage';

/** A stored materialization, or observation, with all of its metadata, which a long event leaves in the object store. */
export async function wholeMaterialization(
  { overflow, ...row }: StoredMaterialization,
  objectStore: Pick<ObjectStore, 'get'>,
): Promise<PastMaterialization> {
  const body = overflow === null ? undefined : await objectStore.get(overflow);
  if (body === undefined) return row;
  const event = JSON.parse(new TextDecoder().decode(body)) as NewEvent;
  return event.type === 'ASSET_MATERIALIZATION' || event.type === 'ASSET_OBSERVATION'
    ? { ...row, metadata: event.data.metadata }
    : row;
}
