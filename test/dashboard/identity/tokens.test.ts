import { checkIdToken, personOf, readTokens } from '../../../dashboard/src/identity/tokens';

const settings = { issuer: 'https://login.example.com', clientId: 'dashboard' };
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const right = { iss: settings.issuer, aud: 'dashboard', nonce: 'n' };

test.each([
  [3_600, 3_540_000, 3_600_000],
  [100, 80_000, 100_000],
  ['3600', 3_540_000, 3_600_000],
  [undefined, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['soon', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])('a token that lasts %p s is refreshed after %p ms and ends after %p ms', (lasts, refresh, end) => {
  const tokens = readTokens({ access_token: 'a', token_type: 'bearer', expires_in: lasts }, 'i', 1_000);

  expect(tokens.refreshAt).toBe(1_000 + refresh);
  expect(tokens.expiresAt).toBe(1_000 + end);
});

test.each([
  ['nothing', undefined, 'without an access token'],
  ['no token', { token_type: 'Bearer' }, 'without an access token'],
  ['another type', { access_token: 'a', token_type: 'DPoP' }, 'type DPoP'],
])('an answer with %s gives no tokens', (_name, answer, message) => {
  expect(() => readTokens(answer, settings.issuer, 0)).toThrow(
    expect.objectContaining({ kind: 'unusable', message: expect.stringContaining(message) }),
  );
});

test('an ID token of this issuer, client and log-in is taken', () => {
  expect(() => checkIdToken(jwt(right), settings, 'n')).not.toThrow();
  expect(() => checkIdToken(jwt({ ...right, aud: ['x', 'dashboard'] }), settings, 'n')).not.toThrow();
});

test.each([
  ['missing', undefined, 'unusable'],
  ['no JWT', 'abc', 'unusable'],
  ['of another issuer', jwt({ ...right, iss: 'https://evil.example' }), 'mismatch'],
  ['for another client', jwt({ ...right, aud: 'other' }), 'mismatch'],
  ['of another log-in', jwt({ ...right, nonce: 'm' }), 'mismatch'],
  ['of no log-in', jwt({ iss: right.iss, aud: right.aud }), 'mismatch'],
])('an ID token that is %s is refused', (_name, idToken, kind) => {
  expect(() => checkIdToken(idToken, settings, 'n')).toThrow(expect.objectContaining({ kind }));
});

test('people are called by their e-mail address, whatever letters it has, else by what there is', () => {
  expect(personOf(jwt({ email: 'zoë@exämple.com', sub: '1' }))).toBe('zoë@exämple.com');
  expect(personOf(jwt({ email: '', 'cognito:username': 'zoe', sub: '1' }))).toBe('zoe');
  expect(personOf('abc')).toBeUndefined();
});
