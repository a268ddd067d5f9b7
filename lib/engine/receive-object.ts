import { followsObject, type ObjectCreated } from '../model/sensor-event';
import type { Instance } from '../ports/instance';
import { isPushSensor, receiveSensorEvent, SensorStoppedError } from './receive-sensor-event';

/**
 * Hands an object that was put into a bucket to every sensor that follows it and is on; those that are off miss it.
 *
 * @param version tells one writing of the key from another: the same object announced twice is one event
 * @returns how many sensors follow it
 * @throws {PortError} not all have it: announce it again
 */
export async function receiveObject(
  instance: Instance,
  object: ObjectCreated,
  version: string,
): Promise<number> {
  const locations = await instance.codeLocations.list();
  const followers = locations.flatMap(({ name: location, manifest }) =>
    (manifest?.sensors ?? []).flatMap((sensor) =>
      isPushSensor(sensor) && followsObject(sensor.eventSource, object)
        ? [{ location, sensor: sensor.name }]
        : [],
    ),
  );
  const eventId = `${object.bucket}/${object.key}#${version}`;
  const taken = await Promise.all(
    followers.map(async (follower) => {
      try {
        await receiveSensorEvent(instance, { ...follower, eventId, body: { ...object } });
        return true;
      } catch (error) {
        if (error instanceof SensorStoppedError) return false;
        throw error;
      }
    }),
  );
  return taken.filter(Boolean).length;
}
