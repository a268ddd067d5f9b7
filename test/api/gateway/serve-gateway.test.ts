import { API_TOKEN_NAMESPACE, createApiToken } from '../../../lib/api/authorizer/api-token';
import { createRestApi } from '../../../lib/api/create-rest-api';
import type { GatewayRequest } from '../../../lib/api/gateway/gateway-event';
import { serveGateway } from '../../../lib/api/gateway/serve-gateway';
import { PortError } from '../../../lib/ports/errors';
import { defaultInstanceSettings } from '../../../lib/settings/instance-settings';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

let harness: ApiHarness;
let token: string;
let serve: (event: GatewayRequest) => Promise<{ readonly statusCode: number; readonly body: string }>;
/** What the database does when it is asked for a token. */
let ask: () => Promise<void>;

beforeAll(async () => {
  harness = await createApiHarness();
  const { instance } = harness;
  const options = { version: '1.2.3', engine: defaultInstanceSettings() };
  ({ token } = await createApiToken(
    instance.storage,
    {
      name: 'ci',
      role: 'viewer',
      locations: null,
      createdAt: 0,
      createdBy: 'ann',
      expiresAt: Number.MAX_SAFE_INTEGER,
    },
    instance.ids,
  ));
  const storage = {
    getValue: async (namespace: string, key: string) => {
      if (namespace === API_TOKEN_NAMESPACE) await ask();
      return instance.storage.getValue(namespace, key);
    },
    replaceValue: instance.storage.replaceValue,
  };
  serve = serveGateway((authorize) => createRestApi({ instance, options, authorize, onError: () => {} }), {
    storage,
    clock: instance.clock,
  });
});
afterAll(() => harness.close());
beforeEach(() => {
  ask = async () => {};
});

const undecided = (
  authorization: string | undefined,
  method = 'GET',
  rawPath = '/api/runs',
): GatewayRequest => ({
  rawPath,
  rawQueryString: '',
  headers: { authorization, 'content-type': 'application/json' },
  isBase64Encoded: false,
  requestContext: {
    domainName: 'api.example.com',
    http: { method },
    authorizer: { lambda: { undecided: 'true' } },
  },
});

test('A call that the authorizer could not decide is answered with 503 and when to come back, while the database wakes', async () => {
  ask = async () => {
    throw new PortError('transient', 'The database is waking up.');
  };

  const answer = await serve(undecided(`Bearer ${token}`));

  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(answer.body)).toMatchObject({ title: 'Temporarily unavailable' });
});

test('Once the database is awake the token counts, with its own role, whatever API Gateway still remembers', async () => {
  expect(await serve(undecided(`Bearer ${token}`))).toMatchObject({ statusCode: 200 });
  // A viewer's.
  expect(await serve(undecided(`Bearer ${token}`, 'POST', '/api/instance/pause'))).toMatchObject({
    statusCode: 403,
  });
});

test.each([
  ['no token', undefined],
  ['a wrong one', `Bearer headrace_${'a'.repeat(16)}_${'b'.repeat(64)}`],
  ["a person's, which needs no database", 'Bearer eyJhbGciOiJub25lIn0.e30.'],
  ['another scheme', 'Basic YTpi'],
])('Who shows %s is refused', async (_, authorization) => {
  expect(await serve(undecided(authorization))).toMatchObject({ statusCode: 401 });
});

test('A call to which nothing at all was said is refused without asking the database', async () => {
  let asked = 0;
  ask = async () => {
    asked += 1;
  };
  const event = undecided(`Bearer ${token}`);

  const answer = await serve({
    ...event,
    requestContext: { ...event.requestContext, authorizer: { lambda: {} } },
  });

  expect([answer.statusCode, asked]).toEqual([401, 0]);
});
