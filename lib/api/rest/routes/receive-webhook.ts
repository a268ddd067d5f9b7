import { z } from 'zod';
import { findLocation } from '../../../engine/find-definitions';
import { findPushSensor, type PushSensor, receiveSensorEvent } from '../../../engine/receive-sensor-event';
import { type EventSourceKind, MAX_EVENT_BYTES } from '../../../model/sensor-event';
import {
  REPLAY_WINDOW_SECONDS,
  readWebhook,
  toBase64,
  type WebhookClaim,
} from '../../../model/webhook-signature';
import type { Instance } from '../../../ports/instance';
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

/** Seconds that the location may take: its code may have to be loaded first. */
const VERIFY_SECONDS = 20;

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
    const claim = readWebhook(webhook.signature, { headers, body: input.rawBody }, now);
    if (!claim.ok) throw notSigned(claim.reason);
    await requireSignature(instance, address, webhook.secrets, claim);
    const shown = webhook.headers.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const { created } = await receiveSensorEvent(instance, {
      ...address,
      eventId: claim.eventId,
      body: parseJson(input.rawBody),
      headers: Object.fromEntries(shown),
    });
    return { status: 202, body: { eventId: claim.eventId, created } };
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

/** The location checks by its own secrets, which nobody else reads. */
async function requireSignature(
  { codeLocations, codeLocationClient }: Instance,
  { location, sensor }: { readonly location: string; readonly sensor: string },
  secrets: readonly string[],
  { signed, signatures }: Extract<WebhookClaim, { ok: true }>,
): Promise<void> {
  const { bundleHash } = await findLocation({ codeLocations }, location);
  const { verdict } = await codeLocationClient.call<'verify-signature'>(
    location,
    bundleHash,
    { kind: 'verify-signature', secrets, signed: toBase64(signed), signatures: signatures.map(toBase64) },
    { timeoutSeconds: VERIFY_SECONDS },
  );
  if (verdict === 'right') return;
  if (verdict === 'wrong') throw notSigned('no signature is right');
  throw new ProblemError(503, {
    title: 'Temporarily unavailable',
    detail: `The secret of webhook '${location}/${sensor}' is not set, so nothing can be checked by it.`,
    remedy:
      "Set it where the location's variables are (.env, or its secret on AWS), then send the event again.",
    headers: { 'retry-after': '60' },
  });
}

const notSigned = (reason: string): ProblemError =>
  new ProblemError(401, {
    title: 'Not signed',
    detail: `The webhook is refused: ${reason}.`,
    remedy: 'See docs/api.md for how to sign it, and compare secret and clock with those of this deployment.',
  });
