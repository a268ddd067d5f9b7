import type { Instance } from '../ports/instance';
import { findPushSensor } from './receive-sensor-event';

/**
 * Puts failed events of a sensor back in line, where they were, and has them evaluated.
 *
 * @param eventIds null = all that failed
 * @returns how many
 * @throws as `findPushSensor`
 */
export async function replaySensorEvents(
  instance: Instance,
  selector: { readonly location: string; readonly sensor: string },
  eventIds: readonly string[] | null,
): Promise<number> {
  await findPushSensor(instance, selector);
  const { storage, scheduler, clock } = instance;
  const id = { location: selector.location, name: selector.sensor };
  const count = await storage.replaySensorEvents(id, eventIds, clock.now());
  if (count > 0) await scheduler.setAlarm(clock.now());
  return count;
}
