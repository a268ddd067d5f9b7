import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { API_TOKEN_NAMESPACE, createApiToken, type NewApiToken } from '../../../lib/api/authorizer/api-token';
import { authorizeCaller } from '../../../lib/api/authorizer/authorize-caller';
import { createJwtAuthority } from '../../../lib/api/authorizer/verify-jwt';
import { PortError } from '../../../lib/ports/errors';

const COGNITO = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc';
const OIDC = 'https://login.example.com/';
const endpoints = { authorizationEndpoint: null, tokenEndpoint: null, logoutEndpoint: null };
const cognito = {
  issuer: COGNITO,
  clientId: 'client',
  audience: 'client',
  groupsClaim: 'cognito:groups',
  groupPrefix: 'headrace-',
  ...endpoints,
};
const oidc = { ...cognito, issuer: OIDC, audience: 'api', groupsClaim: 'groups' };

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = own.publicKey.export({ format: 'jwk' });
const jwks = { keys: [{ ...jwk, kty: 'RSA', kid: 'k1', alg: 'RS256', use: 'sig' }] } as never;
const seconds = Math.floor(Date.now() / 1_000);
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: object, header: object = {}, key: KeyObject = own.privateKey): string {
  const head = `${base64({ alg: 'RS256', kid: 'k1', ...header })}.${base64(claims)}`;
  return `${head}.${createSign('RSA-SHA256').update(head).sign(key, 'base64url')}`;
}

const access = {
  iss: COGNITO,
  sub: 'sub-1',
  username: 'ann',
  client_id: 'client',
  token_use: 'access',
  exp: seconds + 600,
  'cognito:groups': ['headrace-editor', 'other'],
};
const oidcAccess = {
  iss: OIDC,
  sub: 's',
  email: 'ann@example.com',
  aud: 'api',
  exp: seconds + 600,
  groups: ['headrace-viewer'],
};

/** In-memory tokens. */
function tokens() {
  const stored = new Map<string, unknown>();
  return {
    stored,
    insertValue: async (_: string, key: string, value: unknown) => {
      stored.set(key, value);
      return true;
    },
    getValue: async (namespace: string, key: string) =>
      namespace === API_TOKEN_NAMESPACE ? stored.get(key) : undefined,
    replaceValue: async (_: string, key: string, expected: unknown, value: unknown) => {
      if (JSON.stringify(stored.get(key)) !== JSON.stringify(expected)) return false;
      stored.set(key, value);
      return true;
    },
  };
}

async function authorize(
  authorization: string | undefined,
  options: {
    settings?: typeof cognito;
    storage?: Pick<ReturnType<typeof tokens>, 'getValue'> &
      Partial<Pick<ReturnType<typeof tokens>, 'replaceValue'>>;
    now?: number;
    sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  } = {},
) {
  const refused: unknown[] = [];
  const answer = await authorizeCaller(
    { headers: authorization === undefined ? {} : { authorization } },
    {
      storage: { ...tokens(), ...options.storage },
      jwt: createJwtAuthority(options.settings ?? cognito, { jwks }),
      now: () => options.now ?? Date.now(),
      sleep: options.sleep ?? (() => new Promise<void>(() => {})),
      onRefused: (error) => refused.push(error),
    },
  );
  return { answer, refused };
}

const signedByHmac = (): string => {
  const head = `${base64({ alg: 'HS256', kid: 'k1' })}.${base64(access)}`;
  const secret = own.publicKey.export({ type: 'spki', format: 'pem' });
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
};

test("A person's access token lets them in with the highest role of their groups", async () => {
  const many = jwt({
    ...access,
    'cognito:groups': ['headrace-viewer', 'headrace-admin', 'headrace-launcher'],
  });

  expect((await authorize(`Bearer ${jwt(access)}`)).answer).toEqual({
    isAuthorized: true,
    context: { principal: 'ann', role: 'editor' },
  });
  expect((await authorize(`bearer ${many}`)).answer.context).toEqual({ principal: 'ann', role: 'admin' });
  expect((await authorize(`Bearer ${jwt(oidcAccess)}`, { settings: oidc })).answer).toEqual({
    isAuthorized: true,
    context: { principal: 'ann@example.com', role: 'viewer' },
  });
});

