import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { PortError } from '../../ports/errors';
import type { Driver } from './driver';

/** A user of the database, as its secret describes it. */
export interface LoginUser {
  readonly username: string;
  readonly password: string;
  /** What it may do: one of the roles that the migrations make. */
  readonly role: 'headrace_app' | 'headrace_worker';
}

/** PostgreSQL's own default. */
const ITERATIONS = 4_096;

/**
 * Makes a user who may log in and has a role's rights, or gives one that is there its password anew. PostgreSQL is
 * sent what it stores anyway, so no password can be read in its log.
 *
 * @throws {PortError} permanent: the name is none that could be meant
 */
export async function ensureLoginUser(
  driver: Driver,
  { username, password, role }: LoginUser,
  salt: Buffer = randomBytes(16),
): Promise<void> {
  // Also keeps quotes out of the statement, where names cannot be parameters.
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(username) || !/^headrace_(app|worker)$/.test(role)) {
    throw new PortError('permanent', `'${username}' with role '${role}' is no user of Headrace's database.`);
  }
  // The Data API takes a colon for a parameter's, even within a text.
  const verifier = `replace('${scramVerifier(password, salt).replaceAll(':', '|')}', '|', chr(58))`;
  await driver.query(`do $user$
begin
  execute format('create role ${username} login password %L', ${verifier});
exception when duplicate_object or unique_violation then
  execute format('alter role ${username} login password %L', ${verifier});
end $user$`);
  await driver.query(`do $user$ begin grant ${role} to ${username}; end $user$`);
}

/**
 * What PostgreSQL stores of a password (`SCRAM-SHA-256`, RFC 5802 and 7677). Only for passwords in ASCII, which need
 * no normalization.
 *
 * @throws {PortError} permanent: the password has other characters
 */
export function scramVerifier(password: string, salt: Buffer): string {
  if (!/^[ -~]+$/.test(password)) {
    throw new PortError('permanent', 'A database password must consist of printable ASCII characters.');
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
