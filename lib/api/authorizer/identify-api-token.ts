import type { KeyValueStorage } from '../../ports/key-value-storage';
import { grantsIn, identityOf } from '../access';
import type { Identity } from '../identity';
import { checkApiToken, recordUse } from './api-token';

/** The token of an `Authorization` header; undefined when it holds none. */
export const bearerOf = (authorization: string | null | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];

/** Who holds a token of ours; undefined when it is none, or not good any more. */
export async function identifyApiToken(
  storage: Pick<KeyValueStorage, 'getValue' | 'replaceValue'>,
  bearer: string,
  now: number,
): Promise<Identity | undefined> {
  const token = await checkApiToken(storage, bearer, now);
  if (token === undefined) return undefined;
  // Only for people to read: whoever may call is let in all the same.
  await recordUse(storage, bearer, token, now).catch(() => undefined);
  const { name: user, role, locations } = token;
  return identityOf(
    user,
    locations === null ? { everywhere: role, locations: {} } : grantsIn(locations, role),
  );
}
