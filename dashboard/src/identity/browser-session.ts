import type { AuthSettings } from './auth-settings';
import { LogInError } from './log-in-error';
import { openOidcSession } from './oidc-session';
import type { Session } from './session';

/**
 * Opens the session of this tab.
 *
 * @throws {LogInError}
 */
export async function openBrowserSession(
  settings: AuthSettings,
  showPage: (path: string) => void,
  onFailed: (error: LogInError) => void,
): Promise<Session> {
  try {
    if (!isSecureContext) {
      throw new LogInError('browser', `${location.origin} is not secure: a log-in needs HTTPS.`);
    }
    return await openOidcSession(
      settings,
      {
        fetch: (...request) => fetch(...request),
        storage: sessionStorage,
        address: () => new URL(location.href),
        // Not `assign`: Back leads to what was before the log-in, never into it.
        leave: (url) => location.replace(url),
        showPage,
        now: Date.now,
        fillRandom: (bytes) => crypto.getRandomValues(bytes),
      },
      onFailed,
    );
  } catch (error) {
    throw error instanceof LogInError ? error : unknownFailure(error);
  }
}

function unknownFailure(cause: unknown): LogInError {
  if (
    cause instanceof DOMException &&
    (cause.name === 'SecurityError' || cause.name === 'QuotaExceededError')
  ) {
    return new LogInError('browser', 'This browser keeps nothing for this site.', { cause });
  }
  return new LogInError('unusable', cause instanceof Error ? cause.message : String(cause), { cause });
}
