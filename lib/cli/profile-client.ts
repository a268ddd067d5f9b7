import { systemClock } from '../adapters/system/system-clock';
import type { HeadraceClient } from '../client';
import { createCliClient } from './cli-client';
import { type Profile, profileToken, required } from './profiles';

/** Routes of the API that take signed requests; see `lib/infra/http-api.ts`. */
const SIGNED_PREFIX = '/iam';

/**
 * A client of a profile's deployment: with its token, or signed as whoever is signed in to AWS.
 *
 * @throws {CliError} the profile lacks something
 */
export async function profileClient(profile: Profile): Promise<HeadraceClient> {
  if (profile.auth === 'token') return createCliClient({ url: profile.url, token: profileToken(profile) });
  const region = required(profile, 'region');
  const { createSignedFetch } = await import('../adapters/aws/signed-fetch');
  return createCliClient({
    url: profile.url.replace(/\/+$/, '') + SIGNED_PREFIX,
    fetch: createSignedFetch({ region, now: systemClock.now }),
  });
}
