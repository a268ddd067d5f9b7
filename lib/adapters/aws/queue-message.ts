import type { JsonValue } from '../../model/json';
import type { ObjectCreated } from '../../model/sensor-event';
import { PortError } from '../../ports/errors';
import type { QueueMessage } from './pushed-event';

/** Attributes of messages for sensors. */
export const MESSAGE_ATTRIBUTE = {
  /** `<location>/<sensor>` */
  sensor: 'sensor',
  /** The sender's own id of the event; default the message's. */
  eventId: 'event-id',
} as const;

/** What a message of the queue is for. */
export type ParsedMessage =
  | {
      readonly kind: 'sensor';
      readonly location: string;
      readonly sensor: string;
      readonly eventId: string;
      readonly body: JsonValue;
    }
  | ({ readonly kind: 'object' } & CreatedObject)
  /** Its body is that of `POST /api/runs`. */
  | { readonly kind: 'run' };

/** An object that S3 announced, by way of EventBridge. */
export interface CreatedObject {
  readonly object: ObjectCreated;
  /** Another one for each writing of the same key. */
  readonly version: string;
}

/**
 * Tells messages apart: those addressed to a sensor, S3's announcements, requests for runs.
 *
 * @throws {PortError} permanent: the address is none
 */
export function parseMessage({ messageId, body, messageAttributes = {} }: QueueMessage): ParsedMessage {
  const address = messageAttributes[MESSAGE_ATTRIBUTE.sensor]?.stringValue;
  const parsed = parse(body);
  if (address === undefined) {
    const created = createdObject(parsed);
    return created === undefined ? { kind: 'run' } : { kind: 'object', ...created };
  }
  const [, location, sensor] = /^([^/]+)\/([^/]+)$/.exec(address) ?? [];
  if (location === undefined || sensor === undefined) {
    throw new PortError(
      'permanent',
      `Message ${messageId} is for '${address}': the attribute ${MESSAGE_ATTRIBUTE.sensor} is <location>/<sensor>.`,
    );
  }
  const eventId = messageAttributes[MESSAGE_ATTRIBUTE.eventId]?.stringValue ?? messageId;
  // Text that is no JSON is an event's body as it is.
  return { kind: 'sensor', location, sensor, eventId, body: parsed === undefined ? body : parsed };
}

interface S3Event {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: {
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly etag?: string;
      readonly sequencer?: string;
    };
  };
}

/** The object of S3's event `Object Created`; undefined for anything else. */
export function createdObject(event: unknown): CreatedObject | undefined {
  const { source, 'detail-type': type, detail } = (event ?? {}) as Partial<S3Event>;
  if (source !== 'aws.s3' || type !== 'Object Created' || detail === undefined) return undefined;
  const { key, size = 0, etag, sequencer } = detail.object;
  return {
    object: { bucket: detail.bucket.name, key, size, etag: etag ?? null },
    version: sequencer ?? etag ?? '',
  };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
