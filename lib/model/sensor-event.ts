import type { JsonValue } from './json';
import type { RetryPolicy } from './retry-policy';

/** How the sender of a webhook proves itself. `standard`: Standard Webhooks. `github`: GitHub's `X-Hub-Signature-256`. */
export type WebhookSignature = 'standard' | 'github';

/** What pushes events to a sensor. Secrets by name, never by value. */
export type EventSourceKind =
  | {
      readonly type: 'webhook';
      /** Names in the location's secret store; a signature by any of them counts, so that they can be rotated. */
      readonly secrets: readonly string[];
      readonly signature: WebhookSignature;
      /** Names of headers, lower case, that the sensor sees; they are not signed. */
      readonly headers: readonly string[];
    }
  | { readonly type: 'queue_message' }
  | {
      readonly type: 'object_created';
      readonly bucket: string;
      /** Start and end of the keys that count; empty = any. */
      readonly prefix: string;
      readonly suffix: string;
    };

/** The same, with when a failed evaluation is tried again. */
export type EventSourceSpec = EventSourceKind & { readonly retryPolicy: RetryPolicy };

/** An event as it came, for one sensor. */
export interface NewSensorEvent {
  readonly location: string;
  readonly sensor: string;
  /** Unique for its sensor: another delivery of the same event carries the same. */
  readonly eventId: string;
  readonly body: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** `PENDING`: to be evaluated, or to be tried again. `FAILED`: given up, kept to be replayed. */
export const SENSOR_EVENT_STATUSES = ['PENDING', 'DONE', 'FAILED'] as const;
export type SensorEventStatus = (typeof SENSOR_EVENT_STATUSES)[number];

/** A stored event. Those of one sensor are evaluated in the order of `acceptedAt`. */
export interface SensorEvent extends NewSensorEvent {
  readonly status: SensorEventStatus;
  /** Its place in line: when it was received, moved behind what came before it; epoch ms, unique for its sensor. */
  readonly acceptedAt: number;
  /** Evaluations begun since it came or was replayed. */
  readonly attempts: number;
  /** Not evaluated before; epoch ms. */
  readonly nextAttemptAt: number;
  /** The tick of its evaluations; null before the first. */
  readonly tickId: number | null;
}

/** An event as a sensor's function sees it. */
export interface DeliveredEvent {
  readonly id: string;
  readonly body: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** 1 for the first evaluation. */
  readonly attempt: number;
}

/** An object that was put into a bucket: the body of its event. */
export type ObjectCreated = {
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string | null;
};

/** Tries of a failed evaluation when the sensor says nothing: after 10, 30 and 70 seconds. */
export const DEFAULT_EVENT_RETRY: RetryPolicy = { maxRetries: 3, delaySeconds: 10, backoff: 'EXPONENTIAL' };

/** Name of the error of an event whose body does not fit its schema: trying it again is no use. */
export const EVENT_BODY_ERROR = 'EventBodyError';

/** Bytes of a body at most. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** Where a webhook of a sensor is sent to, below the API's address. */
export const webhookPath = (location: string, sensor: string): string =>
  `/api/webhooks/${encodeURIComponent(location)}/${encodeURIComponent(sensor)}`;

/** Whether a sensor follows an object. */
export function followsObject(
  source: EventSourceKind,
  { bucket, key }: Pick<ObjectCreated, 'bucket' | 'key'>,
): boolean {
  return (
    source.type === 'object_created' &&
    source.bucket === bucket &&
    key.startsWith(source.prefix) &&
    key.endsWith(source.suffix)
  );
}
