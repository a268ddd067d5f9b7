import { ApiError } from './api-error';
import { loadConfig } from './config';
import { reportAnswer } from './connection';
import { failureOfServer, send } from './send';

/** How the REST API says no (RFC 9457). */
interface Problem {
  readonly detail?: string;
  readonly remedy?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Calls a route of the REST API, for what GraphQL does not have: versions of code, tokens. Throws `ApiError`.
 *
 * @param path from `/api` on
 */
export async function restRequest<Result>(
  method: 'GET' | 'POST',
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal | undefined } = {},
): Promise<Result> {
  const { apiUrl } = await loadConfig();
  const init = {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const response = await send(`${apiUrl.replace(/\/graphql$/, '')}${path}`, init, signal);
  if (response.status >= 500) throw failureOfServer(response);
  reportAnswer(Date.now());
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as Result;
  throw toError(response.status, (answer ?? {}) as Problem);
}

function toError(status: number, { detail, remedy, errors }: Problem): ApiError {
  const wrong = (errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  const message = [detail ?? `The API answered ${status}.`, ...wrong, remedy].filter(Boolean).join(' ');
  const kind = status === 401 || status === 403 ? 'unauthorized' : status === 404 ? 'not-found' : 'refused';
  return new ApiError(kind, message);
}
