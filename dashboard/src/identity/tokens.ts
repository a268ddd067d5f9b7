import type { AuthSettings } from './auth-settings';
import { LogInError } from './log-in-error';
import { fromBase64Url } from './pkce';

/** What a token endpoint gave. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** Epoch ms from which on another one is asked for; infinite when the issuer does not say how long it lasts. */
  readonly refreshAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Seconds before its end that a token is refreshed; less for one that lasts under five minutes. */
const MARGIN_SECONDS = 60;

/**
 * Reads the successful answer of a token endpoint (RFC 6749, section 5.1). Times count from when it was asked
 * for, by this clock only, so that a browser whose clock is wrong works as well.
 *
 * @throws {LogInError} `unusable`
 */
export function readTokens(answer: unknown, issuer: string, askedAt: number): Tokens {
  const body = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  const { access_token: accessToken, token_type: type, refresh_token: refresh, id_token: id } = body;
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw new LogInError('unusable', `${issuer} answered without an access token.`);
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw new LogInError('unusable', `${issuer} gave a token of type ${String(type)}, not Bearer.`);
  }
  const seconds = Number(body['expires_in'] ?? Number.POSITIVE_INFINITY);
  const lasts = seconds > 0 ? seconds : Number.POSITIVE_INFINITY;
  const margin = Number.isFinite(lasts) ? Math.min(MARGIN_SECONDS, lasts / 5) : 0;
  return {
    accessToken,
    refreshToken: typeof refresh === 'string' && refresh !== '' ? refresh : undefined,
    idToken: typeof id === 'string' && id !== '' ? id : undefined,
    refreshAt: askedAt + (lasts - margin) * 1_000,
    expiresAt: askedAt + lasts * 1_000,
  };
}

/** Claims of a JWT, unverified: whoever reads them must know where it came from. Undefined when it is none. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> | undefined {
  try {
    const claims: unknown = JSON.parse(fromBase64Url(jwt?.split('.')[1] ?? ''));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks that an ID token is of this log-in. It came from the token endpoint itself over TLS, which is why its
 * signature needs no check here (OpenID Connect Core 3.1.3.7, item 6); the API checks that of the access token.
 *
 * @throws {LogInError} `unusable` or `mismatch`
 */
export function checkIdToken(
  idToken: string | undefined,
  { issuer, clientId }: Pick<AuthSettings, 'issuer' | 'clientId'>,
  nonce: string,
): void {
  const claims = claimsOf(idToken);
  if (claims === undefined) throw new LogInError('unusable', `${issuer} answered without an ID token.`);
  const audience: readonly unknown[] = [claims['aud']].flat();
  if (claims['iss'] !== issuer) {
    throw new LogInError('mismatch', `The ID token is of ${String(claims['iss'])}, not of ${issuer}.`);
  }
  if (!audience.includes(clientId)) {
    throw new LogInError('mismatch', `The ID token is for ${audience.join(', ')}, not for ${clientId}.`);
  }
  if (claims['nonce'] !== nonce) {
    throw new LogInError('mismatch', 'The ID token is of another log-in than this one (its nonce differs).');
  }
}

/** What a person is called: their e-mail address, if the issuer tells it. */
export function personOf(idToken: string | undefined): string | undefined {
  const claims = claimsOf(idToken) ?? {};
  return ['email', 'preferred_username', 'cognito:username', 'sub']
    .map((claim) => claims[claim])
    .find((name): name is string => typeof name === 'string' && name !== '');
}
