import type { WebhookSignature } from '../model/sensor-event';

/** Seconds by which the time that a sender signs may differ from ours: older requests may be replays. */
export const REPLAY_WINDOW_SECONDS = 300;

/** Signatures looked at in one request; senders send one for each of their secrets. */
const MAX_SIGNATURES = 10;

/** A request as it came. Header names are lower case. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type WebhookVerdict =
  | { readonly ok: true; readonly eventId: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Whether a webhook was signed with one of the secrets, lately, and which event it is.
 *
 * `standard` is Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over `<id>.<timestamp>.<body>`,
 * in Base64. Of GitHub's requests only the body is signed, so the signature itself is the event's id: the same body is
 * never a second event, whenever it comes and whatever id it claims.
 *
 * @param secrets `whsec_…` is Base64 of the key; anything else is the key itself
 * @param now epoch ms
 */
export async function verifyWebhook(
  kind: WebhookSignature,
  { headers, body }: SignedRequest,
  secrets: readonly string[],
  now: number,
): Promise<WebhookVerdict> {
  return kind === 'github'
    ? verifyGithub(headers, body, secrets)
    : verifyStandard(headers, body, secrets, now);
}

async function verifyStandard(
  headers: SignedRequest['headers'],
  body: Uint8Array<ArrayBuffer>,
  secrets: readonly string[],
  now: number,
): Promise<WebhookVerdict> {
  const {
    'webhook-id': id = '',
    'webhook-timestamp': timestamp = '',
    'webhook-signature': list = '',
  } = headers;
  // A full stop would let one signature stand for two pairs of id and time.
  if (!/^[\x21-\x2d\x2f-\x7e]{1,255}$/.test(id)) {
    return refused(
      'the header webhook-id is missing, or has other than 1 to 255 visible characters without "."',
    );
  }
  if (!/^\d{1,12}$/.test(timestamp)) return refused('the header webhook-timestamp is not a time in seconds');
  if (Math.abs(now / 1000 - Number(timestamp)) > REPLAY_WINDOW_SECONDS) {
    return refused(`the time in webhook-timestamp is more than ${REPLAY_WINDOW_SECONDS} s from now`);
  }
  const signatures = list.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice(3)] : []));
  const signed = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const isSigned = await isSignedByAny(signatures.map(fromBase64), signed, secrets);
  return isSigned ? { ok: true, eventId: id } : refused('no v1 signature in webhook-signature is right');
}

async function verifyGithub(
  headers: SignedRequest['headers'],
  body: Uint8Array<ArrayBuffer>,
  secrets: readonly string[],
): Promise<WebhookVerdict> {
  const header = headers['x-hub-signature-256'] ?? '';
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
  const signature =
    hex === undefined ? undefined : Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const isSigned = await isSignedByAny([signature], body, secrets);
  return isSigned
    ? { ok: true, eventId: header }
    : refused('the signature in x-hub-signature-256 is missing or wrong');
}

const refused = (reason: string): WebhookVerdict => ({ ok: false, reason });

/** `verify` compares in a time that says nothing of where signatures differ. */
async function isSignedByAny(
  signatures: readonly (Uint8Array<ArrayBuffer> | undefined)[],
  signed: Uint8Array<ArrayBuffer>,
  secrets: readonly string[],
): Promise<boolean> {
  let isSigned = false;
  for (const secret of secrets) {
    const key = await crypto.subtle.importKey(
      'raw',
      keyOf(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['verify'],
    );
    for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
      if (signature !== undefined && (await crypto.subtle.verify('HMAC', key, signature, signed)))
        isSigned = true;
    }
  }
  return isSigned;
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const encoded = secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : undefined;
  return encoded ?? new TextEncoder().encode(secret);
}

/** Undefined for what is no Base64, or nothing. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return text === '' ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function concatenate(start: Uint8Array, end: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(start.length + end.length);
  whole.set(start);
  whole.set(end, start.length);
  return whole;
}
