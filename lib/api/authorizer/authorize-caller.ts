import { isTransient } from '../../ports/errors';
import type { KeyValueStorage } from '../../ports/storage';
import type { AuthorizerContext } from '../gateway/gateway-identity';
import type { Identity } from '../identity';
import { checkApiToken, isApiToken } from './api-token';
import type { JwtAuthority } from './verify-jwt';

/** What API Gateway asks the authorizer: payload format 2.0. */
export interface AuthorizerRequest {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Its simple answer. */
export interface AuthorizerAnswer {
  readonly isAuthorized: boolean;
  readonly context?: AuthorizerContext;
}

export interface AuthorizeOptions {
  readonly storage: Pick<KeyValueStorage, 'getValue'>;
  readonly jwt: JwtAuthority;
  /** Epoch ms. */
  now(): number;
  /** Why a caller was refused; never holds the token. */
  onRefused(error: unknown): void;
}

const DENIED: AuthorizerAnswer = { isAuthorized: false };

/**
 * Who calls, by the bearer token: one of ours or a person's. Whatever is not known to be right is refused.
 *
 * @throws {PortError} transient only: the database is waking up. API Gateway lets nobody in then either, but it
 *   keeps a refusal for a minute, and a token that is right must not be refused when it is shown again.
 */
export async function authorizeCaller(
  request: AuthorizerRequest,
  options: AuthorizeOptions,
): Promise<AuthorizerAnswer> {
  try {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers?.['authorization'] ?? '')?.[1];
    if (bearer === undefined) return DENIED;
    const identity = isApiToken(bearer) ? await ownToken(bearer, options) : await options.jwt.verify(bearer);
    return identity === undefined ? DENIED : { isAuthorized: true, context: contextOf(identity) };
  } catch (error) {
    options.onRefused(error);
    if (isTransient(error)) throw error;
    return DENIED;
  }
}

async function ownToken(bearer: string, { storage, now }: AuthorizeOptions): Promise<Identity | undefined> {
  const token = await checkApiToken(storage, bearer, now());
  if (token === undefined) return undefined;
  const { name: user, role, locations } = token;
  return { user, role, ...(locations === null ? {} : { locations }) };
}

const contextOf = ({ user, role, locations }: Identity): AuthorizerContext => ({
  principal: user,
  role,
  ...(locations === undefined ? {} : { locations: JSON.stringify(locations) }),
});