test.each([
  ['no header', undefined],
  ['an empty header', ''],
  ['another scheme', `Basic ${Buffer.from('a:b').toString('base64')}`],
  ['two tokens', `Bearer ${jwt(access)} ${jwt(access)}`],
  ['no token', 'Bearer '],
  ['nonsense', 'Bearer x.y.z'],
  ['no signature (alg none)', `Bearer ${base64({ alg: 'none', kid: 'k1' })}.${base64(access)}.`],
  ['a signature with the public key as secret', `Bearer ${signedByHmac()}`],
  ["somebody else's key", `Bearer ${jwt(access, {}, other.privateKey)}`],
  [
    'changed claims',
    `Bearer ${jwt(access).replace(/\.[^.]+\./, `.${base64({ ...access, username: 'eve' })}.`)}`,
  ],
  ['another issuer', `Bearer ${jwt({ ...access, iss: `${COGNITO}x` })}`],
  ['another client', `Bearer ${jwt({ ...access, client_id: 'other' })}`],
  ['no client', `Bearer ${jwt({ ...access, client_id: undefined })}`],
  ['an ID token', `Bearer ${jwt({ ...access, token_use: 'id', aud: 'client' })}`],
  ['no use', `Bearer ${jwt({ ...access, token_use: undefined })}`],
  ['an expired token', `Bearer ${jwt({ ...access, exp: seconds - 1 })}`],
  ['a token that never expires', `Bearer ${jwt({ ...access, exp: undefined })}`],
  ['a token of the future', `Bearer ${jwt({ ...access, nbf: seconds + 600 })}`],
  ['no group', `Bearer ${jwt({ ...access, 'cognito:groups': undefined })}`],
  [
    'groups that are none of ours',
    `Bearer ${jwt({ ...access, 'cognito:groups': ['admin', 'headrace-root'] })}`,
  ],
  ['groups as a text', `Bearer ${jwt({ ...access, 'cognito:groups': 'headrace-admin' })}`],
])('Refused: %s', async (_, authorization) => {
  expect((await authorize(authorization)).answer).toEqual({ isAuthorized: false });
});

test.each([
  ['another audience', { ...oidcAccess, aud: 'other' }],
  ['no audience', { ...oidcAccess, aud: undefined }],
  ['an ID token, by its nonce', { ...oidcAccess, nonce: 'n' }],
  ['an ID token, by its hash of the access token', { ...oidcAccess, at_hash: 'h' }],
  ['an ID token, by its type', { ...oidcAccess, typ: 'ID' }],
  ['an ID token, by its use', { ...oidcAccess, token_use: 'id' }],
])('Refused of an OIDC issuer: %s', async (_, claims) => {
  expect((await authorize(`Bearer ${jwt(claims)}`, { settings: oidc })).answer).toEqual({
    isAuthorized: false,
  });
});

const valid: NewApiToken = {
  name: 'ci',
  role: 'launcher',
  locations: null,
  createdAt: 0,
  createdBy: 'ann',
  expiresAt: 1_000,
};
let count = 0;
const ids = {
  secret() {
    count += 1;
    return count.toString(16).padEnd(64, '0');
  },
};

test('A token of our own lets its holder in until it expires or is deleted; only its hash is kept', async () => {
  const storage = tokens();
  const { id, token } = await createApiToken(storage, { ...valid, locations: ['shop'] }, ids);
  const shown = (now: number) => authorize(`Bearer ${token}`, { storage, now });

  expect((await shown(999)).answer).toEqual({
    isAuthorized: true,
    context: {
      principal: 'ci',
      role: 'launcher',
      grants: '{"everywhere":null,"locations":{"shop":"launcher"}}',
      locations: '["shop"]',
    },
  });
  expect(JSON.stringify([...storage.stored])).not.toContain(token.slice(-64));
  expect((await shown(1_000)).answer).toEqual({ isAuthorized: false });
  storage.stored.delete(id);
  expect((await shown(0)).answer).toEqual({ isAuthorized: false });
});

test.each([
  ['its secret', (token: string) => `${token.slice(0, -1)}f`],
  ['its id', (token: string) => token.replace(/_[0-9a-f]{16}_/, '_ffffffffffffffff_')],
  ['its length', (token: string) => `${token}0`],
  ['its case', (token: string) => token.toUpperCase()],
])('A token of our own with another of %s is refused', async (_, change) => {
  const storage = tokens();
  const { token } = await createApiToken(
    storage,
    { ...valid, expiresAt: Number.MAX_SAFE_INTEGER },
    { secret: () => 'a'.repeat(64) },
  );

  expect((await authorize(`Bearer ${token}`, { storage })).answer.isAuthorized).toBe(true);
  expect((await authorize(`Bearer ${change(token)}`, { storage })).answer).toEqual({ isAuthorized: false });
});

