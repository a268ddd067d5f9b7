import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model';
import type { IdentitySettings } from '../../model/identity-settings';
import { publicUrl } from '../../model/outgoing-address';
import { grantsOfGroups, identityOf } from '../access';
import type { Identity } from '../identity';
import { fetchPublic } from './fetch-public';

/** Public keys by their issuer's address, as `jwks_uri` answers them. */
type Jwks = Parameters<ReturnType<typeof createVerifier>['cacheJwks']>[0];

/** Cognito's issuers have no standard audience in access tokens, and say what a token is for. */
const COGNITO = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/** Whoever calls waits for it. */
const FETCH_TIMEOUT_MS = 3_000;

/** Claims that only an ID token has: it says who somebody is, and lets nobody in. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

/** A token is not to be taken; the message is for the log. */
export class JwtRefusedError extends Error {
  override readonly name = 'JwtRefusedError';
}

/** Verifies access tokens of one issuer. */
export interface JwtAuthority {
  /**
   * @throws {JwtRefusedError | Error} the token is not to be taken
   */
  verify(token: string): Promise<Identity>;
}

/**
 * Takes access tokens of people's issuer: signature by its published keys (no symmetric or missing one), `iss`,
 * `aud` or `client_id`, `exp` and `nbf`, and that it is no ID token. Roles come from groups: see `grantsOfGroups`.
 *
 * @param options.jwks the issuer's keys, instead of fetching them
 */
export function createJwtAuthority(
  settings: IdentitySettings,
  options: {
    readonly jwks?: Jwks;
    /** Default: read from the issuer's own description. */
    findJwksUri?(issuer: string): Promise<string>;
  } = {},
): JwtAuthority {
  const { jwks, findJwksUri = discoverJwksUri } = options;
  const isCognito = COGNITO.test(settings.issuer);
  const standardUri = `${settings.issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
  let opening: Promise<ReturnType<typeof createVerifier>> | undefined;
  async function open() {
    const isKnown = isCognito || jwks !== undefined;
    const verifier = createVerifier(
      settings,
      isCognito,
      isKnown ? standardUri : await findJwksUri(settings.issuer),
    );
    if (jwks !== undefined) verifier.cacheJwks(jwks);
    return verifier;
  }
  return {
    async verify(token) {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return callerOf(await (await opening).verify(token), settings);
    },
  };
}

function createVerifier(settings: IdentitySettings, isCognito: boolean, jwksUri: string) {
  return JwtVerifier.create(
    {
      issuer: settings.issuer,
      audience: isCognito ? null : settings.audience,
      jwksUri,
      customJwtCheck: ({ header, payload }) => checkClaims(header, payload, settings, isCognito),
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
}

/** Of a new key the package asks once, and then waits: a token with a made-up key id costs the issuer little. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  const answer = await fetchPublic(uri, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${uri} answers ${answer.status}.`);
  return answer.arrayBuffer();
}

function checkClaims(
  header: JwtHeader,
  payload: JwtPayload,
  { clientId }: IdentitySettings,
  isCognito: boolean,
): void {
  if (typeof payload.exp !== 'number') throw new JwtRefusedError('it never expires');
  const use: unknown = payload['token_use'] ?? (isCognito ? 'nothing' : 'access');
  if (use !== 'access') throw new JwtRefusedError(`it is for ${String(use)}, not for access`);
  if (isCognito && payload['client_id'] !== clientId) {
    throw new JwtRefusedError(`it was made for client ${String(payload['client_id'])}`);
  }
  const isMarked = /^(application\/)?at\+jwt$/i.test(String(header['typ'] ?? ''));
  const isIdToken = payload['typ'] === 'ID' || ID_TOKEN_CLAIMS.some((claim) => payload[claim] !== undefined);
  if (!isCognito && !isMarked && isIdToken) throw new JwtRefusedError('it is an ID token');
}

function callerOf(payload: JwtPayload, { groupsClaim, groupPrefix }: IdentitySettings): Identity {
  const names = ['preferred_username', 'email', 'username', 'sub'].map((claim) => payload[claim]);
  const user = names.find((name): name is string => typeof name === 'string' && name !== '');
  if (user === undefined) throw new JwtRefusedError('it names nobody');
  const identity = identityOf(user, grantsOfGroups(payload[groupsClaim], groupPrefix));
  if (identity !== undefined) return identity;
  throw new JwtRefusedError(
    `${payload.sub} is in no group that gives a role, such as ${groupPrefix}viewer or ${groupPrefix}viewer:<code location>`,
  );
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html */
async function discoverJwksUri(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetchPublic(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  const { jwks_uri: uri } = (await answer.json()) as { jwks_uri?: unknown };
  if (!answer.ok || typeof uri !== 'string') {
    throw new Error(`${url} answers ${answer.status} without a jwks_uri.`);
  }
  return publicUrl(uri).href;
}
