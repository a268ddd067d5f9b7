import type { Manifest } from '../../model/manifest';
import type { Instance } from '../../ports/instance';
import { effectiveStatus } from './effective-status';
import { type InstigatorStates, instigatorKey } from './next-wake-up';

/**
 * When the first event in line of each sensor that is on is due, epoch ms, by `instigatorKey`. Storage is asked only
 * where a sensor takes events.
 */
export async function pendingEvents(
  { storage }: Pick<Instance, 'storage'>,
  manifests: readonly Manifest[],
  states: InstigatorStates,
): Promise<ReadonlyMap<string, number>> {
  const on = new Set(
    manifests.flatMap(({ location, sensors }) =>
      sensors.flatMap((sensor) => {
        const key = instigatorKey({ location, kind: 'sensor', name: sensor.name });
        return sensor.kind === 'PUSH' && effectiveStatus(sensor, states.get(key)) === 'RUNNING' ? [key] : [];
      }),
    ),
  );
  if (on.size === 0) return new Map();
  const pending = await storage.pendingSensorEvents();
  return new Map(
    pending.flatMap(({ location, sensor, dueAt }) => {
      const key = instigatorKey({ location, kind: 'sensor', name: sensor });
      return on.has(key) ? [[key, dueAt] as const] : [];
    }),
  );
}
