import {
  authorizationUrl,
  isAnswer,
  logoutUrl,
  ownPage,
  readAnswer,
} from '../../../dashboard/src/identity/authorization';

const issuer = 'https://login.example.com';
const origin = 'https://headrace.example.com';
const pending = { state: 'right', nonce: 'n', verifier: 'v', wanted: '/runs' };
const answer = (query: string) => new URL(`${origin}/?${query}`);

test('the authorization request has what OpenID Connect and PKCE ask for, beside what the endpoint has', () => {
  const url = authorizationUrl(`${issuer}/authorize?tenant=1`, {
    clientId: 'dashboard',
    origin,
    state: 's',
    nonce: 'n',
    challenge: 'c',
  });
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
    tenant: '1',
    response_type: 'code',
    client_id: 'dashboard',
    redirect_uri: `${origin}/`,
    scope: 'openid email',
    state: 's',
    nonce: 'n',
    code_challenge: 'c',
    code_challenge_method: 'S256',
  });
});

test('only the registered address with a state and a code or an error is an answer', () => {
  expect(isAnswer(answer('state=s&code=c'))).toBe(true);
  expect(isAnswer(answer('state=s&error=e'))).toBe(true);
  expect(isAnswer(answer('state=s'))).toBe(false);
  expect(isAnswer(answer('code=c'))).toBe(false);
  expect(isAnswer(new URL(`${origin}/runs?state=s&code=c`))).toBe(false);
});

test('the code is taken from the answer that was asked for', () => {
  expect(readAnswer(answer('state=right&code=abc'), pending, issuer)).toBe('abc');
  expect(readAnswer(answer(`state=right&code=abc&iss=${encodeURIComponent(issuer)}`), pending, issuer)).toBe(
    'abc',
  );
});

test.each([
  ['another state', 'state=wrong&code=abc', pending, 'mismatch', 'state differs'],
  ['a state nobody waits for', 'state=right&code=abc', undefined, 'mismatch', 'not begun in this tab'],
  [
    'another issuer',
    'state=right&code=abc&iss=https://evil.example',
    pending,
    'mismatch',
    'https://evil.example',
  ],
  ['a refusal', 'state=right&error=access_denied&error_description=Locked', pending, 'refused', 'Locked'],
  ['an empty code', 'state=right&code=', pending, 'unusable', 'without a code'],
] as const)('an answer with %s is refused', (_name, query, waiting, kind, message) => {
  expect(() => readAnswer(answer(query), waiting, issuer)).toThrow(
    expect.objectContaining({ kind, message: expect.stringContaining(message) }),
  );
});

test.each([
  ['/runs?q=a%20b#x', '/runs?q=a%20b#x'],
  ['//evil.example/', '/'],
  ['https://evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['http://[', '/'],
])('the wanted page %s becomes %s', (wanted, page) => {
  expect(ownPage(wanted, origin)).toBe(page);
});

test('Cognito and an issuer that describes itself are each told in their own words where to come back to', () => {
  const cognito = logoutUrl({ clientId: 'c', logoutEndpoint: `${issuer}/logout` }, undefined, origin, 'id');
  const standard = logoutUrl({ clientId: 'c', logoutEndpoint: null }, `${issuer}/end`, origin, 'id');

  expect(cognito).toBe(`${issuer}/logout?client_id=c&logout_uri=https%3A%2F%2Fheadrace.example.com%2F`);
  expect(standard).toBe(
    `${issuer}/end?client_id=c&post_logout_redirect_uri=https%3A%2F%2Fheadrace.example.com%2F&id_token_hint=id`,
  );
  expect(logoutUrl({ clientId: 'c', logoutEndpoint: null }, undefined, origin, 'id')).toBeUndefined();
});
