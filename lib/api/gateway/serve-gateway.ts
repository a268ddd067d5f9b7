import type { Api, CreateApiOptions } from '../create-rest-api';
import type { Identity } from '../identity';
import { ProblemError, problemResponse } from '../rest/problem';
import { type GatewayRequest, type GatewayResponse, toGatewayResponse, toRequest } from './gateway-event';
import { gatewayIdentity } from './gateway-identity';

/**
 * An API behind API Gateway, which has found out who calls.
 *
 * @param create makes the API, with an `authorize` that knows what API Gateway said
 * @example const serve = serveGateway((authorize) => createApi({ instance, options, authorize, onError }));
 */
export function serveGateway(
  create: (authorize: CreateApiOptions['authorize']) => Api,
): (event: GatewayRequest) => Promise<GatewayResponse> {
  const identities = new WeakMap<Request, Identity>();
  const api = create((request) => identities.get(request) ?? problemResponse(notAuthorized()));
  return async (event) => {
    const request = toRequest(event);
    const identity = gatewayIdentity(event);
    if (identity !== undefined) identities.set(request, identity);
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
