import fc from 'fast-check';
import { challengeOf, createSecret, fromBase64Url, toBase64Url } from '../../../dashboard/src/identity/pkce';

test('the challenge is the one of RFC 7636, appendix B', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});

test('base64url is that of Node, both ways and for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const encoded = toBase64Url(new TextEncoder().encode(text));
      expect(encoded).toBe(Buffer.from(text).toString('base64url'));
      expect(fromBase64Url(encoded)).toBe(text);
    }),
  );
});

test('a secret is 43 characters that a code verifier may have, of the 32 bytes that were drawn', () => {
  const secret = createSecret((bytes) => bytes.fill(255));
  expect(secret).toMatch(/^[A-Za-z0-9._~-]{43}$/);
  expect(Buffer.from(secret, 'base64url')).toEqual(Buffer.alloc(32, 255));
});
