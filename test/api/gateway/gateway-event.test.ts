import { type GatewayRequest, toGatewayResponse, toRequest } from '../../../lib/api/gateway/gateway-event';
import { gatewayIdentity } from '../../../lib/api/gateway/gateway-identity';

const event = (more: Partial<GatewayRequest> & { method?: string }): GatewayRequest => ({
  rawPath: '/api/runs',
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
  ...more,
  requestContext: {
    domainName: 'api.example.com',
    http: { method: more.method ?? 'GET' },
    ...more.requestContext,
  },
});

test('A request keeps method, address, query, headers, cookies and body', async () => {
  const request = toRequest(
    event({
      method: 'POST',
      rawQueryString: 'limit=2&tag=a%20b&tag=c',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '1.2.3.4,5.6.7.8' },
      cookies: ['a=1', 'b=2'],
      body: '{"job":"ü"}',
    }),
  );

  expect([request.method, request.url]).toEqual([
    'POST',
    'https://api.example.com/api/runs?limit=2&tag=a%20b&tag=c',
  ]);
  expect(request.headers.get('cookie')).toBe('a=1; b=2');
  expect(request.headers.get('x-forwarded-for')).toBe('1.2.3.4,5.6.7.8');
  expect(await request.json()).toEqual({ job: 'ü' });
});

test('A body in Base64 is decoded, byte by byte; GET has none', async () => {
  const bytes = Buffer.from([0, 255, 10, 128]);
  const body = bytes.toString('base64');
  const posted = toRequest(event({ method: 'POST', body, isBase64Encoded: true }));

  expect(Buffer.from(await posted.arrayBuffer())).toEqual(bytes);
  expect(toRequest(event({ method: 'GET', body: 'x' })).body).toBeNull();
});

test.each([
  ['/iam/api/runs', '/api/runs'],
  ['/iam/graphql', '/graphql'],
  ['/iam-admin/api/tokens', '/api/tokens'],
  ['/iam-admin', '/iam-admin'],
  ['/iam-adminx/api/tokens', '/iam-adminx/api/tokens'],
  ['/api/assets/iam/x', '/api/assets/iam/x'],
  ['/iamb', '/iamb'],
])('The path %s is %s to the API', (rawPath, path) => {
  expect(new URL(toRequest(event({ rawPath })).url).pathname).toBe(path);
});

test('An answer keeps status, headers and several cookies; what is no text goes in Base64', async () => {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'retry-after': '5' });
  headers.append('set-cookie', 'a=1; Path=/');
  headers.append('set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
  const text = await toGatewayResponse(new Response('{"ü":1}', { status: 503, headers }));
  const bytes = new Uint8Array([0, 255]);
  const image = await toGatewayResponse(new Response(bytes, { headers: { 'content-type': 'image/png' } }));

  expect(text).toEqual({
    statusCode: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
    cookies: ['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
  expect(image).toMatchObject({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true });
});

test('An answer that a function cannot give is refused with what to do', async () => {
  const fits = new Response('x'.repeat(5_900_000));
  // Quotes take two bytes each in the function's answer.
  const tooLarge = new Response('"'.repeat(3_200_000));

  expect((await toGatewayResponse(fits)).statusCode).toBe(200);
  await expect(toGatewayResponse(tooLarge)).rejects.toMatchObject({
    status: 413,
    details: { remedy: expect.stringContaining('smaller page') },
  });
});

const context = (rawPath: string, authorizer: object | undefined) =>
  event({ rawPath, requestContext: { authorizer } as GatewayRequest['requestContext'] });

test.each([
  [
    'our authorizer',
    '/graphql',
    { lambda: { principal: 'ann', role: 'editor' } },
    { user: 'ann', role: 'editor' },
  ],
  [
    'a limited token',
    '/api/runs',
    { lambda: { principal: 'ci', role: 'launcher', locations: '["a","b"]' } },
    {
      user: 'ci',
      role: 'launcher',
      grants: { everywhere: null, locations: { a: 'launcher', b: 'launcher' } },
    },
  ],
  [
    'roles by code location',
    '/api/runs',
    {
      lambda: {
        principal: 'ann',
        role: 'editor',
        grants: '{"everywhere":"viewer","locations":{"a":"editor"}}',
        locations: '["a"]',
      },
    },
    { user: 'ann', role: 'editor', grants: { everywhere: 'viewer', locations: { a: 'editor' } } },
  ],
  [
    'no code location at all',
    '/api/runs',
    { lambda: { principal: 'ci', role: 'admin', locations: '[]' } },
    undefined,
  ],
  [
    'locations that cannot be read',
    '/api/runs',
    { lambda: { principal: 'ci', role: 'admin', locations: 'all' } },
    undefined,
  ],
  [
    'locations that are no list',
    '/api/runs',
    { lambda: { principal: 'ci', role: 'admin', locations: '{}' } },
    undefined,
  ],
  ['a signature on a route that takes tokens', '/graphql', { iam: { userArn: 'arn:x' } }, undefined],
  [
    'a token on a route that takes signatures',
    '/iam/graphql',
    { lambda: { principal: 'a', role: 'admin' } },
    undefined,
  ],
])('Who calls, by %s', (_, path, authorizer, identity) => {
  expect(gatewayIdentity(context(path, authorizer))).toEqual(identity);
});

test.each([
  '',
  'null',
  '{}',
  '{"everywhere":"root","locations":{}}',
  '{"everywhere":"admin"}',
])('Nobody is let in by grants that cannot be read: %s', (grants) => {
  const lambda = { principal: 'ann', role: 'admin', grants };
  expect(gatewayIdentity(context('/api/runs', { lambda }))).toBeUndefined();
});
