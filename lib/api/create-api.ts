import { createYoga, maskError as maskUnexpected, type Plugin } from 'graphql-yoga';
import type { Instance } from '../ports/instance';
import type { ApiContext, ApiOptions } from './api-context';
import { ClientFacingError } from './client-facing-error';
import type { Identity } from './identity';
import { createLoaders } from './loaders';
import { queryLimits } from './query-limits';
import { createRestHandler } from './rest/create-rest-handler';
import { schema } from './schema';
import { indexWorkspace } from './workspace-index';

const limitQueries: Plugin = { onValidate: ({ addValidationRule }) => addValidationRule(queryLimits) };

/** The whole API over the Fetch API: the Lambda and the local server hand it requests. */
export interface Api {
  handle(request: Request): Promise<Response>;
}

export interface CreateApiOptions {
  readonly instance: Instance;
  readonly options: ApiOptions;
  /** Who calls, or the answer that refuses them. */
  authorize(request: Request): Promise<Identity | Response> | Identity | Response;
  /** Failures that callers are not told the details of. */
  onError(error: unknown): void;
}

/**
 * GraphQL at `/graphql`, REST at `/api/*` and `/healthz`.
 *
 * @example const api = createApi({ instance, options, authorize: () => ({ user: 'me', role: 'admin' }), onError: log });
 */
export function createApi({ instance, options, authorize, onError }: CreateApiOptions): Api {
  const rest = createRestHandler({ onError });
  const contextOf = async (identity: Identity): Promise<ApiContext> => ({
    instance,
    identity,
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
    logging: false,
    context: ({ identity }) => contextOf(identity),
    plugins: [limitQueries],
    maskedErrors: {
      maskError: (error, message, isDev) => {
        const original = (error as { originalError?: unknown }).originalError;
        if (original === undefined || original instanceof ClientFacingError) return error as Error;
        onError(original);
        return maskUnexpected(error, message, isDev);
      },
    },
  });
  return {
    async handle(request) {
      const identity = await authorize(request);
      if (identity instanceof Response) return identity;
      if (new URL(request.url).pathname === '/graphql') return yoga.fetch(request, { identity });
      const answer = await rest(request, await contextOf(identity));
      return answer ?? new Response('Not found\n', { status: 404 });
    },
  };
}
