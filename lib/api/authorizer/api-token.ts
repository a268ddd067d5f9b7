import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyValueStorage } from '../../ports/key-value-storage';
import type { Role } from '../identity';

/** Namespace of the key-value storage in which tokens are kept, by their ids. */
export const API_TOKEN_NAMESPACE = 'api_token';

/** What is known of a token of ours; the token itself is known to its holder only. */
export interface StoredApiToken {
  /** SHA-256 of its secret, in hex. The secret has 256 random bits, so a slow hash would protect nothing. */
  readonly hash: string;
  /** Whom runs are said to be launched by. */
  readonly name: string;
  readonly role: Role;
  /** Code locations that it is limited to; null = all. */
  readonly locations: readonly string[] | null;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Epoch ms, to the hour; absent = never. */
  readonly lastUsedAt?: number;
}

/** What a token is to be good for. */
export type NewApiToken = Omit<StoredApiToken, 'hash' | 'lastUsedAt'>;

/** A use is kept when the one that is kept is older, milliseconds: not every request writes. */
const USE_INTERVAL = 3_600_000;

/** `headrace_<id>_<secret>`: scanners of repositories know it by its beginning, storage finds it by its id. */
const FORMAT = /^headrace_([0-9a-f]{16})_([0-9a-f]{64})$/;

/**
 * Makes a token; only its hash is kept, so it is shown once.
 *
 * @param ids two values of 256 random bits in hex: the first gives the id
 * @example const token = await createApiToken(storage, { name: 'ci', role: 'launcher', locations: null, ... }, systemIds);
 */
export async function createApiToken(
  storage: Pick<KeyValueStorage, 'insertValue'>,
  token: NewApiToken,
  ids: { secret(): string },
): Promise<{ readonly id: string; readonly token: string }> {
  const id = ids.secret().slice(0, 16);
  const secret = ids.secret();
  const stored: StoredApiToken = { ...token, hash: hashOf(secret).toString('hex') };
  await storage.insertValue(API_TOKEN_NAMESPACE, id, stored);
  return { id, token: `headrace_${id}_${secret}` };
}

/** Whether a bearer token looks like one of ours. */
export const isApiToken = (bearer: string): boolean => bearer.startsWith('headrace_');

/** What a token is good for; undefined when it is none of ours, was deleted or has expired. */
export async function checkApiToken(
  storage: Pick<KeyValueStorage, 'getValue'>,
  bearer: string,
  now: number,
): Promise<StoredApiToken | undefined> {
  const [, id, secret] = FORMAT.exec(bearer) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const stored = (await storage.getValue(API_TOKEN_NAMESPACE, id)) as StoredApiToken | undefined;
  if (stored === undefined) return undefined;
  const { locations } = stored;
  // Anything but a list or a plain null would be taken for no limit.
  if (locations !== null && !Array.isArray(locations)) return undefined;
  const isRight = isSame(Buffer.from(String(stored.hash), 'hex'), hashOf(secret));
  // Written so that a date that is no number is over, too.
  return isRight && now < stored.expiresAt ? stored : undefined;
}

/** Keeps that a token was used. A token that was revoked meanwhile stays so: only the same row is replaced. */
export async function recordUse(
  storage: Pick<KeyValueStorage, 'replaceValue'>,
  bearer: string,
  token: StoredApiToken,
  now: number,
): Promise<void> {
  const [, id] = FORMAT.exec(bearer) ?? [];
  if (id === undefined || now - (token.lastUsedAt ?? 0) < USE_INTERVAL) return;
  await storage.replaceValue(API_TOKEN_NAMESPACE, id, token, { ...token, lastUsedAt: now });
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
