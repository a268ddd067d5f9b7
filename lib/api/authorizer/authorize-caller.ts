import { isTransient } from '../../ports/errors';
import type { KeyValueStorage } from '../../ports/key-value-storage';
import type { AuthorizerContext, CallerContext } from '../gateway/gateway-identity';
import type { Identity } from '../identity';
import { isApiToken } from './api-token';
import { bearerOf, identifyApiToken } from './identify-api-token';
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
  readonly storage: Pick<KeyValueStorage, 'getValue' | 'replaceValue'>;
  readonly jwt: JwtAuthority;
  /** Epoch ms. */
  now(): number;
  /** Waits for so many milliseconds, or until the signal says that nobody waits any more. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Why a caller was refused; never holds the token. */
  onRefused(error: unknown): void;
}

const DENIED: AuthorizerAnswer = { isAuthorized: false };
/** Let through to be told to come back: whoever is behind the gateway serves nobody without a name. */
const UNDECIDED: AuthorizerAnswer = { isAuthorized: true, context: { undecided: 'true' } };

/**
 * Milliseconds. API Gateway waits 10 s for its authorizer, which may have to start first, and then answers 500. A
 * database that slept takes about 15 s.
 */
const DECIDE_WITHIN = 5_000;

/**
 * Who calls, by the bearer token: one of ours or a person's. Whatever is not known to be right is refused.
 *
 * While the database wakes up, nothing is known of a token of ours. A refusal would be wrong and kept for a minute, and
 * an authorizer can make API Gateway answer 401, 403 or 500 only. So the call goes on as undecided, without a name:
 * the function behind checks the token itself before it does anything, and else answers 503 with Retry-After.
 */
export async function authorizeCaller(
  request: AuthorizerRequest,
  options: AuthorizeOptions,
): Promise<AuthorizerAnswer> {
  try {
    const bearer = bearerOf(request.headers?.['authorization']);
    if (bearer === undefined) return DENIED;
    const identity = isApiToken(bearer) ? await inTime(bearer, options) : await options.jwt.verify(bearer);
    if (identity === 'undecided') return UNDECIDED;
    return identity === undefined ? DENIED : { isAuthorized: true, context: contextOf(identity) };
  } catch (error) {
    options.onRefused(error);
    return isTransient(error) ? UNDECIDED : DENIED;
  }
}

async function inTime(
  bearer: string,
  { storage, now, sleep }: AuthorizeOptions,
): Promise<Identity | undefined | 'undecided'> {
  const decided = new AbortController();
  const late = (): 'undecided' => 'undecided';
  try {
    return await Promise.race([
      identifyApiToken(storage, bearer, now()),
      sleep(DECIDE_WITHIN, decided.signal).then(late, late),
    ]);
  } finally {
    decided.abort();
  }
}

const contextOf = ({ user, role, grants }: Identity): CallerContext => ({
  principal: user,
  role,
  ...(grants === undefined
    ? {}
    : // The list says less, for a function of the version before: during a deployment they meet.
      { grants: JSON.stringify(grants), locations: JSON.stringify(Object.keys(grants.locations)) }),
});
