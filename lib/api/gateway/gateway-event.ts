import { SIGNED_ROUTES, type SignedRole } from '../../model/signed-routes';
import { ProblemError } from '../rest/problem';

/** A request as API Gateway hands it to a function: HTTP API, payload format 2.0. */
export interface GatewayRequest {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Lower case; values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly domainName: string;
    readonly http: { readonly method: string };
    readonly authorizer?: {
      /** What our authorizer said of the caller. */
      readonly lambda?: Readonly<Record<string, unknown>> | null;
      /** Who signed the request. */
      readonly iam?: { readonly userArn?: string } | null;
    };
  };
}

export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Bytes that a function may answer with, whole: Lambda's limit is 6 MB, of which envelope and headers need some.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LARGEST_ANSWER = 6 * 1024 * 1024 - 64 * 1024;

/** The role that a request has by a route that takes SigV4 only; undefined: it came by another. */
export function signedRole({ rawPath }: Pick<GatewayRequest, 'rawPath'>): SignedRole | undefined {
  const roles = Object.keys(SIGNED_ROUTES) as SignedRole[];
  return roles.find((role) => rawPath.startsWith(`${SIGNED_ROUTES[role]}/`));
}

/** The request as servers elsewhere get it; what marks signed ones is no part of the path any more. */
export function toRequest(event: GatewayRequest): Request {
  const { requestContext, rawPath, rawQueryString, cookies, body, isBase64Encoded } = event;
  const role = signedRole(event);
  const path = role === undefined ? rawPath : rawPath.slice(SIGNED_ROUTES[role].length);
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) {
    if (value !== undefined) headers.set(name, value);
  }
  if (cookies !== undefined && cookies.length > 0) headers.set('cookie', cookies.join('; '));
  const { method } = requestContext.http;
  const mayHaveBody = method !== 'GET' && method !== 'HEAD' && body !== undefined;
  return new Request(`https://${requestContext.domainName}${path}${query}`, {
    method,
    headers,
    ...(mayHaveBody ? { body: isBase64Encoded ? Buffer.from(body, 'base64') : body } : {}),
  });
}

const TEXT = /^(text\/|application\/([a-z.+-]*json|javascript|xml)\b)/;

/**
 * The answer as API Gateway takes it: text as it is, anything else in Base64.
 *
 * @throws {ProblemError} the answer is larger than a function may give
 */
export async function toGatewayResponse(response: Response): Promise<GatewayResponse> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  const isText = TEXT.test(headers['content-type'] ?? 'text/plain');
  const body = bytes.toString(isText ? 'utf8' : 'base64');
  // Within the function's answer, which is JSON, quotes and line ends take two bytes.
  const size = Buffer.byteLength(JSON.stringify(body));
  if (size > LARGEST_ANSWER) {
    throw new ProblemError(413, {
      title: 'Answer too large',
      detail: `The answer has ${size} bytes; on AWS one has at most ${LARGEST_ANSWER}.`,
      remedy: 'Ask for less at once: a smaller page, fewer fields.',
    });
  }
  return {
    statusCode: response.status,
    headers,
    cookies: response.headers.getSetCookie(),
    body,
    isBase64Encoded: !isText,
  };
}
