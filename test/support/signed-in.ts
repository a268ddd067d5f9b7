/** A `headrace dev` as its first words describe it: where it is, and what it asks for. */
export interface SignInLink {
  readonly url: string;
  readonly token: string;
}

/** Tokens of the servers that this process has started, by address. */
const tokens = new Map<string, string>();

/** Reads the link that `headrace dev` prints; from now on `authorizationFor` knows its token. */
export function readSignInLink(link: string): SignInLink {
  const { origin, hash } = new URL(link);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  if (token === null) throw new Error(`It printed a link without a token: ${link}`);
  tokens.set(origin, token);
  return { url: origin, token };
}

/** What a browser keeps that has opened the link of this address's server: key and value of its storage. */
export function keptToken(url: string): readonly [key: string, token: string] | undefined {
  const token = tokens.get(new URL(url).origin);
  return token === undefined ? undefined : ['headrace.server-token', token];
}

/** The header that lets a request to this address in; none where it is no server of ours. */
export function authorizationFor(url: string): Record<string, string> {
  const token = tokens.get(new URL(url).origin);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
