import type { output, ZodType } from 'zod';
import type { JsonValue } from '../model/json';
import type { EventSourceKind, ObjectCreated, WebhookSignature } from '../model/sensor-event';
import { type EnvironmentReference, isReference, type SecretReference } from './references';
import type { VALUE } from './type-keys';

/** What pushes events to a sensor: `webhook`, `queueMessage` or `objectCreated`. */
export interface EventSource<Body = unknown> {
  readonly kind: 'eventSource';
  readonly spec: EventSourceKind;
  /** Schema of the body; null: any JSON. */
  readonly schema: ZodType | null;
  readonly [VALUE]?: Body;
}

/** Headers that say what GitHub sends; without them its bodies cannot be told apart. */
const GITHUB_HEADERS = ['x-github-event', 'x-github-delivery'];

type BodyOf<S extends ZodType | undefined> = S extends ZodType ? output<S> : JsonValue;

/**
 * Signed requests to `POST /api/webhooks/<location>/<sensor>`, each with a JSON body of at most 256 KB. The sender
 * signs as Standard Webhooks say (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`); the secret is read
 * from the location's secret store by name and never stands in code.
 *
 * @example
 * sensor({
 *   name: 'orders', job: load,
 *   on: webhook({ secret: env('ORDERS_WEBHOOK_SECRET'), body: z.object({ order: z.string() }) }),
 *   evaluate: ({ event }) => runRequest({ runKey: event.id, tags: { order: event.body.order } }),
 * });
 */
export function webhook<S extends ZodType | undefined = undefined>(options: {
  /** One secret, or several while one takes the place of another. */
  readonly secret:
    | EnvironmentReference<undefined>
    | SecretReference
    | readonly (EnvironmentReference<undefined> | SecretReference)[];
  /** Schema of the body; one that does not fit fails its tick and is kept. */
  readonly body?: S;
  /** `github`: `X-Hub-Signature-256` over the body. Default `standard`. */
  readonly signature?: WebhookSignature;
  /** Names of headers that the sensor wants to see. They are not signed: never decide by them who may do what. */
  readonly headers?: readonly string[];
}): EventSource<BodyOf<S>> {
  const { secret, signature = 'standard', headers = [] } = options;
  const shown = [...(signature === 'github' ? GITHUB_HEADERS : []), ...headers];
  const references = [secret].flat() as readonly (EnvironmentReference | SecretReference)[];
  return {
    kind: 'eventSource',
    spec: {
      type: 'webhook',
      // What is written in code is no name; `define` says so.
      secrets: references.map((reference) => (isName(reference) ? reference.name : '')),
      signature,
      headers: [...new Set(shown.map((name) => name.toLowerCase()))],
    },
    schema: options.body ?? null,
  };
}

const isName = (reference: EnvironmentReference | SecretReference): boolean =>
  isReference(reference) && (reference.kind === 'secret' || reference.defaultValue === undefined);

/**
 * Messages of the deployment's queue `<instance>-events` that are addressed to the sensor by their attribute `sensor`
 * (`<location>/<sensor>`); locally `headrace sensor send`. The body is JSON; the message's id is the event's.
 *
 * @example on: queueMessage({ body: z.object({ table: z.string() }) })
 */
export function queueMessage<S extends ZodType | undefined = undefined>(
  options: { readonly body?: S } = {},
): EventSource<BodyOf<S>> {
  return { kind: 'eventSource', spec: { type: 'queue_message' }, schema: options.body ?? null };
}

/**
 * Objects put into an S3 bucket that sends its events to EventBridge; locally, files below
 * `.headrace/buckets/<bucket>`.
 *
 * @example on: objectCreated({ bucket: 'landing', prefix: 'orders/', suffix: '.csv' })
 */
export function objectCreated(options: {
  readonly bucket: string;
  /** Start of the keys that count; default any. */
  readonly prefix?: string;
  /** End of the keys that count; default any. */
  readonly suffix?: string;
}): EventSource<ObjectCreated> {
  const { bucket, prefix = '', suffix = '' } = options;
  return { kind: 'eventSource', spec: { type: 'object_created', bucket, prefix, suffix }, schema: null };
}
