import type { Instance } from '../ports/instance';
import type { ApiContext, ApiOptions } from './api-context';
import { type AuditTrail, createAuditTrail } from './audit/audit-trail';
import { viaOf } from './canceled-by';
import type { Identity } from './identity';
import { createLoaders } from './loaders';
import { createRestHandler, isPublicRoute } from './rest/create-rest-handler';
import { ProblemError, problemResponse } from './rest/problem';
import { toProblem } from './rest/to-problem';
import { scopeInstance } from './scope-instance';
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

/** Answers `/graphql`; `enter` makes the request's context. */
export type GraphqlHandler = (request: Request, enter: () => Promise<ApiContext>) => Promise<Response>;

/** API Gateway gives up after 30 s; the caller is told before that. */
const ANSWER_WITHIN_MS = 25_000;

const ANYBODY: Identity = { user: 'anybody', role: 'viewer' };

/**
 * REST at `/api/*` and `/healthz`; with a handler for it, GraphQL at `/graphql` too.
 *
 * @example const api = createRestApi({ instance, options, authorize: () => ({ user: 'me', role: 'admin' }), onError: log });
 */
export function createRestApi(
  { instance, options, authorize, onError }: CreateApiOptions,
  graphql?: GraphqlHandler,
): Api {
  const rest = createRestHandler({ onError });

  async function contextOf(identity: Identity, request: Request, audit: AuditTrail): Promise<ApiContext> {
    const limited: ApiContext['limited'] = (needed) => scopeInstance(instance, identity, needed);
    // Whatever asks for no more may look.
    const seen = limited({ role: 'viewer', writes: false });
    return {
      instance: seen,
      limited,
      identity,
      via: viaOf(request),
      audit,
      options,
      loaders: createLoaders(seen.storage),
      workspace: indexWorkspace(await seen.codeLocations.list()),
      now: instance.clock.now(),
    };
  }

  async function answer(request: Request, requestId: string): Promise<Response> {
    const identity = isPublicRoute(request) ? ANYBODY : await authorize(request);
    if (identity instanceof Response) return identity;
    const audit = createAuditTrail({ instance, identity, via: viaOf(request), requestId, onError });
    const enter = () => contextOf(identity, request, audit);
    const isGraphql = graphql !== undefined && new URL(request.url).pathname === '/graphql';
    const answered = isGraphql ? await graphql(request, enter) : await rest(request, enter);
    return answered ?? new Response('Not found\n', { status: 404 });
  }

  return {
    async handle(request) {
      const answered = new AbortController();
      const late = () => problemResponse(tooLate());
      const deadline = instance.clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(late, late);
      const requestId = instance.ids.uuid();
      try {
        const response = await Promise.race([answer(request, requestId), deadline]);
        response.headers.set('x-request-id', requestId);
        return response;
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

function tooLate(): ProblemError {
  return new ProblemError(503, {
    title: 'Temporarily unavailable',
    detail: `The answer takes longer than ${ANSWER_WITHIN_MS / 1000} s; a database that slept may be waking up.`,
    remedy: 'Ask again. What was to be changed may have been changed: look before you repeat it.',
    headers: { 'retry-after': '5' },
  });
}
