import type { LogInError } from '../../../dashboard/src/identity/log-in-error';
import { openOidcSession, type SessionBrowser } from '../../../dashboard/src/identity/oidc-session';

const ISSUER = 'https://login.example.com';
const ORIGIN = 'https://headrace.example.com';
const settings = {
  issuer: ISSUER,
  clientId: 'dashboard',
  authorizationEndpoint: `${ISSUER}/authorize`,
  tokenEndpoint: `${ISSUER}/token`,
  logoutEndpoint: `${ISSUER}/logout`,
};
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

/** A browser, issuer and API of the test's own. The issuer gives the tokens `a1`, `a2` ... and refresh tokens. */
function world(path: string, stored: Record<string, string> = {}) {
  const storage = new Map(Object.entries(stored));
  const state = {
    address: new URL(path, ORIGIN),
    now: 0,
    left: [] as string[],
    /** Grants asked for. */
    grants: [] as Record<string, string>[],
    /** What the API was shown. */
    shown: [] as string[],
    failures: [] as LogInError[],
    /** Whatever was ever stored. */
    kept: [] as string[],
    storage,
    nonce: '',
    gives: (): { status: number; more?: object } | 'nothing' => ({ status: 200 }),
    api: (_token: string): Response => new Response('{}'),
  };
  let issued = 0;
  const browser: SessionBrowser = {
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => {
        state.kept.push(value);
        storage.set(key, value);
      },
      removeItem: (key) => void storage.delete(key),
    },
    address: () => state.address,
    leave: (url) => void state.left.push(url),
    showPage: (page) => {
      state.address = new URL(page, ORIGIN);
    },
    now: () => state.now,
    fillRandom: (bytes) => bytes.fill(storage.size + 1),
    fetch: async (url, init) => {
      if (String(url) !== settings.tokenEndpoint) {
        const token = new Headers(init?.headers).get('authorization') ?? '';
        state.shown.push(token);
        return state.api(token);
      }
      state.grants.push(Object.fromEntries(new URLSearchParams(String(init?.body))));
      const gives = state.gives();
      if (gives === 'nothing') throw new TypeError('network');
      if (gives.status !== 200) return Response.json({ error: 'invalid_grant' }, { status: gives.status });
      issued += 1;
      const idToken = jwt({ iss: ISSUER, aud: 'dashboard', nonce: state.nonce, email: 'ada@example.com' });
      return Response.json({
        access_token: `a${issued}`,
        token_type: 'Bearer',
        expires_in: 3_600,
        refresh_token: `r${issued}`,
        id_token: idToken,
        ...gives.more,
      });
    },
  };
  const open = () => openOidcSession(settings, browser, (error) => state.failures.push(error));
  return { state, open };
}

