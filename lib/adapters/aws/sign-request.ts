import { createHash, createHmac } from 'node:crypto';

/** Who signs. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body?: string | undefined;
  /** Further ones that are signed, by their names in lower case: AWS wants all that begin with `x-amz-`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The headers by which AWS knows who sent a request: Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Host, date and, with
 * temporary credentials, their token are signed, and the body; of further headers, which are among those returned, what
 * the request says.
 *
 * @param at epoch ms
 */
export function signRequest(
  { method, url, body = '', headers: further = {} }: SignedRequest,
  {
    credentials,
    region,
    service,
    at,
  }: {
    readonly credentials: SigningCredentials;
    readonly region: string;
    readonly service: string;
    readonly at: number;
  },
): Readonly<Record<string, string>> {
  const date = new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const { sessionToken } = credentials;
  const headers: Readonly<Record<string, string>> = {
    ...further,
    host: url.host,
    'x-amz-date': date,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const request = [
    method,
    url.pathname.split('/').map(encode).join('/'),
    canonicalQuery(url.searchParams),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((signing, part) => hmac(signing, part), `AWS4${credentials.secretAccessKey}`);
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, text).toString('hex')}`,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986, which leaves fewer characters alone than JavaScript does. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}