test.each([
  ['no expiry', { expiresAt: undefined }],
  ['locations that are no list', { locations: undefined }],
  ['no hash', { hash: undefined }],
])('A stored token with %s lets nobody in', async (_, damage) => {
  const storage = tokens();
  const { id, token } = await createApiToken(storage, { ...valid, expiresAt: Number.MAX_SAFE_INTEGER }, ids);
  storage.stored.set(id, { ...(storage.stored.get(id) as object), ...damage });

  expect((await authorize(`Bearer ${token}`, { storage })).answer).toEqual({ isAuthorized: false });
});

test('Whatever is sent, nobody is let in and nothing is thrown', async () => {
  const storage = tokens();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `Bearer headrace_${text}`),
        fc.string().map((text) => `Bearer ${base64({ alg: 'RS256' })}.${text}`),
      ),
      async (header) => {
        expect((await authorize(header, { storage })).answer).toEqual({ isAuthorized: false });
      },
    ),
    { numRuns: 60 },
  );
});

const UNDECIDED = { isAuthorized: true, context: { undecided: 'true' } };

test('While the database wakes up a token is neither taken nor refused: who calls has no name and no role', async () => {
  const asleep = {
    getValue: async () => {
      throw new PortError('transient', 'waking up');
    },
  };
  const broken = {
    getValue: async () => {
      throw new Error('broken');
    },
  };
  const bearer = `Bearer headrace_${'a'.repeat(16)}_${'b'.repeat(64)}`;

  expect((await authorize(bearer, { storage: asleep })).answer).toEqual(UNDECIDED);
  expect((await authorize(bearer, { storage: broken })).answer).toEqual({ isAuthorized: false });
});

test('An answer comes well within the 10 s of API Gateway, however long the database takes', async () => {
  const waits: number[] = [];
  const bearer = `Bearer headrace_${'a'.repeat(16)}_${'b'.repeat(64)}`;
  const hangs = { getValue: () => new Promise<undefined>(() => {}) };
  const sleep = async (ms: number) => void waits.push(ms);

  expect((await authorize(bearer, { storage: hangs, sleep })).answer).toEqual(UNDECIDED);
  expect(waits).toEqual([5_000]);
});

test('The time limit ends with the answer, so that it keeps no function busy', async () => {
  const storage = tokens();
  const signals: (AbortSignal | undefined)[] = [];
  const sleep = (_: number, signal?: AbortSignal) => {
    signals.push(signal);
    return new Promise<void>(() => {});
  };

  const { answer } = await authorize(`Bearer headrace_${'a'.repeat(16)}_${'b'.repeat(64)}`, {
    storage,
    sleep,
  });

  expect(answer).toEqual({ isAuthorized: false });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});

test('The last use of a token is kept to the hour, and brings no revoked one back', async () => {
  const storage = tokens();
  const { id, token } = await createApiToken(storage, { ...valid, expiresAt: Number.MAX_SAFE_INTEGER }, ids);
  const kept = () => (storage.stored.get(id) as { lastUsedAt?: number } | undefined)?.lastUsedAt;
  const use = (now: number) => authorize(`Bearer ${token}`, { storage, now });

  expect(kept()).toBeUndefined();
  await use(3_600_000);
  expect(kept()).toBe(3_600_000);
  await use(7_199_999);
  expect(kept()).toBe(3_600_000);
  await use(7_200_000);
  expect(kept()).toBe(7_200_000);

  const getValue = async (namespace: string, key: string) => {
    const value = await storage.getValue(namespace, key);
    storage.stored.delete(key);
    return value;
  };
  await authorize(`Bearer ${token}`, { storage: { ...storage, getValue }, now: 99_999_999 });
  expect(storage.stored.size).toBe(0);
  const failing = { ...storage, replaceValue: () => Promise.reject(new Error('asleep')) };
  await storage.insertValue('', id, { ...valid, hash: 'x' });
  expect((await authorize(`Bearer ${token}`, { storage: failing, now: 1 })).answer.isAuthorized).toBe(false);
});
