import type { InstigatorId, InstigatorState } from '../model/tick';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { InstigatorNotFoundError } from './errors';
import { findLocation, type LoadedLocation } from './find-definitions';
import { reconcileScheduler } from './reconcile-scheduler';

/**
 * Turns a schedule or sensor on (from now: missed ticks are not made up for), off, or back to what the code says.
 *
 * @throws {InstigatorNotFoundError}
 */
export async function setInstigatorStatus(
  instance: Instance,
  settings: EngineSettings,
  id: InstigatorId,
  status: InstigatorState['status'],
): Promise<InstigatorState> {
  requireInstigator(await findLocation(instance, id.location), id);
  const state = await instance.storage.setInstigatorStatus(id, status, instance.clock.now());
  await reconcileScheduler(instance, settings);
  return state;
}

/** @throws {InstigatorNotFoundError} */
export function requireInstigator({ manifest }: LoadedLocation, id: InstigatorId): void {
  const names = (id.kind === 'schedule' ? manifest.schedules : manifest.sensors).map(({ name }) => name);
  if (!names.includes(id.name)) throw new InstigatorNotFoundError(id.kind, id.name, id.location, names);
}
