import { createYoga } from 'graphql-yoga';
import type { Instance } from '../ports/instance';
import type { ApiContext, ApiOptions } from './api-context';
import { viaOf } from './canceled-by';
import { badRequestStatus, limitQueries, maskUnexpectedErrors } from './graphql-plugins';
import type { Identity } from './identity';
import { createLoaders } from './loaders';
import { createRestHandler, isPublicRoute } from './rest/create-rest-handler';
import { ProblemError, problemResponse } from './rest/problem';
import { readText } from './rest/read-json-body';
import { toProblem } from './rest/to-problem';
import { schema } from './schema';
import { indexWorkspace } from './workspace-index';

/** The whole API over the Fetch API: the Lambda and the local server hand it requests. */
export interface Api {
  handle(request: Request): Promise<Response>;
}

export interface CreateApiOptions {
  readonly instance: Instance;
  readonly options: ApiOptions;
  /** Who calls, or the answer that refuses them; not asked for routes that anybody may use. */
  authorize(request: Request): Promise<Identity | Response> | Identity | Response;
  /** Failures that callers are not told the details of. */
  onError(error: unknown): void;
}

/** API Gateway gives up after 30 s; the caller is told before that. */
const ANSWER_WITHIN_MS = 25_000;

const ANYBODY: Identity = { user: 'anybody', role: 'viewer' };

/**
 * GraphQL at `/graphql`, REST at `/api/*` and `/healthz`.
 *
 * @example const api = createApi({ instance, options, authorize: () => ({ user: 'me', role: 'admin' }), onError: log });
 */
export function createApi({ instance, options, authorize, onError }: CreateApiOptions): Api {
  const rest = createRestHandler({ onError });
  const contextOf = async (identity: Identity, request: Request): Promise<ApiContext> => ({
    instance,
    identity,
    via: viaOf(request),
    options,
    loaders: createLoaders(instance.storage),
    workspace: indexWorkspace(await instance.codeLocations.list()),
    now: instance.clock.now(),
  });
  const yoga = createYoga<{ identity: Identity }, ApiContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: { title: 'Headrace GraphQL' },
    batching: false,
    multipart: false,
    logging: false,
    context: ({ identity, request }) => contextOf(identity, request),
    plugins: [limitQueries, badRequestStatus],
    maskedErrors: { maskError: maskUnexpectedErrors(onError) },
  });

  async function answer(request: Request): Promise<Response> {
    const identity = isPublicRoute(request) ? ANYBODY : await authorize(request);
    if (identity instanceof Response) return identity;
    if (new URL(request.url).pathname === '/graphql') return yoga.fetch(await bounded(request), { identity });
    const answered = await rest(request, () => contextOf(identity, request));
    return answered ?? new Response('Not found\n', { status: 404 });
  }

  return {
    async handle(request) {
      const answered = new AbortController();
      const late = () => problemResponse(tooLate());
      const deadline = instance.clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(late, late);
      try {
        return await Promise.race([answer(request), deadline]);
      } catch (error) {
        const problem = toProblem(error);
        if (problem.status === 500) onError(problem.cause ?? problem);
        return problemResponse(problem);
      } finally {
        answered.abort();
      }
    },
  };
}

/** The request with its body read, so that none beyond the limit is ever held. */
async function bounded(request: Request): Promise<Request> {
  if (request.method !== 'POST') return request;
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: await readText(request) });
}

function tooLate(): ProblemError {
  return new ProblemError(503, {
    title: 'Temporarily unavailable',
    detail: `The answer takes longer than ${ANSWER_WITHIN_MS / 1000} s; a database that slept may be waking up.`,
    remedy: 'Ask again. What was to be changed may have been changed: look before you repeat it.',
    headers: { 'retry-after': '5' },
  });
}
