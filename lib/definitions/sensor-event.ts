import { EVENT_BODY_ERROR } from '../model/sensor-event';
import type { EventSource } from './event-source';
import type { SensorEvaluation } from './loaded-definitions';

/** An event that was pushed to a sensor. */
export interface SensorEvent<Body> {
  /** The same for each delivery of the event, so a good run key. */
  readonly id: string;
  readonly body: Body;
  /** Of a webhook: those that it asks for, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: Date;
  /** 1 for the first evaluation of the event, more after failures. */
  readonly attempt: number;
}

/** The body of an event does not fit the schema that its sensor gives. It is not tried again. */
export class EventBodyError extends Error {
  override readonly name = EVENT_BODY_ERROR;
  readonly eventId: string;

  constructor(sensorName: string, eventId: string, cause: Error) {
    super(`The body of event ${eventId} does not fit the schema of sensor ${sensorName}: ${cause.message}`, {
      cause,
    });
    this.eventId = eventId;
  }
}

/**
 * The event as the function of its sensor gets it.
 *
 * @throws {EventBodyError}
 */
export function toEvent(
  sensorName: string,
  { schema }: EventSource,
  event: SensorEvaluation['event'],
): SensorEvent<unknown> {
  if (event == null) {
    throw new TypeError(`Sensor ${sensorName} is called with an event: send one with headrace sensor send.`);
  }
  const { id, headers, attempt } = event;
  const parsed = schema?.safeParse(event.body);
  if (parsed?.success === false) throw new EventBodyError(sensorName, id, parsed.error);
  const body = parsed === undefined ? event.body : parsed.data;
  return { id, body, headers, receivedAt: new Date(event.receivedAt), attempt };
}
