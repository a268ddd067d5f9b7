const KEY = 'headrace.server-token';

/** What the token of a laptop's server needs of the browser. */
export interface TokenBrowser {
  /** Of this origin, port included: `localStorage`. A cookie would go to every port of the machine. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  address(): URL;
  /** Shows an address in place of the present one, in the history too. */
  replaceAddress(path: string): void;
}

/**
 * Keeps the token of the link that `headrace dev` prints, and takes it out of the address: it is neither in the history
 * nor in what somebody copies.
 *
 * @returns whether the address had one
 */
export function keepServerToken({ storage, address, replaceAddress }: TokenBrowser): boolean {
  const { pathname, search, hash } = address();
  const token = new URLSearchParams(hash.slice(1)).get('token');
  if (token === null) return false;
  replaceAddress(pathname + search);
  storage.setItem(KEY, token);
  return true;
}

/** What requests to a laptop's server carry. */
export function serverTokenHeader({ storage }: Pick<TokenBrowser, 'storage'>): Record<string, string> {
  const token = storage.getItem(KEY);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** The page's own browser. */
export const tokenBrowser: TokenBrowser = {
  get storage() {
    return localStorage;
  },
  address: () => new URL(location.href),
  replaceAddress: (path) => history.replaceState(null, '', path),
};
