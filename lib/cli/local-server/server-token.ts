import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = (home: string): string => join(home, 'server_token');

/**
 * The token of the server of this home: 256 random bits, made by its first start and kept in a file that only its user
 * can read. It stays the same, so that an open page and a script go on after a restart; deleting the file revokes it.
 */
export function openServerToken(home: string): string {
  const known = readServerToken(home);
  if (known !== undefined) return known;
  // Whole before it has its name: of two that start at once, one's token is both's.
  const draft = `${path(home)}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path(home));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path(home), 'utf8').trim();
}

/** The same, or undefined where no server was started yet. */
export function readServerToken(home: string): string | undefined {
  try {
    const token = readFileSync(path(home), 'utf8').trim();
    // A copied home may have lost what the file was made with.
    chmodSync(path(home), 0o600);
    if (token !== '') return token;
    rmSync(path(home));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return undefined;
}

/**
 * The address that opens the dashboard with its token. It stands in the fragment, which browsers send to nobody: it is
 * in no log and in no `Referer`.
 */
export function signInLink(url: string, token: string): string {
  return `${url}/#token=${encodeURIComponent(token)}`;
}
