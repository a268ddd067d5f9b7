import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ForbiddenAddressError, isPublicAddress, publicUrl } from '../../model/outgoing-address';

/** What is fetched so are descriptions and keys of issuers, of some KB. */
const MOST_BYTES = 1_048_576;

/** What a call needs of the network; tests have their own. */
export interface PublicNetwork {
  /** All addresses of a name. */
  resolve(host: string): Promise<readonly LookupAddress[]>;
  readonly request: typeof request;
}

const INTERNET: PublicNetwork = { resolve: (host) => lookup(host, { all: true }), request };

/**
 * Gets a document from the public internet: no address of this machine, a private network or a cloud's metadata, also
 * not by a name that resolves to one, and no redirect. The addresses that were looked at are those that are called: a
 * name whose owner changes it in between leads nowhere else.
 *
 * @throws {ForbiddenAddressError} what is called is not public
 * @throws {Error} no answer, a redirect, or one of over 1 MB
 */
export function fetchPublic(
  address: string,
  { signal }: { readonly signal: AbortSignal },
  network: PublicNetwork = INTERNET,
): Promise<Response> {
  const url = publicUrl(address);
  return new Promise((resolve, reject) => {
    const options = {
      signal,
      agent: false,
      lookup: publicLookup(url, network),
      headers: { accept: 'application/json' },
    };
    const sent = network.request(url, options, (answer) => {
      const { statusCode: status = 0 } = answer;
      if (status >= 300 && status < 400) {
        sent.destroy(new Error(`${url.origin} answers with a redirect, which is not followed.`));
        return;
      }
      const pieces: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > MOST_BYTES)
          sent.destroy(new Error(`${url.origin} answers with over ${MOST_BYTES} bytes.`));
      });
      answer.on('error', reject);
      answer.once('end', () => resolve(new Response(bytes === 0 ? null : Buffer.concat(pieces), { status })));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Resolves a name for the connection itself, to nothing unless all its addresses are public. */
function publicLookup(url: URL, { resolve }: PublicNetwork): LookupFunction {
  return (host, { all }, answer) => {
    const refuse = (where: string): never => {
      throw new ForbiddenAddressError(`https://${url.host} is not called: it is at ${where}.`);
    };
    resolve(host)
      .then((found) => {
        const hidden = found.find((each) => !isPublicAddress(each.address));
        const [first = refuse('no address')] = found;
        if (hidden !== undefined) refuse(hidden.address);
        if (all === true) answer(null, [...found]);
        else answer(null, first.address, first.family);
      })
      .catch((error: NodeJS.ErrnoException) => answer(error, ''));
  };
}
