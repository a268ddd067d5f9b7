import { createIssuerClient } from '../../../dashboard/src/identity/issuer-client';

const ISSUER = 'https://login.example.com';
const settings = {
  issuer: ISSUER,
  clientId: 'dashboard',
  authorizationEndpoint: null,
  tokenEndpoint: null,
  logoutEndpoint: null,
};

/** A browser whose policy lets pages call the issuer only, and whose issuer describes itself. */
const browser = (tokenEndpoint: string) => ({
  now: () => 0,
  fetch: async (url: string | URL | Request) => {
    if (new URL(String(url)).origin !== ISSUER) throw new TypeError('Failed to fetch');
    return Response.json({ authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: tokenEndpoint });
  },
});

test('An issuer whose tokens are asked for elsewhere is told from one that is down', async () => {
  const elsewhere = createIssuerClient(settings, browser('https://tokens.example.net/token'));

  await expect(elsewhere.askTokens({})).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/tokens\.example\.net does not answer.*oidc\.tokenEndpoint/),
  });
});

test('A deployment that names the token endpoint has only the others looked up', async () => {
  const tokenEndpoint = 'https://tokens.example.net/token';
  const named = createIssuerClient({ ...settings, tokenEndpoint }, browser('https://wrong.example.net/'));

  expect(await named.endpoints()).toMatchObject({
    authorization: `${ISSUER}/authorize`,
    token: tokenEndpoint,
  });
  await expect(named.askTokens({})).rejects.toMatchObject({
    message: 'https://tokens.example.net does not answer.',
  });
});
