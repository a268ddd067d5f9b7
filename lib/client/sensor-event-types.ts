import type { JsonValue } from '../model/json';
import type { SensorEventStatus } from '../model/sensor-event';

/** A sensor by its address. */
export interface SensorAddress {
  readonly location: string;
  readonly name: string;
}

/** Body of `POST /api/sensors/{location}/{sensor}/events`. */
export interface SendSensorEventBody {
  readonly body: JsonValue;
  /** The same id is one event, however often it is sent; default a new one. */
  readonly eventId?: string;
}

export interface ReceivedEvent {
  readonly eventId: string;
  /** False when the event had come before. */
  readonly created: boolean;
}

/** An event that a sensor was sent. Instants are epoch milliseconds. */
export interface SensorEventView {
  readonly eventId: string;
  readonly status: SensorEventStatus;
  readonly body: JsonValue;
  readonly receivedAt: number;
  readonly acceptedAt: number;
  readonly attempts: number;
  /** Null when it is not to be evaluated. */
  readonly nextAttemptAt: number | null;
  readonly tickId: number | null;
}

export interface ListSensorEventsQuery {
  readonly status?: readonly SensorEventStatus[];
  /** `acceptedAt` of the last one seen. */
  readonly before?: number;
  readonly limit?: number;
}