/** Waits for what must come; the test's own time limit ends it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}
const REFRESH = 'headrace.refresh-token';

test('without a session it leaves for the issuer, and takes the answer back to the wanted page once', async () => {
  const first = world('/runs?q=x#y');
  void first.open();
  await until(() => first.state.left.length > 0);
  const asked = new URL(first.state.left[0] ?? '').searchParams;
  const back = world(`/?code=c&state=${asked.get('state')}`, Object.fromEntries(first.state.storage));
  back.state.nonce = asked.get('nonce') ?? '';

  const session = await back.open();

  expect(session.person).toBe('ada@example.com');
  expect(back.state.address.href).toBe(`${ORIGIN}/runs?q=x#y`);
  expect(back.state.grants).toEqual([
    {
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: `${ORIGIN}/`,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      client_id: 'dashboard',
    },
  ]);
  expect([...back.state.storage]).toEqual([[REFRESH, 'r1']]);
  expect(back.state.left).toEqual([]);
});

test('an answer to nothing that was asked is an error at a clean address, and goes nowhere', async () => {
  const { state, open } = world('/?code=stolen&state=made-up');

  await expect(open()).rejects.toMatchObject({ kind: 'mismatch' });

  expect(state.address.href).toBe(`${ORIGIN}/`);
  expect(state.grants).toEqual([]);
  expect(state.left).toEqual([]);
});

test.each([
  ['nothing', 'unreachable', 0],
  [{ status: 503 }, 'unreachable', 0],
  [{ status: 400 }, undefined, 1],
] as const)('a reload whose refresh is answered by %p fails as %p', async (gives, kind, left) => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  state.gives = () => gives;

  const opening = open();

  if (kind === undefined) await until(() => state.left.length > 0);
  else await expect(opening).rejects.toMatchObject({ kind });
  expect(state.left).toHaveLength(left);
  expect(state.storage.get(REFRESH)).toBe(left === 0 ? 'r0' : undefined);
});

test('many requests with a token that nears its end ask for one other, and go on with it', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.now = 3_541_000;

  await Promise.all([1, 2, 3].map(() => session.fetch('/graphql', {})));

  expect(state.shown).toEqual(['Bearer a2', 'Bearer a2', 'Bearer a2']);
  expect(state.grants.map((grant) => grant['refresh_token'])).toEqual(['r0', 'r1']);
});

test('while the issuer does not answer, a token is used to its end', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.gives = () => 'nothing';
  state.now = 3_541_000;
  await session.fetch('/graphql', {});
  state.now = 3_601_000;

  await expect(session.fetch('/graphql', {})).rejects.toMatchObject({ kind: 'unreachable' });

  expect(state.shown).toEqual(['Bearer a1']);
  expect(state.left).toEqual([]);
  expect(state.failures).toEqual([]);
});

test.each([401, 403])('a token refused with %d is refreshed once, silently', async (status) => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.api = (token) => new Response('{}', { status: token === 'Bearer a1' ? status : 200 });

  const answer = await session.fetch('/graphql', {});

  expect(answer.status).toBe(200);
  expect(state.shown).toEqual(['Bearer a1', 'Bearer a2']);
});

test('a role that is too low is the caller’s matter, not the session’s', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.api = () =>
    new Response('{}', { status: 403, headers: { 'content-type': 'application/problem+json' } });

  expect((await session.fetch('/api/runs', {})).status).toBe(403);
  expect(state.shown).toEqual(['Bearer a1']);
});

test('a new token that the API refuses too ends in an error, not at the issuer again', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.api = () => new Response('{}', { status: 403 });

  await expect(session.fetch('/graphql', {})).rejects.toMatchObject({ kind: 'unwelcome' });

  expect(state.failures.map((failure) => failure.message)).toEqual([
    expect.stringContaining('ada@example.com'),
  ]);
  expect(state.shown).toHaveLength(2);
  expect(state.left).toEqual([]);
});

test('a token that was taken and is refused, with no refresh allowed, leads to the log-in and back here', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  await session.fetch('/graphql', {});
  state.api = () => new Response('{}', { status: 401 });
  state.gives = () => ({ status: 400 });
  state.address = new URL('/jobs', ORIGIN);

  void session.fetch('/graphql', {});
  await until(() => state.left.length > 0);

  expect(state.left).toEqual([expect.stringContaining(`${ISSUER}/authorize?`)]);
  expect(JSON.parse(state.storage.get('headrace.log-in') ?? '{}')).toMatchObject({ wanted: '/jobs' });
});

test('logging out forgets the session before it leaves for where the issuer ends its own', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();

  void session.logOut();
  await until(() => state.left.length > 0);

  expect([...state.storage]).toEqual([]);
  expect(state.left).toEqual([
    `${ISSUER}/logout?client_id=dashboard&logout_uri=${encodeURIComponent(`${ORIGIN}/`)}`,
  ]);
});

test('a session that is over sends nothing, begins no other and keeps no token that was under way', async () => {
  const { state, open } = world('/runs', { [REFRESH]: 'r0' });
  const session = await open();
  state.now = 3_541_000;

  void session.fetch('/graphql', {});
  session.forget();
  void session.fetch('/graphql', {});
  // The token under way is kept and then dropped.
  await until(() => state.kept.includes('r2') && !state.storage.has(REFRESH));
  await new Promise((resolve) => setImmediate(resolve));

  expect(state.grants).toHaveLength(2);
  expect([...state.storage]).toEqual([]);
  expect(state.left).toEqual([]);
  expect(state.shown).toEqual([]);
});
