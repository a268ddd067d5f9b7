import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isApiToken } from '../../api/authorizer/api-token';
import type { Identity } from '../../api/identity';
import { ProblemError, problemResponse } from '../../api/rest/problem';
import { isLoopback } from './http-server';

/** Who may use the server of a laptop. */
export interface Access {
  /** What has to be shown; null where nothing has: whoever reaches the loopback address is this machine's user. */
  readonly token: string | null;
  /** Answers a page opened with `?token=...`: keeps the token in a cookie and shows the page without it. */
  signIn(request: Request): Response | undefined;
  authorize(request: Request): Promise<Identity | Response> | Identity | Response;
}

const LOCAL_IDENTITY: Identity = { user: 'local', role: 'admin' };
const COOKIE = 'headrace_token';

/**
 * A server on the loopback address asks for nothing. One that others can reach asks for a token: `Authorization:
 * Bearer`, or in a browser the cookie that `signIn` sets, which no other site's page can make it send. Tokens that were
 * made by `headrace token create` are taken as well, for what they are good for.
 *
 * @param options.token default: a new random one
 * @param options.identify who holds a token that was made; default: none was
 */
export function createAccess(options: {
  readonly host: string;
  readonly token?: string | undefined;
  readonly identify?: (token: string) => Promise<Identity | undefined>;
}): Access {
  if (isLoopback(options.host)) {
    return { token: null, signIn: () => undefined, authorize: () => LOCAL_IDENTITY };
  }
  // An empty variable is one that is not set: it must not let in whoever shows nothing.
  const token = options.token || randomBytes(32).toString('hex');
  const isRight = (shown: string | null | undefined): boolean => shown != null && isSame(shown, token);
  return {
    token,
    signIn(request) {
      const url = new URL(request.url);
      if (request.method !== 'GET' || !isRight(url.searchParams.get('token'))) return undefined;
      url.searchParams.delete('token');
      return new Response(null, {
        status: 303,
        headers: {
          location: url.pathname + url.search,
          'set-cookie': `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`,
          'cache-control': 'no-store',
        },
      });
    },
    authorize(request) {
      const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      if (isRight(bearer) || isRight(cookieOf(request))) return LOCAL_IDENTITY;
      if (bearer === undefined || !isApiToken(bearer) || options.identify === undefined) return refusal();
      return options.identify(bearer).then((identity) => identity ?? refusal());
    },
  };
}

const refusal = (): Response =>
  problemResponse(
    new ProblemError(401, {
      title: 'Not signed in',
      detail: 'This server can be reached from other machines, so it asks for its token.',
      remedy:
        'Open the address that it wrote when it started, or send the token as "Authorization: Bearer ...". HEADRACE_TOKEN sets it.',
      headers: { 'www-authenticate': 'Bearer' },
    }),
  );

function cookieOf(request: Request): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === COOKIE)?.[1];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** In a time that says nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
