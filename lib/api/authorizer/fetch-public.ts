import { lookup } from 'node:dns/promises';
import { ForbiddenAddressError, isPublicAddress, publicUrl } from '../../model/outgoing-address';

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

const resolve: Lookup = (host) => lookup(host, { all: true });

/**
 * Fetches from the public internet: no address of this machine, a private network or a cloud's metadata, also not by a
 * name that resolves to one, and no redirect. Between looking a name up and calling it its owner can change it: the
 * names that are called come from the deployment's settings.
 *
 * @throws {ForbiddenAddressError}
 */
export async function fetchPublic(
  address: string,
  init: RequestInit,
  ports: { readonly lookup?: Lookup; readonly fetch?: typeof fetch } = {},
): Promise<Response> {
  const url = publicUrl(address);
  if (!url.hostname.startsWith('[')) {
    const found = await (ports.lookup ?? resolve)(url.hostname);
    const hidden = found.find((each) => !isPublicAddress(each.address));
    if (hidden !== undefined || found.length === 0) {
      throw new ForbiddenAddressError(
        `https://${url.host} is not called: it is at ${hidden?.address ?? 'no address'}.`,
      );
    }
  }
  return (ports.fetch ?? fetch)(url, { ...init, redirect: 'error' });
}
