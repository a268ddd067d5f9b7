import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

/**
 * Gives pools the limits that the settings name, and pools without any limit the default one. Limits that were set
 * by hand stay, unless the settings name the pool. To be called at start and when definitions change.
 */
export async function applyPoolLimits(instance: Instance, settings: EngineSettings): Promise<void> {
  const { defaultLimit, limits } = settings.pools;
  const [locations, states] = await Promise.all([
    instance.codeLocations.list(),
    instance.storage.poolStates(),
  ]);
  const current = new Map(states.map(({ pool, limit }) => [pool, limit]));
  const defined = locations.flatMap(({ manifest }) => manifest?.ops.flatMap(({ pool }) => pool ?? []) ?? []);
  for (const pool of new Set([...defined, ...Object.keys(limits)])) {
    const limit = limits[pool] ?? current.get(pool) ?? defaultLimit;
    if (limit !== null && limit !== (current.get(pool) ?? null))
      await instance.storage.setPoolLimit(pool, limit);
  }
}
