import type { JsonValue } from '../model/json';
import type { SensorManifest } from '../model/manifest';
import { type EventSourceSpec, MAX_EVENT_BYTES } from '../model/sensor-event';
import type { Instance } from '../ports/instance';
import type { ReceivedSensorEvent } from '../ports/sensor-event-storage';
import { EngineError, InstigatorNotFoundError } from './errors';
import { findLocation } from './find-definitions';
import { effectiveStatus } from './ticks/effective-status';

/** Characters of an event's id at most: it is part of an index. */
export const MAX_EVENT_ID = 1_500;

/** A sensor is off, so it takes no event: whoever sends it is told, and keeps it. */
export class SensorStoppedError extends EngineError {
  override readonly name = 'SensorStoppedError';
  readonly sensor: string;

  constructor(sensor: string, location: string) {
    super(
      `Sensor '${sensor}' of code location '${location}' is off and takes no events. Turn it on and send the event again: headrace sensor start ${sensor}.`,
    );
    this.sensor = sensor;
  }
}

/** What is sent is no event that a sensor can take. */
export class SensorEventError extends EngineError {
  override readonly name = 'SensorEventError';
}

/** A sensor with what pushes events to it. */
export type PushSensor = SensorManifest & { readonly eventSource: EventSourceSpec };

/**
 * The sensor of a location that takes events.
 *
 * @throws {PlanError} unknown location @throws {InstigatorNotFoundError} @throws {SensorEventError} it is polled
 */
export async function findPushSensor(
  instance: Pick<Instance, 'codeLocations'>,
  { location, sensor: name }: { readonly location: string; readonly sensor: string },
): Promise<PushSensor> {
  const { sensors } = (await findLocation(instance, location)).manifest;
  const sensor = sensors.find((each) => each.name === name);
  if (sensor === undefined) {
    const known = sensors.map((each) => each.name);
    throw new InstigatorNotFoundError('sensor', name, location, known);
  }
  if (!isPushSensor(sensor)) {
    throw new SensorEventError(`Sensor '${name}' takes no events: it is evaluated every so often by itself.`);
  }
  return sensor;
}

export const isPushSensor = (sensor: SensorManifest): sensor is PushSensor => sensor.eventSource != null;

/** An event for a sensor, as it was sent. */
export interface SentEvent {
  readonly location: string;
  readonly sensor: string;
  readonly eventId: string;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Stores an event for a sensor and wakes the engine, which evaluates it. An event that comes again is stored once.
 *
 * @throws as `findPushSensor`
 * @throws {SensorStoppedError}
 * @throws {SensorEventError} no id, or too large
 * @throws {PortError} not stored, or nobody woken: send it again
 */
export async function receiveSensorEvent(instance: Instance, sent: SentEvent): Promise<ReceivedSensorEvent> {
  const { storage, scheduler, clock } = instance;
  const { location, sensor, eventId, body, headers = {} } = sent;
  const definition = await findPushSensor(instance, sent);
  const states = await storage.instigatorStates();
  const state = states.find(
    ({ instigator }) =>
      instigator.kind === 'sensor' && instigator.location === location && instigator.name === sensor,
  );
  if (effectiveStatus(definition, state) === 'STOPPED') throw new SensorStoppedError(sensor, location);
  if (eventId === '' || eventId.length > MAX_EVENT_ID) {
    throw new SensorEventError(
      `The id of an event has 1 to ${MAX_EVENT_ID} characters; this one has ${eventId.length}.`,
    );
  }
  const bytes = new TextEncoder().encode(JSON.stringify(body)).length;
  if (bytes > MAX_EVENT_BYTES) {
    throw new SensorEventError(
      `The body of event '${eventId}' has ${bytes} bytes; ${MAX_EVENT_BYTES} are the most. Send a reference to the data instead.`,
    );
  }
  const receivedAt = clock.now();
  const received = await storage.receiveSensorEvent({ location, sensor, eventId, body, headers, receivedAt });
  if (received.isNext) await scheduler.setAlarm(receivedAt);
  return received;
}
