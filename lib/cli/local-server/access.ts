import { createHash, timingSafeEqual } from 'node:crypto';
import { isApiToken } from '../../api/authorizer/api-token';
import type { Identity } from '../../api/identity';
import { ProblemError, problemResponse } from '../../api/rest/problem';

/** Who holds the server's own token is the user who started it. */
const LOCAL_IDENTITY: Identity = { user: 'local', role: 'admin' };

/**
 * Lets in whoever shows the server's token as `Authorization: Bearer`, on the loopback address too: other users of the
 * machine reach that as well. No cookie, which a browser would send to every port of the machine. Tokens that were made
 * by `headrace token create` are taken as well, for what they are good for.
 *
 * @param options.identify who holds a token that was made; default: none was
 * @example createApi({ authorize: createAccess({ token: openServerToken(home) }), ... })
 */
export function createAccess(options: {
  readonly token: string;
  readonly identify?: (token: string) => Promise<Identity | undefined>;
}): (request: Request) => Promise<Identity | Response> {
  const { token, identify } = options;
  return async (request) => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (bearer === undefined) return refusal('This server asks for its token, and none was sent.');
    if (isSame(bearer, token)) return LOCAL_IDENTITY;
    const identity = isApiToken(bearer) ? await identify?.(bearer) : undefined;
    return identity ?? refusal("The token that was sent is not this server's.");
  };
}

const refusal = (detail: string): Response =>
  problemResponse(
    new ProblemError(401, {
      title: 'Not signed in',
      detail,
      remedy:
        'In a browser, open the link that it wrote when it started. Programs send "Authorization: Bearer", and the token that `npx headrace token show` writes.',
      headers: { 'www-authenticate': 'Bearer' },
    }),
  );

/** In a time that says nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
