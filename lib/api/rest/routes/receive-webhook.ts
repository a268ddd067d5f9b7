import { z } from 'zod';
import { findPushSensor, type PushSensor, receiveSensorEvent } from '../../../engine/receive-sensor-event';
import type { EventSourceKind } from '../../../model/sensor-event';
import { MAX_EVENT_BYTES } from '../../../model/sensor-event';
import type { Instance } from '../../../ports/instance';
import { REPLAY_WINDOW_SECONDS, verifyWebhook } from '../../webhook-signature';
import { operation, param } from '../operation';
import { ProblemError } from '../problem';
import { parseJson } from '../read-json-body';
import { named } from '../schemas';

export const receivedEventSchema = z
  .object({
    eventId: z.string(),
    created: z.boolean().describe('False when the event had come before: it is not evaluated again.'),
  })
  .register(named, { id: 'ReceivedEvent' });

const header = z.string().optional();

/** `POST /api/webhooks/{location}/{sensor}` */
export const receiveWebhook = operation({
  summary: 'Send an event to a webhook sensor.',
  description: `Signed as Standard Webhooks say: \`webhook-signature\` is \`v1,\` and the Base64 of HMAC-SHA256 over \`<webhook-id>.<webhook-timestamp>.<body>\`; the time, in seconds, may differ by ${REPLAY_WINDOW_SECONDS} s. Sensors of GitHub's events take \`x-hub-signature-256\` instead. The body is JSON of at most ${MAX_EVENT_BYTES} bytes. Sending an event again is harmless. 401: signature or time is wrong; 404: no such webhook; 409: the sensor is off; 413: too large; 503: its secret is not set, or the database is waking up: send it again.`,
  headers: z.looseObject({
    'webhook-id': header,
    'webhook-timestamp': header,
    'webhook-signature': header,
    'x-hub-signature-256': header,
  }),
  rawBody: { maxBytes: MAX_EVENT_BYTES },
  answers: { 202: receivedEventSchema },
  async handle(input, { instance, now }) {
    const address = { location: param(input, 'location'), sensor: param(input, 'sensor') };
    const webhook = webhookOf(await findPushSensor(instance, address));
    const headers = input.headers as Readonly<Record<string, string | undefined>>;
    const secrets = await readSecrets(instance, address, webhook.secrets);
    const verdict = await verifyWebhook(webhook.signature, { headers, body: input.rawBody }, secrets, now);
    if (!verdict.ok) {
      throw new ProblemError(401, {
        title: 'Not signed',
        detail: `The webhook is refused: ${verdict.reason}.`,
        remedy:
          'See docs/api.md for how to sign it, and compare secret and clock with those of this deployment.',
      });
    }
    const shown = webhook.headers.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const { created } = await receiveSensorEvent(instance, {
      ...address,
      eventId: verdict.eventId,
      body: parseJson(input.rawBody),
      headers: Object.fromEntries(shown),
    });
    return { status: 202, body: { eventId: verdict.eventId, created } };
  },
});

function webhookOf({ eventSource, name }: PushSensor): Extract<EventSourceKind, { type: 'webhook' }> {
  if (eventSource.type === 'webhook') return eventSource;
  throw new ProblemError(404, {
    title: 'Not found',
    detail: `Sensor '${name}' takes no webhooks.`,
    remedy: "Give it a webhook: sensor({ on: webhook({ secret: env('...') }) }).",
  });
}

/** Those that are set; while one takes the place of another, one may be missing. */
async function readSecrets(
  { secretStore }: Pick<Instance, 'secretStore'>,
  { location, sensor }: { readonly location: string; readonly sensor: string },
  names: readonly string[],
): Promise<readonly string[]> {
  const values = await Promise.all(names.map((name) => secretStore.get(name, location)));
  const found = values.filter((value) => value !== undefined && value !== '') as string[];
  if (found.length > 0) return found;
  throw new ProblemError(503, {
    title: 'Temporarily unavailable',
    detail: `The secret of webhook '${location}/${sensor}' is not set, so nothing can be checked by it.`,
    remedy:
      "Set it where the location's variables are (.env, or its secret on AWS), then send the event again.",
    headers: { 'retry-after': '60' },
  });
}
