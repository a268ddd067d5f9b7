import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROUTES } from '../../lib/api/rest/routes';
import { schema } from '../../lib/api/schema';
import { fuzz, installFuzzer } from '../support/api-fuzzer';
import { type ApiHarness, createApiHarness } from '../support/api-harness';

/** Requests in all; `npm run fuzz:api` sends more. */
const CASES = Number(process.env['HEADRACE_FUZZ_CASES'] ?? 500);
const SEED = Number(process.env['HEADRACE_FUZZ_SEED'] ?? 20_261_123);
const MINUTE = 60_000;
const LONGEST = (CASES <= 500 ? 4 : 120) * MINUTE;

let harness: ApiHarness;
let server: Server;
let url: string;
const statuses = new Map<number, number>();

beforeAll(async () => {
  await installFuzzer();
  harness = await createApiHarness();
  server = createServer(async (incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
    const body = Buffer.concat(chunks);
    const { method = 'GET' } = incoming;
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers.set(name, String(value));
    }
    const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
    const init = { method, headers, ...(hasBody ? { body } : {}) };
    const response = await harness.api.handle(new Request(`${url}${incoming.url ?? '/'}`, init));
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 5 * MINUTE);

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await harness.close();
});

const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}),
);

test.each([
  ['REST', '/api/openapi.json', ROUTES.length],
  ['GraphQL', '/graphql', fields.length],
])(
  'Whatever a request by the description of %s says, no answer is a server error',
  async (_, path, operations) => {
    statuses.clear();
    const casesPerOperation = Math.ceil(CASES / 2 / operations);

    const { status, output } = await fuzz(url + path, { casesPerOperation, seed: SEED, timeout: LONGEST });

    const sent = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    expect(harness.errors.splice(0)).toEqual([]);
    expect([...statuses.keys()].filter((each) => each >= 500)).toEqual([]);
    // It takes a refusal for a failure where a type has no member for it; those that are none are in `errors`.
    const complaints = [...output.matchAll(/^- (ST\d+ .*)$/gm)].map(([, complaint]) => complaint);
    expect(complaints.filter((each) => each !== 'ST113 GraphQL server error')).toEqual([]);
    if (complaints.length === 0) expect([status, status === 0 ? '' : output]).toEqual([0, '']);
    expect(sent).toBeGreaterThan(CASES / 3);
    // Some were understood: not everything was refused before anything was looked at.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(operations / 4);
  },
  LONGEST,
);
