import { openSession } from '../identity/session';
import { ApiError } from './api-error';
import { loadConfig } from './config';
import { reportAnswer, reportFailure } from './connection';
import type { GraphqlDocument } from './gql';

interface GraphqlAnswer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** The API answers within 25 s or says that the database is waking up; a little more covers the way. */
const timeoutMs = 30_000;

/** Sends one document. Throws `ApiError`; an abort by `signal` is rethrown as it is. */
export async function request<Result, Variables>(
  document: GraphqlDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const { apiUrl, auth } = await loadConfig();
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    const send = auth ? (await openSession(auth)).fetch : fetch;
    response = await send(apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document.text, variables, operationName: document.name }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    reportFailure(Date.now());
    const isLogIn = cause instanceof Error && cause.name === 'LogInError';
    throw new ApiError('unreachable', isLogIn ? cause.message : 'The API does not answer.', { cause });
  }
  const answer = await readAnswer<Result>(response);
  reportAnswer(Date.now());
  if (answer.data && !answer.errors?.length) return answer.data;
  const message = answer.errors?.map((error) => error.message).join('; ') ?? 'The API sent no data.';
  throw new ApiError('refused', `${document.name}: ${message}`);
}

async function readAnswer<Result>(response: Response): Promise<GraphqlAnswer<Result>> {
  if (response.status === 401 || response.status === 403) {
    reportAnswer(Date.now());
    throw new ApiError('unauthorized', 'You are not signed in, or your role does not allow this.');
  }
  if (response.status >= 500) {
    reportFailure(Date.now());
    const message =
      response.status === 503 ? 'The database is waking up.' : `The API failed (${response.status}).`;
    throw new ApiError('unavailable', message);
  }
  try {
    return (await response.json()) as GraphqlAnswer<Result>;
  } catch (cause) {
    reportFailure(Date.now());
    throw new ApiError('unavailable', `The API sent no JSON (status ${response.status}).`, { cause });
  }
}
