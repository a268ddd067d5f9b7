import { fetchWithServerToken, openSession } from '../identity/session';
import { ApiError } from './api-error';
import { loadConfig } from './config';
import { reportFailure } from './connection';

/** The API answers within 25 s or says that the database is waking up; a little more covers the way. */
const timeoutMs = 30_000;

/**
 * One request to the API in the reader's name. Throws `ApiError` when nothing answers; an abort by `signal` is
 * rethrown as it is.
 */
export async function send(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const { auth } = await loadConfig();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const fetchAs = auth ? (await openSession(auth)).fetch : fetchWithServerToken;
    return await fetchAs(url, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    reportFailure(Date.now());
    const isLogIn = cause instanceof Error && cause.name === 'LogInError';
    throw new ApiError('unreachable', isLogIn ? cause.message : 'The API does not answer.', { cause });
  }
}

/** What a server's own failure (5xx) says; also counts it for the live mark. */
export function failureOfServer(response: Response): ApiError {
  reportFailure(Date.now());
  const message =
    response.status === 503 ? 'The database is waking up.' : `The API failed (${response.status}).`;
  return new ApiError('unavailable', message);
}
