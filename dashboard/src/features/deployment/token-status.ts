import type { Status } from '../../components/status';
import type { ApiToken } from './rest-api';

const WEEK_MS = 7 * 86_400_000;

/** How long a token still holds. */
export function tokenStatus({ expiresAt }: Pick<ApiToken, 'expiresAt'>, now: number): Status {
  if (expiresAt <= now) return { kind: 'none', word: 'Expired' };
  return expiresAt - now < WEEK_MS
    ? { kind: 'warn', word: 'Expires soon' }
    : { kind: 'success', word: 'Valid' };
}
