import { systemClock } from '../adapters/system/system-clock';
import type { HeadraceClient } from '../client';
import { SIGNED_ROUTES, type SignedRole } from '../model/signed-routes';
import { createCliClient } from './cli-client';
import { type Profile, profileToken, required } from './profiles';

/**
 * A client of a profile's deployment: with its token, or signed as whoever is signed in to AWS.
 *
 * @param role what is to be done needs; a token has the role that it was made with
 * @throws {CliError} the profile lacks something
 */
export async function profileClient(profile: Profile, role: SignedRole = 'editor'): Promise<HeadraceClient> {
  if (profile.auth === 'token') return createCliClient({ url: profile.url, token: profileToken(profile) });
  const region = required(profile, 'region');
  const { createSignedFetch } = await import('../adapters/aws/signed-fetch');
  return createCliClient({
    url: profile.url.replace(/\/+$/, '') + SIGNED_ROUTES[role],
    fetch: createSignedFetch({ region, now: systemClock.now }),
  });
}
