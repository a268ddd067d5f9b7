import type { KeyValueStorage } from '../../ports/key-value-storage';
import { bearerOf, identifyApiToken } from '../authorizer/identify-api-token';
import type { Api, CreateApiOptions } from '../create-rest-api';
import type { Identity } from '../identity';
import { ProblemError, problemResponse } from '../rest/problem';
import { type GatewayRequest, type GatewayResponse, toGatewayResponse, toRequest } from './gateway-event';
import { gatewayIdentity, isUndecided } from './gateway-identity';

/**
 * An API behind API Gateway, which has found out who calls; what it could not find out in time is found out here.
 *
 * @param create makes the API, with an `authorize` that knows what API Gateway said
 * @example const serve = serveGateway((authorize) => createApi({ instance, options, authorize, onError }), instance);
 */
export function serveGateway(
  create: (authorize: CreateApiOptions['authorize']) => Api,
  {
    storage,
    clock,
  }: {
    readonly storage: Pick<KeyValueStorage, 'getValue' | 'replaceValue'>;
    readonly clock: { now(): number };
  },
): (event: GatewayRequest) => Promise<GatewayResponse> {
  const identities = new WeakMap<Request, Identity>();
  const undecided = new WeakSet<Request>();
  /** Where the database is still not awake this throws, and so becomes a 503 with Retry-After. */
  const decide = async (request: Request): Promise<Identity | undefined> => {
    const bearer = bearerOf(request.headers.get('authorization'));
    return bearer === undefined ? undefined : identifyApiToken(storage, bearer, clock.now());
  };
  const api = create(async (request) => {
    const identity = undecided.has(request) ? await decide(request) : identities.get(request);
    return identity ?? problemResponse(notAuthorized());
  });
  return async (event) => {
    const request = toRequest(event);
    const identity = gatewayIdentity(event);
    if (identity !== undefined) identities.set(request, identity);
    else if (isUndecided(event)) undecided.add(request);
    const response = await api.handle(request);
    try {
      return await toGatewayResponse(response);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return toGatewayResponse(problemResponse(error));
    }
  };
}

function notAuthorized(): ProblemError {
  return new ProblemError(401, {
    title: 'Not signed in',
    detail: 'API Gateway does not say who calls.',
    remedy: 'Send a token as "Authorization: Bearer ...", or sign the request and call it below /iam.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}
