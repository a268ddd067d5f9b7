import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WebhookSignature } from '../../lib/model/sensor-event';
import {
  fromBase64,
  isSignedByAny,
  readWebhook,
  type SignedRequest,
  toBase64,
} from '../../lib/model/webhook-signature';

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = String(NOW / 1000);
const SECRET = 'a secret of some length';
const bytes = (text: string) => new TextEncoder().encode(text);

/** Standard Webhooks, by another library than the one that checks. */
function sign(id: string, timestamp: string, body: string, key: string | Buffer = SECRET): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
function signed(over: Partial<Record<string, string>> = {}, body = '{}') {
  const headers = {
    'webhook-id': 'e1',
    'webhook-timestamp': SECONDS,
    'webhook-signature': sign(over['webhook-id'] ?? 'e1', over['webhook-timestamp'] ?? SECONDS, body),
    ...over,
  };
  return { headers, body: bytes(body) };
}
/** As the API and the location do together. */
async function verifyWebhook(
  kind: WebhookSignature,
  request: SignedRequest,
  secrets: readonly string[],
  now: number,
) {
  const claim = readWebhook(kind, request, now);
  if (!claim.ok) return claim;
  const isSigned = await isSignedByAny(claim, secrets);
  return isSigned ? { ok: true, eventId: claim.eventId } : { ok: false, reason: 'wrong' };
}
const verdict = (request: SignedRequest, secrets = [SECRET]) =>
  verifyWebhook('standard', request, secrets, NOW);

describe('Standard Webhooks', () => {
  test('what was signed with one of the secrets is taken, whatever the body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
        expect(await verdict(signed({}, body.toWellFormed()), ['other', SECRET])).toEqual({
          ok: true,
          eventId: 'e1',
        });
      }),
      { numRuns: 30 },
    );
  });

  test('a secret may be written as Base64', async () => {
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    const request = signed({ 'webhook-signature': `v1a,xx ${sign('e1', SECONDS, '{}', key)}` });
    expect(await verdict(request, [`whsec_${key.toString('base64')}`])).toMatchObject({ ok: true });
    expect(await verdict(request, ['other'])).toMatchObject({ ok: false });
  });

  test.each([
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('a time of %d s from now: %s', async (seconds, ok) => {
    const request = signed({ 'webhook-timestamp': String(NOW / 1000 + seconds) });
    expect(await verdict(request)).toMatchObject({ ok });
  });

  test('id, time and body cannot be changed after signing', async () => {
    const right = signed();
    const changed = [
      { ...right, body: bytes('{} ') },
      { ...right, headers: { ...right.headers, 'webhook-id': 'e2' } },
      { ...right, headers: { ...right.headers, 'webhook-timestamp': String(NOW / 1000 - 1) } },
    ];
    for (const request of changed) expect(await verdict(request)).toMatchObject({ ok: false });
    // The same bytes are signed, cut elsewhere.
    const shifted = signed({ 'webhook-id': `e1.${SECONDS}` }, '{}');
    expect(await verdict(shifted)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('webhook-id'),
    });
  });

  test.each([
    ['webhook-id', ''],
    ['webhook-timestamp', 'yesterday'],
    ['webhook-timestamp', ''],
    ['webhook-signature', ''],
    ['webhook-signature', 'v1,'],
    ['webhook-signature', 'v1,***'],
    ['webhook-signature', 'v1,AAAA'],
  ])('%s: %j is refused', async (name, value) => {
    const right = signed();
    expect(await verdict({ ...right, headers: { ...right.headers, [name]: value } })).toMatchObject({
      ok: false,
    });
  });
});

describe('GitHub', () => {
  const body = '{"zen":"Keep it logically awesome."}';
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const request = (header: string) => ({ headers: { 'x-hub-signature-256': header }, body: bytes(body) });

  test('the signature of the body is the event', async () => {
    expect(await verifyWebhook('github', request(signature), [SECRET], NOW)).toEqual({
      ok: true,
      eventId: signature,
    });
  });

  test.each([
    [''],
    [signature.toUpperCase()],
    [`sha1=${signature.slice(7)}`],
    [`sha256=${'0'.repeat(64)}`],
  ])('%j is refused', async (header) => {
    expect(await verifyWebhook('github', request(header), [SECRET], NOW)).toMatchObject({ ok: false });
  });
});

test('bytes go through Base64 unchanged, however many', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20_000 }), (bytes) => {
      expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes));
    }),
    { numRuns: 20 },
  );
});
