import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRestHandler } from '../../../lib/api/rest/create-rest-handler';
import type { Problem } from '../../../lib/api/rest/problem';
import { ROUTES } from '../../../lib/api/rest/routes';
import { PortError } from '../../../lib/ports/errors';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

describe('the REST API over HTTP', () => {
  let harness: ApiHarness;
  let failure: Error | undefined;
  beforeAll(async () => {
    harness = await createApiHarness({
      storage: {
        runTagKeys: async () => [],
        countRuns: async () => 0,
        stepStats: async () => [],
        getRun: async () => {
          throw failure ?? new Error('no failure is set');
        },
      },
    });
  });
  afterAll(() => harness.close());
  const post = (text: string, headers: Record<string, string> = {}) =>
    harness.rest<Problem>('POST', '/api/runs', { text, headers });

  test('a body that is not JSON is refused with the place of the mistake', async () => {
    const { status, headers, body } = await post('{\n  "job": "nightly",\n}');
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body.detail).toBe('The body is not JSON at line 3, column 1: "}" is not expected.');
  });

  test('a body that ends too early says so', async () => {
    expect((await post('{"job": ')).body.detail).toBe(
      'The body is not JSON at line 1, column 9: it ends too early.',
    );
  });

  test('bodies that are no object, too deep, missing or not UTF-8 are refused', async () => {
    expect((await post('[]')).status).toBe(422);
    expect((await post('')).body.detail).toBe('The request needs a body.');
    expect((await post(`{"job": ${'['.repeat(100)}${']'.repeat(100)}}`)).body.title).toBe(
      'Nested too deeply',
    );
    const response = await harness.api.handle(
      new Request('http://api.test/api/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array([0x7b, 0xff, 0x7d]),
      }),
    );
    expect([response.status, ((await response.json()) as Problem).detail]).toEqual([
      400,
      'The body is not UTF-8.',
    ]);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    '',
  ])('the content type "%s" is refused', async (type) => {
    const response = await harness.api.handle(
      new Request('http://api.test/api/runs', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"job": "nightly"}',
      }),
    );
    expect(response.status).toBe(415);
  });

  test('a body over 1 MB is refused, also when its length is not said', async () => {
    const large = `{"job": "${'x'.repeat(1_048_576)}"}`;
    expect((await post(large)).status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const response = await harness.api.handle(
      new Request('http://api.test/api/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: endless,
        duplex: 'half',
      } as RequestInit),
    );
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(30);
  });

  test('a body as deep and as large as allowed is read, one more is refused', async () => {
    // The body itself is one of the objects and arrays inside one another.
    const deep = (levels: number) => `{"job": ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const large = (bytes: number) => '{"job": 1}'.padEnd(bytes);
    const answers = await Promise.all(
      [deep(64), deep(65), large(1_048_576), large(1_048_577)].map((text) => post(text)),
    );

    // What is read is then found not to name a job.
    expect(answers.map(({ status, body }) => [status, body.title])).toEqual([
      [422, 'Invalid body'],
      [400, 'Nested too deeply'],
      [422, 'Invalid body'],
      [413, 'Body too large'],
    ]);
  });

  /** Rows of a page at most, where it is not 1,000. */
  const MOST_ROWS: Readonly<Record<string, number>> = { '/api/sensors/{location}/{sensor}/events': 100 };
  const PAGES = ROUTES.filter(({ operation }) => operation.query?.shape['limit'] !== undefined).map(
    ({ path }) => [path, MOST_ROWS[path] ?? 1_000] as const,
  );

  test.each(PAGES)('a page of %s holds as many as %i rows, not one more', async (path, most) => {
    const at = path.replaceAll(/\{\w+\}/g, 'x');
    failure = new PortError('permanent', 'no such thing');
    const [allowed, more] = await Promise.all(
      [most, most + 1].map((limit) => harness.rest<Problem>('GET', `${at}?limit=${limit}`)),
    );
    // What it is a page of may not be there.
    expect(allowed?.status).not.toBe(400);
    expect([more?.status, more?.body.errors]).toEqual([
      400,
      [{ path: 'limit', message: expect.stringContaining(String(most)) }],
    ]);
  });

  test('an unknown route names routes like it', async () => {
    const { status, body } = await harness.rest<Problem>('GET', '/api/run');
    expect(status).toBe(404);
    expect(body.remedy).toContain('/api/runs');
    expect((await harness.rest('GET', '/api')).status).toBe(404);
  });

  test('a wrong method says which are allowed', async () => {
    const { status, headers } = await harness.rest('DELETE', '/api/runs');
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST, GET, HEAD');
  });

  test('what is not the REST API is left to others', async () => {
    const handle = createRestHandler();
    const enter = async (): Promise<never> => {
      throw new Error('nothing is to be made for it');
    };
    for (const path of ['/graphql', '/', '/apis', '/healthzz']) {
      expect(await handle(new Request(`http://api.test${path}`), enter)).toBeUndefined();
    }
  });

  test.each([
    ['a passing failure', new PortError('transient', 'the database wakes up'), 503, 'the database wakes up'],
    ['a conflict', new PortError('conflict', 'the run moved on'), 409, 'the run moved on'],
    ['a failure for good', new PortError('permanent', 'wrong password'), 500, 'by a mistake in the server'],
    ['a mistake of ours', new TypeError('secret of the inside'), 500, 'by a mistake in the server'],
  ])('%s of storage is answered as a problem', async (_what, error, status, words) => {
    failure = error;
    const answer = await harness.rest<Problem>('GET', '/api/runs/x');
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({
      status,
      detail: expect.stringContaining(words),
    });
    expect(answer.headers.has('retry-after')).toBe(status === 503);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  test('health asks nothing of storage', async () => {
    harness.calls.length = 0;
    const { status, body } = await harness.rest('GET', '/healthz');
    expect([status, body]).toEqual([200, { status: 'ok', version: '1.2.3' }]);
    expect(harness.calls).toEqual([]);
  });
});
