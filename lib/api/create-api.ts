import { createYoga } from 'graphql-yoga';
import type { ApiContext } from './api-context';
import { type Api, type CreateApiOptions, createRestApi } from './create-rest-api';
import { badRequestStatus, limitQueries, maskUnexpectedErrors } from './graphql-plugins';
import { readText, requireType } from './rest/read-json-body';
import { schema } from './schema';

/**
 * GraphQL at `/graphql`, REST at `/api/*` and `/healthz`.
 *
 * @example const api = createApi({ instance, options, authorize: () => ({ user: 'me', role: 'admin' }), onError: log });
 */
export function createApi(options: CreateApiOptions): Api {
  const yoga = createYoga<{ enter: () => Promise<ApiContext> }, ApiContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: { title: 'Headrace GraphQL' },
    batching: false,
    multipart: false,
    logging: false,
    context: ({ enter }) => enter(),
    plugins: [limitQueries, badRequestStatus],
    maskedErrors: { maskError: maskUnexpectedErrors(options.onError) },
  });
  return createRestApi(options, async (request, enter) => yoga.fetch(await bounded(request), { enter }));
}

/** JSON, or a query alone, which Dagster takes as well. */
const GRAPHQL_TYPES = /^application\/(?:json|graphql|graphql\+json)\s*(?:;|$)/i;

/** The request with its body read, so that none beyond the limit is ever held. */
async function bounded(request: Request): Promise<Request> {
  if (request.method !== 'POST') return request;
  requireType(request, GRAPHQL_TYPES);
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: await readText(request) });
}
