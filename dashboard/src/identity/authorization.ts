import type { AuthSettings } from './auth-settings';
import { LogInError } from './log-in-error';

/** A log-in that was begun: what its answer must match. */
export interface PendingLogIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The page that the person wanted: path, query and fragment. */
  readonly wanted: string;
}

/** The one address that the issuer may return to; registered with the client. */
export const callbackUrl = (origin: string): string => `${origin}/`;

/** The authorization request of RFC 6749, section 4.1.1, with PKCE and OpenID Connect's nonce. */
export function authorizationUrl(
  endpoint: string,
  request: {
    readonly clientId: string;
    readonly origin: string;
    readonly state: string;
    readonly nonce: string;
    readonly challenge: string;
  },
): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: callbackUrl(request.origin),
    scope: 'openid email',
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  }))
    url.searchParams.set(name, value);
  return url.href;
}

/** Whether an address is the issuer's answer rather than a page that somebody wants. */
export function isAnswer(address: URL): boolean {
  const { pathname, searchParams } = address;
  return (
    pathname === '/' && searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'))
  );
}

/**
 * The code of the issuer's answer.
 *
 * @throws {LogInError} `mismatch`: nobody asked for this answer here; `refused`: the issuer said no
 */
export function readAnswer(address: URL, pending: PendingLogIn | undefined, issuer: string): string {
  const answer = address.searchParams;
  // Before anything else of the answer is believed or shown: anybody can make a link with a code or an error.
  if (pending === undefined || answer.get('state') !== pending.state) {
    throw new LogInError(
      'mismatch',
      pending === undefined
        ? 'The answer belongs to a log-in that was not begun in this tab, or was finished already.'
        : 'The answer belongs to another log-in than the last one begun in this tab (its state differs).',
    );
  }
  // RFC 9207: an issuer that names itself must be the one that was asked.
  const iss = answer.get('iss');
  if (iss !== null && iss !== issuer) {
    throw new LogInError('mismatch', `The answer is ${iss}'s, and ${issuer} was asked.`);
  }
  const error = answer.get('error');
  if (error !== null) {
    const description = answer.get('error_description');
    throw new LogInError('refused', `${issuer} says ${error}${description ? `: ${description}` : ''}.`);
  }
  const code = answer.get('code');
  if (!code) throw new LogInError('unusable', `${issuer} answered without a code.`);
  return code;
}

/** The wanted page, if it is one of this origin; else the first page. */
export function ownPage(wanted: string, origin: string): string {
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : undefined;
  return url?.origin === origin && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : '/';
}

/** Where a person's session at the issuer ends, and comes back to the dashboard. */
export function logoutUrl(
  { clientId, logoutEndpoint }: Pick<AuthSettings, 'clientId' | 'logoutEndpoint'>,
  discovered: string | undefined,
  origin: string,
  idToken: string | undefined,
): string | undefined {
  const endpoint = logoutEndpoint ?? discovered;
  if (endpoint === undefined) return undefined;
  const url = new URL(endpoint);
  url.searchParams.set('client_id', clientId);
  if (logoutEndpoint !== null) {
    // A configured one is Cognito's, which has its own name for the parameter.
    url.searchParams.set('logout_uri', callbackUrl(origin));
  } else {
    url.searchParams.set('post_logout_redirect_uri', callbackUrl(origin));
    if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken);
  }
  return url.href;
}
