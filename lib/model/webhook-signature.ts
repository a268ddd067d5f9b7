import type { WebhookSignature } from './sensor-event';

/** Seconds by which the time that a sender signs may differ from ours: older requests may be replays. */
export const REPLAY_WINDOW_SECONDS = 300;

/** Signatures looked at in one request; senders send one for each of their secrets. */
const MAX_SIGNATURES = 10;

/** A request as it came. Header names are lower case. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a webhook says of itself. It is believed when one of the signatures is right. */
export type WebhookClaim =
  | {
      readonly ok: true;
      readonly eventId: string;
      readonly signed: Uint8Array<ArrayBuffer>;
      readonly signatures: readonly Uint8Array<ArrayBuffer>[];
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads how a webhook is signed, and refuses what no secret can make right: nothing signed, or too long ago.
 *
 * `standard` is Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over `<id>.<timestamp>.<body>`,
 * in Base64. Of GitHub's requests only the body is signed, so the signature itself is the event's id: the same body is
 * never a second event, whenever it comes and whatever id it claims.
 *
 * @param now epoch ms
 */
export function readWebhook(kind: WebhookSignature, request: SignedRequest, now: number): WebhookClaim {
  return kind === 'github' ? readGithub(request) : readStandard(request, now);
}

function readStandard({ headers, body }: SignedRequest, now: number): WebhookClaim {
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
  const signatures = list.split(' ').flatMap((each) => {
    const bytes = each.startsWith('v1,') ? fromBase64(each.slice(3)) : undefined;
    return bytes === undefined ? [] : [bytes];
  });
  if (signatures.length === 0) return refused('there is no v1 signature in the header webhook-signature');
  const start = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(start.length + body.length);
  signed.set(start);
  signed.set(body, start.length);
  return { ok: true, eventId: id, signed, signatures: signatures.slice(0, MAX_SIGNATURES) };
}

function readGithub({ headers, body }: SignedRequest): WebhookClaim {
  const header = headers['x-hub-signature-256'] ?? '';
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
  if (hex === undefined)
    return refused('the header x-hub-signature-256 is not sha256= and 64 hexadecimal digits');
  const signature = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { ok: true, eventId: header, signed: new Uint8Array(body), signatures: [signature] };
}

const refused = (reason: string): WebhookClaim => ({ ok: false, reason });

/**
 * Whether any of the signatures was made with any of the secrets, in a time that does not depend on where they differ.
 *
 * @param secrets `whsec_…` is Base64 of the key; anything else is the key itself
 */
export async function isSignedByAny(
  { signed, signatures }: Pick<Extract<WebhookClaim, { ok: true }>, 'signed' | 'signatures'>,
  secrets: readonly string[],
): Promise<boolean> {
  let isSigned = false;
  for (const secret of secrets) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['verify']);
    for (const signature of signatures) {
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) isSigned = true;
    }
  }
  return isSigned;
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const encoded = secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : undefined;
  return encoded ?? new TextEncoder().encode(secret);
}

/** Undefined for what is no Base64, or nothing. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return text === '' ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Bytes as Base64, for where only text goes. */
export function toBase64(bytes: Uint8Array): string {
  let characters = '';
  // In pieces: arguments of a call are limited.
  for (let at = 0; at < bytes.length; at += 8192) {
    characters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(characters);
}
