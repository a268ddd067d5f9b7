import { ApiError } from './api-error';
import { loadConfig } from './config';
import { reportAnswer, reportFailure } from './connection';
import type { GraphqlDocument } from './gql';
import { failureOfServer, send } from './send';

interface GraphqlAnswer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Sends one document. Throws `ApiError`; an abort by `signal` is rethrown as it is. */
export async function request<Result, Variables>(
  document: GraphqlDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const { apiUrl } = await loadConfig();
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: document.text, variables, operationName: document.name }),
  };
  const response = await send(apiUrl, init, signal);
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
  if (response.status >= 500) throw failureOfServer(response);
  try {
    return (await response.json()) as GraphqlAnswer<Result>;
  } catch (cause) {
    reportFailure(Date.now());
    throw new ApiError('unavailable', `The API sent no JSON (status ${response.status}).`, { cause });
  }
}
