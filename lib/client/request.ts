import { ClientError } from './client-error';
import type { Problem } from './problem';

/** Where requests go, and what each of them bears. */
export interface RequestOptions {
  /** Address of the API without a path, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request and reads what it answers. */
export type SendRequest = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<T>;

/** Requests to one address. What they throw is a `ClientError`. */
export function createRequest({
  url,
  token,
  fetch: send = fetch,
  headers: always = {},
}: RequestOptions): SendRequest {
  const base = url.replace(/\/+$/, '');
  return async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    let response: Response;
    try {
      response = await send(base + path, {
        method,
        headers: {
          ...always,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new ClientError(0, `${base} cannot be reached: ${reasonOf(error)}`, undefined, { cause: error });
    }
    const answer = await readJson(response);
    if (response.ok && answer !== undefined) return answer as T;
    const problem = isProblem(answer) ? answer : undefined;
    throw new ClientError(
      response.ok ? 502 : response.status,
      problem?.detail ??
        graphqlErrors(answer) ??
        `${method} ${base}${path}: HTTP ${response.status}, ${whatCame(response)}`,
      problem,
    );
  };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isProblem(answer: unknown): answer is Problem {
  return typeof (answer as Partial<Problem> | null | undefined)?.detail === 'string';
}

/** A query that is refused as a whole answers with a status and GraphQL's own list of errors. */
function graphqlErrors(answer: unknown): string | undefined {
  const { errors } = (answer ?? {}) as { readonly errors?: readonly { readonly message: string }[] };
  return errors === undefined ? undefined : `GraphQL: ${errors.map(({ message }) => message).join('; ')}`;
}

function whatCame(response: Response): string {
  return `answered with ${response.headers.get('content-type') ?? 'nothing'} that is not the API's`;
}

/** A query string, with its question mark; a list repeats its name. */
export function search(
  query: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) parameters.append(name, String(item));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
